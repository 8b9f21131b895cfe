"""Closed forms of theory: values, conditions, sources. They refuse to extrapolate."""

from persuasion_lp.theorems import lx

__all__ = ["lx"]
