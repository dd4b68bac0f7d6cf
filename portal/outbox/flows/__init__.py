"""What staff may do with deliveries."""
