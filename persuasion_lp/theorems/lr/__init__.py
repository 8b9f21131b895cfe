"""Theorems of Lipnowski and Ravid, and of Lipnowski, Ravid and Shishkin."""

from persuasion_lp.theorems.lr.envelopes import cheap_talk

__all__ = ["cheap_talk"]
