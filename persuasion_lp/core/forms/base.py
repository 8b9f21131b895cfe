"""What every rational form of a problem can do, and which form belongs to which class."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from persuasion_lp.core.forms.numbers import shown
from persuasion_lp.errors import InstanceError
from persuasion_lp.inputs import did_you_mean, near_names

__all__ = ["RationalInstance", "accept"]

FORMAT, VERSION = "persuasion_lp instance", 1


class RationalInstance(ABC):
    """A problem in exact rationals: a frozen dataclass for each class of problem.

    Attributes
    ----------
    kind
        The class of problem.
    """

    kind: ClassVar[type]
    _forms: ClassVar[dict[str, type[RationalInstance]]] = {}

    def __init_subclass__(cls, *, kind: type) -> None:
        cls.kind = kind

    @staticmethod
    def of(problem: Any) -> RationalInstance:
        """Read a problem; numbers written exactly are kept, floats become simple fractions.

        Raises
        ------
        InstanceError
            For what has no rational form: a payoff or a distribution given by a function, a
            receiver stated by utilities, or something that is no problem.
        """
        for form in RationalInstance._forms.values():
            if isinstance(problem, form.kind):
                return form.read(problem)
        raise InstanceError("problem", f"must be {_names()}", value=type(problem).__name__)

    @classmethod
    @abstractmethod
    def read(cls, problem: Any) -> Self:
        """Read a problem of this class; see :meth:`of`."""

    @abstractmethod
    def build(self) -> Any:
        """The problem; it remembers the fractions as they were written."""

    @property
    @abstractmethod
    def size(self) -> tuple[int, ...]:
        """What shrinking makes smaller, in lexicographic order; the last entry counts digits."""

    @abstractmethod
    def simpler(self) -> Iterator[Self]:
        """Candidates for a simpler instance, boldest first; not all of them are smaller."""

    @abstractmethod
    def entries(self) -> dict[str, Any]:
        """What the file says of the problem, in plain Python types."""

    @classmethod
    @abstractmethod
    def from_entries(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`entries` wrote."""

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types, ready for JSON; numbers are strings."""
        head = {"format": FORMAT, "version": VERSION, "problem": self.kind.__name__}
        return {**head, **self.entries()}

    def to_json(self) -> str:
        """The instance file, as text: a line for each entry, and for each receiver of a list."""
        lines = []
        for key, value in self.to_dict().items():
            text = json.dumps(value)
            if isinstance(value, list) and isinstance(value[0], dict):
                text = "[\n    " + ",\n    ".join(map(json.dumps, value)) + "\n  ]"
            lines.append(f"  {json.dumps(key)}: {text}")
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @staticmethod
    def from_dict(data: Any) -> RationalInstance:
        """Read what :meth:`to_dict` wrote; entries of other names are passed over.

        Raises
        ------
        InstanceError
            For anything else, naming the entry and the index.
        """
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise InstanceError("instance", f'must have "format": "{FORMAT}"')
        version = data.get("version")
        if type(version) is not int or version != VERSION:
            raise InstanceError("version", f"must be {VERSION}", value=shown(version))
        name = data.get("problem")
        form = RationalInstance._forms.get(name) if isinstance(name, str) else None
        if form is None:
            near = did_you_mean(near_names(RationalInstance._forms, name))
            raise InstanceError("problem", f"must be {_names()}{near}", value=shown(name))
        return form.from_entries(data)


def accept(form: type[RationalInstance]) -> None:
    """Take a form for its class of problems; called when a family is registered."""
    RationalInstance._forms[form.kind.__name__] = form


def _names() -> str:
    *others, last = RationalInstance._forms
    return f"{', '.join(others)} or {last}"
