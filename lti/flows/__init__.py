"""What happens between a platform and us: launches in, keys and scores out."""
