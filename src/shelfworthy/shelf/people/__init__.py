"""People: log-in, roles, tokens, the log of what anyone did."""
