"""What pages share: the frame, the dashboard, charts."""
