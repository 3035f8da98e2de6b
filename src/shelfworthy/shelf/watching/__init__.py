"""The watch: what is due, workers that look again, and who is told."""
