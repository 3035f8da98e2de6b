"""Evidence in, and the one verdict of each listing that follows from it."""
