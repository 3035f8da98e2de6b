"""Django's way to PostgreSQL, that sees whether a connection still holds without asking each time."""
