"""What is found in the files of unpacked file systems."""
