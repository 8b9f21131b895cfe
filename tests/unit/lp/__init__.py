"""Linear programmes and their certificates."""
