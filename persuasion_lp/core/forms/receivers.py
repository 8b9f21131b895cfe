"""A receiver in rationals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from persuasion_lp.core.forms.numbers import (
    DENOMINATORS,
    Row,
    digits,
    entry,
    listing,
    numbers,
    rational,
    rounded,
    texts,
    tuples,
    whole,
    whole_numbers,
)
from persuasion_lp.errors import InstanceError
from persuasion_lp.inputs import near_names
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["RationalReceiver", "receivers_from"]


@dataclass(frozen=True)
class RationalReceiver:
    """A receiver stated by cutoffs or by an acceptance set.

    Attributes
    ----------
    cutoffs, conditions
        One of the two, as a tuple of numbers or of rows d with which he accepts iff d·μ ≥ 0 for
        all.
    payoffs
        Rows by action, columns by own state.
    about
        As in :class:`Receiver`; an array as nested tuples of whole numbers in ``labels``.
    labels
        Own state of each state, where ``about`` is an array.
    """

    cutoffs: Row | None
    conditions: tuple[Row, ...] | None
    payoffs: tuple[Row, ...]
    about: int | tuple[int, ...] | None = None
    labels: Any = None

    @classmethod
    def of(cls, receiver: Receiver, field: str, index: int) -> RationalReceiver:
        """Read a receiver, entry ``index`` of ``field``."""
        if receiver.cutoffs is None and receiver.convex:
            raise InstanceError(
                field, "must be stated by cutoffs or acceptance conditions", index=index
            )
        about: Any = receiver.about
        labels = None
        if isinstance(about, np.ndarray):
            about, labels = None, tuples(about.tolist())
        elif about is None and len(receiver.state_shape) > 1:
            about = tuple(range(len(receiver.state_shape)))
        cones = receiver.rational_cones()
        by_cutoffs = receiver.cutoffs is not None
        return cls(
            cutoffs=rational([-cone[0, 0] for cone in cones[1:]]) if by_cutoffs else None,
            conditions=None if by_cutoffs else rational(cones[1]),
            payoffs=rational(receiver.rational_payoffs()),
            about=about,
            labels=labels,
        )

    def build(self) -> Receiver:
        """The receiver."""
        about: Any = self.about if self.labels is None else np.array(self.labels)
        if self.cutoffs is not None:
            return Receiver(self.cutoffs, self.payoffs, about=about)
        pairs = [(row, 0) for row in self.conditions or ()]
        return Receiver.accepting(pairs, self.payoffs, about=about)

    @property
    def actions(self) -> int:
        """Number of actions, or of conditions for accepting and one for rejecting."""
        return len(self.payoffs) if self.conditions is None else 1 + len(self.conditions)

    @property
    def digits(self) -> int:
        """Digits of all numbers."""
        return digits(self.cutoffs or (), self.conditions or (), self.payoffs)

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types, ready for JSON; numbers are strings."""
        about: Any = list(self.about) if isinstance(self.about, tuple) else self.about
        if self.labels is not None:
            about = {"labels": self.labels}
        return {
            **(
                {"conditions": texts(self.conditions)}
                if self.cutoffs is None
                else {"cutoffs": texts(self.cutoffs)}
            ),
            "payoffs": texts(self.payoffs),
            "about": about,
        }

    @classmethod
    def from_dict(cls, data: Any, field: str) -> RationalReceiver:
        """Read what :meth:`to_dict` wrote."""
        if not isinstance(data, dict):
            raise InstanceError(field, "must be a receiver, with cutoffs or conditions")
        cutoffs, conditions, states = None, None, 2
        meant = "conditions" not in data and near_names(data, "cutoffs")
        if "cutoffs" in data or meant:
            given = entry(data, "cutoffs", f"{field}.cutoffs")
            cutoffs = _read_cutoffs(f"{field}.cutoffs", given)
        else:
            rows = entry(data, "conditions", f"{field}.conditions")
            conditions = numbers(f"{field}.conditions", rows, 2)
            states = len(conditions[0])
        given = entry(data, "payoffs", f"{field}.payoffs")
        payoffs = numbers(f"{field}.payoffs", given, 1, 2)
        if isinstance(payoffs[0], Fraction):
            payoffs = tuple((payoff,) * states for payoff in payoffs)
        about, labels = _read_about(f"{field}.about", entry(data, "about", f"{field}.about"))
        return cls(cutoffs, conditions, payoffs, about, labels)

    def simpler(self) -> Iterator[RationalReceiver]:
        """Fewer actions or conditions, payoffs 0, 1, …, rounded numbers."""
        yield from self.with_fewer_actions()
        yield from self.with_rounded_numbers()

    def with_fewer_actions(self) -> Iterator[RationalReceiver]:
        """One action or one condition less."""
        if self.cutoffs is not None and len(self.cutoffs) > 1:
            for k, gone in product(range(len(self.cutoffs)), (0, 1)):
                yield replace(
                    self,
                    cutoffs=self.cutoffs[:k] + self.cutoffs[k + 1 :],
                    payoffs=self.payoffs[: k + gone] + self.payoffs[k + gone + 1 :],
                )
        if self.conditions is not None and len(self.conditions) > 1:
            for k in range(len(self.conditions)):
                yield replace(self, conditions=self.conditions[:k] + self.conditions[k + 1 :])

    def with_rounded_numbers(self) -> Iterator[RationalReceiver]:
        """Payoffs 0, 1, …, payoffs without states, rounded numbers."""
        columns = range(len(self.payoffs[0]))
        steps = tuple(tuple(Fraction(a) for _ in columns) for a in range(len(self.payoffs)))
        yield replace(self, payoffs=steps)
        averages = [sum(row, Fraction(0)) / len(row) for row in self.payoffs]
        yield replace(self, payoffs=tuple(tuple(x for _ in columns) for x in averages))
        for n in DENOMINATORS:
            yield replace(self, payoffs=rounded(self.payoffs, n))
            if self.cutoffs is not None:
                yield replace(self, cutoffs=rounded(self.cutoffs, n))
            if self.conditions is not None:
                yield replace(self, conditions=rounded(self.conditions, n))


def receivers_from(data: Mapping[str, Any], field: str) -> tuple[RationalReceiver, ...]:
    """A list of receivers."""
    listed = listing(field, entry(data, field))
    return tuple(RationalReceiver.from_dict(r, f"{field}[{i}]") for i, r in enumerate(listed))


def _read_cutoffs(field: str, data: Any) -> Row:
    """Cutoffs; none for a receiver of one action."""
    return () if data == [] else numbers(field, data, 1)


def _read_about(field: str, data: Any) -> tuple[int | tuple[int, ...] | None, Any]:
    if data is None:
        return None, None
    if isinstance(data, dict):
        return None, whole_numbers(field, entry(data, "labels", field))
    if isinstance(data, list):
        return tuple(whole(field, axis, k) for k, axis in enumerate(listing(field, data))), None
    return whole(field, data), None
