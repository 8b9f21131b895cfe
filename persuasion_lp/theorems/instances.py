"""Problems as exact rationals: what is shrunk, printed, and written as an instance file.

An instance file is JSON; every number in it is a string that ``fractions.Fraction`` reads::

    {"format": "persuasion_lp instance", "version": 1, "problem": "PersuasionGame",
     "prior": [["0", "1/2"], ["1/2", "0"]],
     "receivers": [{"cutoffs": ["4/5"], "payoffs": [["0", "0"], ["1", "1"]], "about": null}, …],
     "payoff": null}

A receiver has ``cutoffs`` or ``conditions``, rows d with which he accepts iff d·μ ≥ 0 for all; a
:class:`VotingGame` has ``cutoffs`` and ``quota`` instead of receivers and payoff.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from persuasion_lp.errors import InstanceError
from persuasion_lp.problems.game import PersuasionGame
from persuasion_lp.problems.receiver import Receiver
from persuasion_lp.problems.voting import VotingGame

__all__ = ["Problem", "RationalInstance", "RationalReceiver", "has_rational_form", "read_instance"]

Problem: TypeAlias = PersuasionGame | VotingGame
Nested: TypeAlias = "Fraction | tuple[Nested, ...]"

FORMAT, VERSION = "persuasion_lp instance", 1

SIMPLE_DENOMINATOR = 10**6
"""A float is read as the simplest fraction up to this denominator that rounds to it."""


@dataclass(frozen=True)
class RationalReceiver:
    """A receiver in rationals.

    Attributes
    ----------
    cutoffs, conditions
        One of the two, as a tuple of numbers or of rows of numbers.
    payoffs
        Rows by action, columns by own state.
    about
        As in :class:`Receiver`; an array as nested tuples of whole numbers in ``"labels"``.
    """

    cutoffs: tuple[Fraction, ...] | None
    conditions: tuple[tuple[Fraction, ...], ...] | None
    payoffs: tuple[tuple[Fraction, ...], ...]
    about: int | tuple[int, ...] | Mapping[str, Any] | None

    def build(self) -> Receiver:
        """The receiver, in floats."""
        about: Any = self.about
        if isinstance(about, Mapping):
            about = np.array(about["labels"])
        if self.cutoffs is not None:
            return Receiver(self.cutoffs, self.payoffs, about=about)
        pairs = [(row, 0) for row in self.conditions or ()]
        return Receiver.accepting(pairs, self.payoffs, about=about)


@dataclass(frozen=True)
class RationalInstance:
    """A problem in rationals.

    Attributes
    ----------
    prior
        Nested tuples.
    receivers
        Of a game.
    payoff
        Of a game whose payoff is not additive, nested tuples.
    cutoffs, quota
        Of a vote.
    """

    prior: Nested
    receivers: tuple[RationalReceiver, ...] = ()
    payoff: Nested | None = None
    cutoffs: tuple[Fraction, ...] = ()
    quota: int | None = None

    @classmethod
    def of(cls, problem: Problem) -> RationalInstance:
        """Read a problem; every number becomes the simplest fraction that rounds to it.

        Raises
        ------
        InstanceError
            For a receiver stated by utilities, or something that is no such problem.
        """
        if isinstance(problem, VotingGame):
            return cls(
                prior=_rational(problem.prior),
                cutoffs=_row(problem.cutoffs),
                quota=problem.quota,
            )
        if not isinstance(problem, PersuasionGame):
            raise InstanceError(
                "problem",
                "must be a PersuasionGame or a VotingGame",
                value=type(problem).__name__,
            )
        return cls(
            prior=_rational(problem.prior),
            receivers=tuple(_receiver(i, r) for i, r in enumerate(problem.receivers)),
            payoff=None if problem.payoff is None else _rational(problem.payoff),
        )

    def build(self) -> Problem:
        """The problem, in floats."""
        if self.quota is not None:
            return VotingGame(self.prior, self.cutoffs, self.quota)
        return PersuasionGame(self.prior, [r.build() for r in self.receivers], self.payoff)

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types, ready for JSON; numbers are strings."""
        head = {"format": FORMAT, "version": VERSION}
        if self.quota is not None:
            return {
                **head,
                "problem": "VotingGame",
                "prior": _written(self.prior),
                "cutoffs": _written(self.cutoffs),
                "quota": self.quota,
            }
        return {
            **head,
            "problem": "PersuasionGame",
            "prior": _written(self.prior),
            "receivers": [
                {
                    ("conditions" if r.cutoffs is None else "cutoffs"): _written(
                        r.conditions if r.cutoffs is None else r.cutoffs
                    ),
                    "payoffs": _written(r.payoffs),
                    "about": list(r.about) if isinstance(r.about, tuple) else r.about,
                }
                for r in self.receivers
            ],
            "payoff": None if self.payoff is None else _written(self.payoff),
        }

    def to_json(self) -> str:
        """The instance file, as text: one line for each entry and each receiver."""
        lines = []
        for key, value in self.to_dict().items():
            text = json.dumps(value)
            if key == "receivers":
                text = "[\n    " + ",\n    ".join(map(json.dumps, value)) + "\n  ]"
            lines.append(f"  {json.dumps(key)}: {text}")
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @classmethod
    def from_dict(cls, data: Any) -> RationalInstance:
        """Read what :meth:`to_dict` wrote.

        Raises
        ------
        InstanceError
            For anything else, naming what is wrong.
        """
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise InstanceError("instance", f'must have "format": "{FORMAT}"')
        if data.get("version") != VERSION:
            raise InstanceError("version", f"must be {VERSION}", value=data.get("version"))
        try:
            if data["problem"] == "VotingGame":
                return cls(
                    _read(data["prior"]), cutoffs=_read(data["cutoffs"]), quota=data["quota"]
                )
            if data["problem"] != "PersuasionGame":
                raise InstanceError(
                    "problem", "must be PersuasionGame or VotingGame", value=data["problem"]
                )
            receivers = tuple(
                RationalReceiver(
                    cutoffs=_read(r["cutoffs"]) if "cutoffs" in r else None,
                    conditions=None if "cutoffs" in r else _read(r["conditions"]),
                    payoffs=_read(r["payoffs"]),
                    about=tuple(r["about"]) if isinstance(r["about"], list) else r["about"],
                )
                for r in data["receivers"]
            )
            payoff = None if data["payoff"] is None else _read(data["payoff"])
            return cls(_read(data["prior"]), receivers, payoff)
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            if isinstance(error, InstanceError):
                raise
            raise InstanceError("instance", f"is not well formed ({error!r})") from None


def has_rational_form(problem: object) -> bool:
    """Whether a problem is of a kind that :class:`RationalInstance` can hold."""
    if isinstance(problem, PersuasionGame):
        return all(r.cutoffs is not None or not r.convex for r in problem.receivers)
    return isinstance(problem, VotingGame)


def read_instance(path: str | Path) -> Problem:
    """Read a problem from an instance file.

    Raises
    ------
    InstanceError
        For a file that is no instance file.
    InputError
        For a problem that breaks a rule.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise InstanceError("path", f"must be a JSON file ({error})", value=str(path)) from None
    return RationalInstance.from_dict(data).build()


def simplest(x: float) -> Fraction:
    """The simplest fraction that rounds to ``x``, or ``x`` itself if its denominator is large."""
    exact = Fraction(x)
    simple = exact.limit_denominator(SIMPLE_DENOMINATOR)
    return simple if float(simple) == x else exact


def _receiver(index: int, receiver: Receiver) -> RationalReceiver:
    if receiver.cutoffs is None and receiver.convex:
        raise InstanceError(
            "receivers", "must be stated by cutoffs or acceptance conditions", index=index
        )
    about: Any = receiver.about
    if isinstance(about, np.ndarray):
        about = {"labels": about.tolist()}
    return RationalReceiver(
        cutoffs=None if receiver.cutoffs is None else _row(receiver.cutoffs),
        conditions=None if receiver.cutoffs is not None else tuple(map(_row, receiver.cones[1])),
        payoffs=tuple(map(_row, receiver.payoffs)),
        about=about,
    )


def _row(values: Any) -> tuple[Fraction, ...]:
    return tuple(simplest(float(x)) for x in values)


def _rational(values: Any) -> Nested:
    return (
        simplest(float(values)) if np.ndim(values) == 0 else tuple(_rational(row) for row in values)
    )


def _written(values: Any) -> Any:
    return [_written(row) for row in values] if isinstance(values, tuple) else str(values)


def _read(values: Any) -> Any:
    if isinstance(values, list):
        return tuple(_read(row) for row in values)
    if not isinstance(values, str):
        raise TypeError(f"a number must be a string, not {values!r}")
    return Fraction(values)
