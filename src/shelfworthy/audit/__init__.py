"""An audit: look, judge, judge again. No failure may look like a pass."""
