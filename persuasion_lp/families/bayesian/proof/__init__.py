"""How answers of Bayesian games are proved."""
