"""What checks of firmware make of many states."""
