"""What an issue asks for in speed or memory, measured beside the named peer in the same run."""
