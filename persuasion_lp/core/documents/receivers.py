"""A receiver in a document, and the part of the state that is his own."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from persuasion_lp.arrays import Written
from persuasion_lp.core.documents.base import Given, Table
from persuasion_lp.core.documents.numbers import Array, Number, numbers_of, shape_of
from persuasion_lp.core.documents.refusals import below
from persuasion_lp.core.documents.validation import converted
from persuasion_lp.errors import InstanceError
from persuasion_lp.inputs import is_whole
from persuasion_lp.primitives.cones import acceptance_cones, cutoff_cones, utility_cones
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["About", "Conditions", "ReceiverTable"]

_STATED = ("threshold", "cutoffs", "utility", "conditions")
_STATED_BY = MappingProxyType(
    {cutoff_cones: "cutoffs", utility_cones: "utility", acceptance_cones: "conditions"}
)
"""By what makes a receiver's cones, how he was stated."""

_PAYOFFS = [0, 1]
"""What constructors take for payoffs from rejecting and accepting that are left out."""


class About(Given):
    """Which part of the state is a receiver's own.

    An axis of the prior, several axes as ``{axes = [0, 1]}``, or nested lists of the prior's shape:
    the own state of each state.
    """

    @classmethod
    def read(cls, data: Any) -> About:
        """A whole number, a table of axes, or nested lists of whole numbers or truth values."""
        if isinstance(data, dict):
            axes = converted(data, _Axes).axes
            if not axes:
                raise InstanceError("axes", "must name at least one axis of the prior")
        elif isinstance(data, list):
            shape_of(data, _check_own_state)
        elif not is_whole(data):
            rule = "must be an axis of the prior, {axes = [...]}, or a list of own states"
            raise InstanceError("", rule, value=data)
        return cls(data)

    @classmethod
    def of(cls, about: Any) -> About | None:
        """What a file says of it."""
        if about is None:
            return None
        if isinstance(about, tuple):
            return cls({"axes": list(about)})
        return cls(about.tolist() if isinstance(about, np.ndarray) else about)

    @property
    def parts(self) -> Any:
        """As constructors take it."""
        if isinstance(self.value, dict):
            return tuple(self.value["axes"])
        return np.array(self.value) if isinstance(self.value, list) else self.value

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """One of the three."""
        return {
            "anyOf": [
                {"type": "integer"},
                {
                    "type": "object",
                    "properties": {"axes": {"type": "array", "items": {"type": "integer"}}},
                    "required": ["axes"],
                    "additionalProperties": False,
                },
                {"type": "array"},
            ]
        }


class _Axes(Table, kw_only=True):
    """Several axes of the prior."""

    axes: list[int]


class Conditions(Given):
    """Pairs [a, b]: he accepts iff a·μ ≥ b for each of them."""

    @classmethod
    def read(cls, data: Any) -> Conditions:
        """A list of pairs of an array and a number."""
        if not isinstance(data, list):
            raise InstanceError("", "must be a list of pairs [[...], b]", value=data)
        for k, pair in enumerate(data):
            if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], list):
                rule = "must be a pair [[...], b] of weights and a number"
                raise InstanceError("", rule, index=k, value=pair)
            with below(f"[{k}][0]"):
                Array.read(pair[0])
            with below(f"[{k}][1]"):
                Number.read(pair[1])
        return cls(data)

    @classmethod
    def of(cls, field: str, pairs: list[tuple[Written, Written]]) -> Conditions:
        """What a file says of them."""
        return cls([[numbers_of(field, a), numbers_of(field, b)] for a, b in pairs])

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """As constructors take them."""
        return [(Array(a).numbers, Number(b).number) for a, b in self.value]

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """A list of pairs."""
        pair = [{"$ref": "#/$defs/Array"}, {"$ref": "#/$defs/Number"}]
        return {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "array",
                "prefixItems": pair,
                "items": False,
                "minItems": 2,
            },
        }


class ReceiverTable(Table, kw_only=True):
    """A receiver: one of threshold, cutoffs, utility and conditions; payoffs where not [0, 1]."""

    name: str | None = None
    threshold: Number | None = None
    cutoffs: Array | None = None
    utility: Array | None = None
    conditions: Conditions | None = None
    payoffs: Array | None = None
    about: About | None = None
    action_labels: list[str] | None = None

    @classmethod
    def of(cls, receiver: Receiver, field: str) -> ReceiverTable:
        """What a file says of a receiver at ``field``."""
        made = cast("partial[Any]", receiver._exactly)
        how, numbers = _STATED_BY[made.func], made.args[0]
        stated: dict[str, Any] = {}
        if how == "conditions":
            stated[how] = Conditions.of(f"{field}.{how}", numbers)
        else:
            stated[how] = Array.of(f"{field}.{how}", numbers)
        if how == "cutoffs" and len(stated[how].value) == 1:
            stated = {"threshold": Number(stated[how].value[0])}
        payoffs = _payoffs(receiver, f"{field}.payoffs")
        left_out = payoffs == _PAYOFFS and not {"threshold", "conditions"}.isdisjoint(stated)
        labels = receiver.action_labels
        return cls(
            **stated,
            payoffs=None if left_out else Array(payoffs),
            about=About.of(receiver.about),
            name=receiver.name,
            action_labels=None if labels is None else list(labels),
        )

    def receiver(self) -> Receiver:
        """The receiver."""
        stated = [how for how in _STATED if getattr(self, how) is not None]
        if len(stated) != 1:
            got = f", not {' and '.join(stated)}" if stated else ""
            raise InstanceError("", f"must have one of {', '.join(_STATED)}{got}")
        payoffs: Any = _PAYOFFS if self.payoffs is None else self.payoffs.numbers
        more: dict[str, Any] = {
            "about": None if self.about is None else self.about.parts,
            "name": self.name,
            "action_labels": self.action_labels,
        }
        if self.threshold is not None:
            with below("", cutoffs="threshold"):
                return Receiver.threshold(self.threshold.number, payoffs, **more)
        if self.conditions is not None:
            return Receiver.accepting(self.conditions.pairs, payoffs, **more)
        if self.payoffs is None:
            raise InstanceError("payoffs", "is missing: the sender's payoff from each action")
        if self.utility is not None:
            return Receiver.from_utility(self.utility.numbers, payoffs, **more)
        return Receiver(self.cutoffs.numbers if self.cutoffs else [], payoffs, **more)


def _payoffs(receiver: Receiver, field: str) -> Any:
    """By action, and by own state where they differ there."""
    given = receiver._written_payoffs
    exactly = given.rationals()
    by_state = exactly.reshape(len(exactly), -1)
    if exactly.ndim > 1 and (by_state == by_state[:, :1]).all():
        given = given.placed((slice(None), *[0] * (exactly.ndim - 1)))
    return numbers_of(field, given)


def _check_own_state(data: Any, index: tuple[int, ...]) -> None:
    if not is_whole(data) and type(data) is not bool:
        rule = "must be an own state, a whole number, or true or false"
        raise InstanceError("", rule, index=index or None, value=data)
