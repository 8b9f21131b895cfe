"""Random senders of one public message, with more or less credibility."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from numpy.random import Generator

from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["Message", "cheap_message", "credible_message"]

TWENTIETHS = 20


@dataclass(frozen=True, eq=False)
class Message:
    """A game, and the probability that the announced experiment is followed."""

    game: PersuasionGame
    credibility: Fraction


def _game(rng: Generator) -> PersuasionGame:
    """One or two receivers about one binary state, payoffs of any shape that forget the state."""
    receivers = []
    for _ in range(int(rng.integers(1, 3))):
        count = int(rng.integers(1, 4))
        cutoffs = sorted(rng.choice(range(1, TWENTIETHS), count, replace=False).tolist())
        payoffs = rng.integers(-2, 4, count + 1).tolist()
        receivers.append(Receiver([Fraction(c, TWENTIETHS) for c in cutoffs], payoffs))
    x = Fraction(int(rng.integers(1, TWENTIETHS)), TWENTIETHS)
    return PersuasionGame([1 - x, x], receivers)


def cheap_message(rng: Generator) -> Message:
    """The sender says what she likes."""
    return Message(_game(rng), Fraction(0))


def credible_message(rng: Generator) -> Message:
    """She is bound half of the time or more."""
    return Message(_game(rng), Fraction(int(rng.integers(10, TWENTIETHS + 1)), TWENTIETHS))
