"""Closed forms of the two papers."""
