"""Bluetooth without a radio: devices in processes of their own, on a virtual air that auditors join over TCP."""
