"""The catalogue: what is imported, found and shown of what the shop sells."""
