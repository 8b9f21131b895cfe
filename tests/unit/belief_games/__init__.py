"""Games on one common belief."""
