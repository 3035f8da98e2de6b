"""An audit in the format somebody needs: terminal, JSON, HTML, and what changed between two. All pure."""
