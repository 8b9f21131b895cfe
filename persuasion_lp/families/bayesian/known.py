"""What is known of a Bayesian game before anything is solved: its payoffs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from persuasion_lp.core.limits import Bracket
from persuasion_lp.lp.certificate import EPS

__all__ = ["known_bracket"]


def known_bracket(game: Any, procedure: str) -> Bracket:
    """Expectation of the designer's least and greatest payoff, rounded outwards."""
    low, high = game.payoff_ends
    prior = game.prior.ravel()
    rounding = 8 * EPS * math.fsum(prior * np.maximum(np.abs(low), np.abs(high)))
    rounding *= game.payoff_terms
    return math.fsum([*(prior * low), -rounding]), math.fsum([*(prior * high), rounding])
