"""The document of a problem: what an instance file says, one ``msgspec.Struct`` for each table.

Keys are the constructors' own argument names. What a value may be is said once, by the annotation
of its key: ``msgspec`` validates by it, and writes it into the JSON Schema. Values that JSON and
TOML have no type for are classes of their own (:class:`Given`), such as a number that may be
written as ``"9/20"``.

Documents hold plain Python, as the parsers of JSON and TOML give it and as they take it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import msgspec

from persuasion_lp.core.documents.validation import converted

__all__ = ["Given", "ProblemDocument", "RunTable", "Table", "plain"]


class Given(ABC):
    """A value for which ``msgspec`` has no type.

    Attributes
    ----------
    value
        As the file says it, in plain Python.
    tables
        The tables that its schema refers to, as ``#/$defs/`` and the name of the class.
    """

    __slots__ = ("value",)
    tables: ClassVar[tuple[type[Table], ...]] = ()

    def __init__(self, value: Any) -> None:
        self.value = value

    @classmethod
    @abstractmethod
    def read(cls, data: Any) -> Self:
        """Take what a file says, or refuse it.

        Raises
        ------
        InstanceError
            Whose field is the path below this value: empty, or ``.key``.
        """

    @classmethod
    @abstractmethod
    def schema(cls) -> dict[str, Any]:
        """Its JSON Schema."""


class Table(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A table of an instance file."""


class RunTable(Given):
    """A procedure to run and its settings."""

    @classmethod
    def read(cls, data: Any) -> RunTable:
        """A table; which procedures and settings there are, the family knows."""
        return cls(converted(data, dict[str, Any]))

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Any procedure; the schema of a problem lists its own."""
        return {
            "type": "object",
            "properties": {"procedure": {"type": "string"}},
            "required": ["procedure"],
        }


class ProblemDocument(Table, tag_field="problem", kw_only=True):
    """What the file of a problem may say whatever its class.

    A family derives its own with ``tag=`` the name of its class of problems, and the keys.

    Attributes
    ----------
    name, description
        Of the file; the problem does not know them.
    solve
        Procedures and settings to run; likewise.
    """

    name: str | None = None
    description: str | None = None
    solve: list[RunTable] | None = None

    @classmethod
    def from_problem(cls, problem: Any) -> Self:
        """What a file says of a problem.

        Raises
        ------
        InstanceError
            For what cannot be written down.
        """
        raise NotImplementedError

    def in_full(self) -> Self:
        """The same where it may be said in two ways in the one that makes up the problem's key."""
        return self

    def to_problem(self) -> Any:
        """The problem, as its constructor makes it.

        Raises
        ------
        InputError
            For a problem that breaks a rule of its class.
        """
        raise NotImplementedError


def plain(table: Table) -> dict[str, Any]:
    """A table as plain Python; what is left to its default is left out."""
    return msgspec.to_builtins(table, enc_hook=_value)


def _value(given: Given) -> Any:
    return given.value
