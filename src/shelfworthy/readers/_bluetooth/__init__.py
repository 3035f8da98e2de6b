"""Recordings of Bluetooth: containers, framings, the host's and the air's view, and what they show."""
