"""Cultural events and virtual exhibitions."""
