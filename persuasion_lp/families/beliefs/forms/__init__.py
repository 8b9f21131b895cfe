"""A problem written down: in exact rationals, and as an instance file."""
