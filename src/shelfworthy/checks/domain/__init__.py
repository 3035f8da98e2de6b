"""Questions about the names a product relies on, whoever owns them."""
