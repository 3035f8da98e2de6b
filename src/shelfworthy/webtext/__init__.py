"""What a person sees of a page: its text, block by block, and its links. Pure."""
