"""Receivers, priors, states and distributions."""
