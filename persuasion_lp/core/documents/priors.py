"""The prior of a document: nested lists, or a table of the states that are possible."""

from __future__ import annotations

from typing import Any

from persuasion_lp.arrays import Written
from persuasion_lp.core.documents.base import Given
from persuasion_lp.core.documents.numbers import Array, Number, check_one_or_more, numbers_of
from persuasion_lp.core.documents.refusals import below
from persuasion_lp.errors import InstanceError
from persuasion_lp.inputs import is_scalar
from persuasion_lp.primitives.priors import from_table

__all__ = ["Belief", "JointPrior", "StateLabels", "labels_of"]

_WORD = "^[LH]{1,24}$"


class JointPrior(Given):
    """Nested lists, or a table such as ``{HL = "1/2", LH = "1/2"}``."""

    @classmethod
    def read(cls, data: Any) -> JointPrior:
        """Lists of numbers, or a table of numbers."""
        if isinstance(data, dict):
            if not data:
                raise InstanceError("", 'must name states, as in {HL = "1/2", LH = "1/2"}')
            for word, number in data.items():
                if not word or set(word) - {"L", "H"} or len(word) > 24:
                    rule = "must have words in L and H as keys, such as HL"
                    raise InstanceError("", rule, value=word)
                with below(word):
                    Number.read(number)
        elif isinstance(data, list):
            Array.read(data)
        else:
            rule = 'must be a list of numbers, or a table such as {HL = "1/2", LH = "1/2"}'
            raise InstanceError("", rule, value=data)
        return cls(data)

    @classmethod
    def of(cls, given: Written) -> JointPrior:
        """What a file says of a prior: lists."""
        return cls(numbers_of("prior", given))

    def prior(self, *, normalize: bool) -> tuple[Any, bool]:
        """As constructors take it, and whether it has to be divided by its sum still."""
        if isinstance(self.value, list):
            return Array(self.value).numbers, normalize
        table = {word: Number(number).number for word, number in self.value.items()}
        with below("", table="prior"):
            return from_table(table, normalize=normalize), False

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Lists or a table."""
        return {
            "anyOf": [
                {"$ref": "#/$defs/Array"},
                {
                    "type": "object",
                    "propertyNames": {"pattern": _WORD},
                    "additionalProperties": {"$ref": "#/$defs/Number"},
                    "minProperties": 1,
                },
            ]
        }


class Belief(Given):
    """Pr(H) as a number, or probabilities of the common states as a list."""

    @classmethod
    def read(cls, data: Any) -> Belief:
        """A number or a list of numbers."""
        check_one_or_more(data)
        return cls(data)

    @classmethod
    def of(cls, given: Written) -> Belief:
        """What a file says of it."""
        return cls(numbers_of("prior", given))

    @property
    def belief(self) -> Any:
        """As constructors take it."""
        value = self.value
        return Number(value).number if is_scalar(value) else Array(value).numbers

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Either."""
        return {"anyOf": [{"$ref": "#/$defs/Number"}, {"$ref": "#/$defs/Array"}]}


class StateLabels(Given):
    """Names of the states of a prior with one axis, or a list of names for each axis."""

    @classmethod
    def read(cls, data: Any) -> StateLabels:
        """Lists of text, or a list of them."""
        rule = "must be a list of names, or of one list of names for each axis of the prior"
        if not isinstance(data, list):
            raise InstanceError("", rule, value=data)
        for k, entry in enumerate(data):
            names = entry if isinstance(entry, list) else [entry]
            if any(not isinstance(name, str) for name in names):
                raise InstanceError("", rule, index=k, value=entry)
        return cls(data)

    @classmethod
    def of(cls, labels: Any) -> StateLabels | None:
        """What a file says of names."""
        if labels is None:
            return None
        return cls([name if isinstance(name, str) else list(name) for name in labels])

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Lists of text."""
        names = {"type": "array", "items": {"type": "string"}}
        return {"anyOf": [names, {"type": "array", "items": names}]}


def labels_of(given: StateLabels | None) -> Any:
    """Names as constructors take them."""
    return None if given is None else given.value
