"""Posterior-mean games."""
