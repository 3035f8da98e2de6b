"""Running it: start, health, metrics, logs, export and import of everything."""
