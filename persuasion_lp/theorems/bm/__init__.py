"""Closed forms of Bayesian games (Bergemann and Morris, Brooks, Oyama and Takahashi)."""

from persuasion_lp.theorems.bm.investment import investment, worst_equilibrium
from persuasion_lp.theorems.bm.prices import posted_price, surplus_triangle
from persuasion_lp.theorems.bm.single import one_player

__all__ = [
    "investment",
    "one_player",
    "posted_price",
    "surplus_triangle",
    "worst_equilibrium",
]
