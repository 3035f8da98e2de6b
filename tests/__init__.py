"""Tests mirror `src/`; helpers they share are imported by their full name."""
