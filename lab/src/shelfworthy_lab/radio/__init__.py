"""Bluetooth without a radio: devices in their own processes, on a virtual air that auditors join over TCP."""
