"""Bayesian games: programmes by hand, refusals, answers."""
