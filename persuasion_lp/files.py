"""Instance files: problems in TOML and JSON, read, written, and described by a JSON Schema.

A file names the class of its problem and gives the constructor's own arguments by their names;
numbers as numbers, or exactly as ``"9/20"``:

    problem = "PersuasionGame"
    prior = {HL = "1/2", LH = "1/2"}

    [[receivers]]
    threshold = 0.8

    [[receivers]]
    threshold = 0.8

What it may say beside them, and of every class, are the documents of the families
(``core/documents/base.py``). Whatever is wrong is an :class:`InstanceError` that names the file,
the line where the parser knows it, the field by its path, the rule, and the nearest key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persuasion_lp.core.documents.refusals import below, check_stated
from persuasion_lp.core.documents.runs import Run, run_from
from persuasion_lp.core.documents.texts import as_json, as_toml, is_json, parsed
from persuasion_lp.core.family import Family, document_of, families, family_of
from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.core.saving.loading import proved_anew
from persuasion_lp.errors import FileError, InstanceError, VerificationError
from persuasion_lp.inputs import is_a, one_of
from persuasion_lp.lp.certificate_file import MAX_CERTIFICATE_BYTES
from persuasion_lp.primitives.content import Document
from persuasion_lp.shown import printable
from persuasion_lp.storage import path_of, read_input, read_start, read_text, write_text

__all__ = [
    "MAX_FILE_BYTES",
    "InstanceFile",
    "Run",
    "document",
    "is_saved",
    "load",
    "problem_from",
    "read",
    "read_document",
    "read_file",
    "read_instance",
    "schema",
    "write",
]

MAX_FILE_BYTES = 1 << 22
"""Largest instance file that is read."""

_HEAD = 200
"""Bytes within which a saved answer says that it is one."""


def document(problem: Any) -> Document:
    """What the file of a problem says, in plain Python, ready for JSON and TOML.

    Numbers that were stated exactly are strings such as ``"9/20"``; floats are numbers and come
    back bit by bit. Names are there where they were given.

    Raises
    ------
    InstanceError
        For what cannot be written down: a payoff or a distribution given by a function.
    InputError
        For what is no problem.

    Examples
    --------
    >>> from persuasion_lp import PersuasionGame, Receiver
    >>> document(PersuasionGame([0.7, 0.3], [Receiver.threshold("1/2")]))
    {'problem': 'PersuasionGame', 'prior': [0.7, 0.3], 'receivers': [{'threshold': '1/2'}]}
    """
    return document_of(family_of(problem), problem)


def problem_from(document: Mapping[str, Any]) -> Any:
    """The problem that a document states; procedures to run, if it has any, are passed over.

    Raises
    ------
    InstanceError
        For anything that is not well formed, or breaks a rule of the problem's class; its field is
        the path in the document.
    """
    return _stated(document)[0]


@dataclass(frozen=True)
class InstanceFile:
    """What an instance file says.

    Attributes
    ----------
    problem
        The problem.
    name, description
        Of the file, empty if it has none.
    runs
        The procedures to run; none if the file has no ``[[solve]]``.
    """

    problem: Any
    name: str = ""
    description: str = ""
    runs: tuple[Run, ...] = ()


def read(path: str | Path) -> Any:
    """Read a problem from an instance file.

    Parameters
    ----------
    path
        A TOML file if its name ends in ``.toml``, a JSON file if it ends in ``.json``, otherwise
        whichever of the two it looks like; ``"-"`` reads the standard input.

    Returns
    -------
    Any
        The problem, of the class that the file names. Its numbers are those of the file as they
        are written there, so ``solve(…, exact=True)`` is about them.

    Raises
    ------
    InstanceError
        For a file that cannot be read, is no regular file, is too large, or is no instance file,
        and for a problem that breaks a rule of its class: file, field and rule are named.
    """
    return read_file(path).problem


read_instance = read
"""The name it had before."""


def read_file(path: str | Path) -> InstanceFile:
    """Read a problem, and what its file says beside: its name and the procedures to run.

    Raises
    ------
    InstanceError
        As :func:`read`, and for a procedure or a setting that there is not.
    """
    with _named(path) as place:
        data = _data(place)
        if _is_old(data):
            return InstanceFile(RationalInstance.from_dict(data).build())
        problem, table, family = _stated(data)
        asked = enumerate(table.solve or ())
        runs = [run_from(family, problem, run.value, f"solve[{k}]") for k, run in asked]
    return InstanceFile(problem, table.name or "", table.description or "", tuple(runs))


def read_document(path: str | Path) -> Document:
    """What an instance file says, in plain Python, whether or not it states a problem.

    Raises
    ------
    InstanceError
        For a file that cannot be read, or is no table of keys and values.
    """
    with _named(path) as place:
        data = _data(place)
        if _is_old(data):
            return document(RationalInstance.from_dict(data).build())
        return _table(data)


def write(problem: Any, path: str | Path, *, overwrite: bool = False) -> None:
    """Write a problem to an instance file, whole or not at all.

    Parameters
    ----------
    problem
        The problem; :func:`read` gives one that is equal to it.
    path
        Ends in ``.toml`` or ``.json``.
    overwrite
        Whether a file that is there is replaced.

    Raises
    ------
    InstanceError
        For what cannot be written down, and for another ending.
    FileError
        For a file that is there already, or cannot be written.
    """
    said = document(problem)
    place = _place(path)
    ending = "" if place is None else place.suffix.lower()
    if place is None or ending not in _ENDINGS:
        raise InstanceError("path", "must end in .toml or .json", value=path)
    write_text(place, _ENDINGS[ending](said), overwrite=overwrite)


_ENDINGS = {".toml": as_toml, ".json": as_json}


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of instance files: of all families that have files.

    TOML files obey it too, read as the JSON that they stand for.
    """
    from persuasion_lp.core.documents.schemas import schema_of

    kinds = {
        family.document(): family.procedures for family in families() if family.document is not None
    }
    return schema_of(kinds)


def load(path: str | Path) -> Any:
    """Read an answer that was saved, and prove it anew.

    Nothing in the file is believed: the problem is stated again, every linear program's point and
    prices are certified again, and all that follows from them is computed again. What the file has
    no proof of is solved.

    Parameters
    ----------
    path
        A file that the ``save`` of an answer wrote.

    Returns
    -------
    GameResult, BeliefResult, MenuResult, MeansResult, VoteResult or ExactResult
        The answer, of the class that was saved, with a certificate that holds.

    Raises
    ------
    FileError
        For a file that cannot be read.
    VerificationError
        For a file that is not well formed, that states no problem, or whose key, value, bracket
        or answer is not that of the problem; says what differs.
    SolveError
        If what the file has no proof of could not be solved.

    Examples
    --------
    >>> import os, tempfile
    >>> import persuasion_lp as plp
    >>> judges = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.8)] * 2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "judges.json")
    ...     plp.solve(judges, "sequential").save(path)
    ...     again = plp.load(path)
    >>> round(again.value, 9), again.certificate.ok, again.problem == judges
    (1.15625, True, True)
    """
    from persuasion_lp.core.saving.document import MAX_SAVED_BYTES

    text = read_text(path, MAX_SAVED_BYTES)
    try:
        return proved_anew(text, problem_from)
    except VerificationError as error:
        raise VerificationError(f"{printable(str(path))}: {error}") from error.__cause__


def is_saved(path: str | Path) -> bool:
    """Whether a file begins as that of a saved answer does, rather than of a certificate.

    Raises
    ------
    FileError
        For a file that cannot be read, or is larger than either is.
    """
    from persuasion_lp.core.saving.document import FORMAT

    return f'"{FORMAT}"'.encode() in read_start(path, _HEAD, MAX_CERTIFICATE_BYTES)


@contextmanager
def _named(path: Any) -> Iterator[Path | None]:
    """Where a file is, ``None`` for the standard input; errors inside name it."""
    place = _place(path)
    file = "standard input" if place is None else str(place)
    try:
        yield place
    except InstanceError as error:
        raise InstanceError(
            error.field,
            error.rule,
            index=error.index,
            value=error.value,
            file=file,
            line=error.line,
        ) from error.__cause__


def _is_old(data: Any) -> bool:
    """Whether a file is as they were before there were documents."""
    return isinstance(data, dict) and "format" in data


def _table(data: Any) -> Document:
    if not isinstance(data, Mapping):
        raise InstanceError("file", "must be a table of keys and values", value=data)
    return dict(data)


def _place(path: Any) -> Path | None:
    """Where a file is; ``None`` for the standard input."""
    if is_a(path, str) and path == "-":
        return None
    try:
        return path_of(path)
    except FileError as error:
        raise InstanceError("path", error.reason, value=path) from None


def _data(place: Path | None) -> Any:
    """What a file says, in plain Python."""
    text = _text(place).removeprefix("\ufeff")
    ending = "" if place is None else place.suffix.lower()
    json_text = ending == ".json" or (ending != ".toml" and is_json(text))
    return parsed(text, json_text=json_text)


def _stated(data: Any) -> tuple[Any, Any, Family[Any]]:
    """The problem of a document, the document as its family reads it, and the family."""
    from persuasion_lp.core.documents.validation import converted

    data = _table(data)
    by_name = {family.kind.__name__: family for family in families() if family.document}
    check_stated(data, "problem", f"the class of the problem, one of {', '.join(by_name)}")
    name = data["problem"]
    family = by_name.get(name) if isinstance(name, str) else None
    if family is None or family.document is None:
        raise InstanceError("problem", one_of(by_name, name), value=name)
    table: Any = converted(data, family.document())
    with below(""):
        return table.to_problem(), table, family


def _text(place: Path | None) -> str:
    try:
        return read_input(MAX_FILE_BYTES) if place is None else read_text(place, MAX_FILE_BYTES)
    except FileError as error:
        raise InstanceError("path", error.reason) from None
