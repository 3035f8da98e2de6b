"""Tests of the guidelines: the laws as properties, the steps as examples and by brute force."""
