"""What mentions become."""
