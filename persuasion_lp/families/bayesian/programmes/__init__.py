"""The programmes of Bayesian games, one module for each kind of recommendation."""
