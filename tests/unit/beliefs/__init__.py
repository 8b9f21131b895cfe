"""Beliefs: grids, functions, envelopes, experiments."""
