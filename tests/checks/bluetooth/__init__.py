"""Checks of Bluetooth radios, over what was seen of devices that were thought up."""
