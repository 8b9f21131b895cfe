"""Sweeps: many instances at once."""
