"""Games of many receivers."""
