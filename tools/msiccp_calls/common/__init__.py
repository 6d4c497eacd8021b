"""What every wing may use; it knows none of them."""
