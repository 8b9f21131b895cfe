"""The file of a saved answer: JSON, of which nothing is believed.

    {"format": "persuasion_lp answer", "version": 1, "versions": {…}, "result": class,
     "problem": its document, "key": its hash,
     "procedure": …, "exact": false, "settings": {…},
     "value": x, "lower": x, "upper": x or null, "answer": {…},
     "tape": [entry, …]}

with x a number, or of an exact answer a string "p/q". The tape holds what the solver answered, by
number of the question and shape of the program, each of

    {"question": k, "shape": [m, n], "kind": "optimum", "x": v, "y": v,
     "algorithm": …, "solver": …, "iterations": …}
    {"question": k, "shape": [m, n], "kind": "infeasible", "y": v}
    {"question": k, "shape": [m, n], "kind": "basis", "basic": [j, …], "at_upper": [j, …]}

with vectors v = {"places": [j, …], "numbers": [x, …]} of their entries other than 0. Reading bounds
every size before it is used. What JSON has no number for is {"float": "inf"} and {"fraction":
"1/3"} in settings, and a string in the answer.
"""

from __future__ import annotations

import json
import math
import platform
import re
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import numpy as np

from persuasion_lp.arrays import LARGEST, Integers, frozen
from persuasion_lp.core.documents.base import Table
from persuasion_lp.core.documents.validation import converted
from persuasion_lp.core.saving.record import Recorded
from persuasion_lp.core.saving.version import __version__
from persuasion_lp.errors import FileError, InputError, OptionError, VerificationError
from persuasion_lp.inputs import is_a
from persuasion_lp.lp.engine.tape import Basis, Entry, Infeasible, Optimum, Sparse
from persuasion_lp.lp.options import Method, SolverOptions
from persuasion_lp.lp.process import SOLVER
from persuasion_lp.lp.rational import number_text
from persuasion_lp.primitives.content import key_of, written_down
from persuasion_lp.shown import shown
from persuasion_lp.storage import parse_json

__all__ = ["MAX_SAVED_BYTES", "SavedTable", "document_text", "json_ready", "saved_from"]

FORMAT = "persuasion_lp answer"
VERSION = 1

MAX_SAVED_BYTES = 1 << 26
"""Largest file that is written and read."""

MAX_LISTS = 2_000_000
"""Lists and objects in it: each takes more memory than text."""

MAX_NAME = 100
"""Characters of the name of a solver."""

MAX_COUNT = 1 << 62

_FRACTION = re.compile(r"-?[0-9]{1,4000}/[0-9]{1,4000}", re.ASCII)
_FLOATS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class VectorTable(Table):
    """Entries of a vector other than 0."""

    places: list[int]
    numbers: list[float]


class EntryTable(Table, omit_defaults=True):
    """What the solver answered to one question."""

    question: int
    shape: list[int]
    kind: str
    x: VectorTable | None = None
    y: VectorTable | None = None
    algorithm: str | None = None
    solver: str | None = None
    iterations: int | None = None
    basic: list[int] | None = None
    at_upper: list[int] | None = None


class SavedTable(Table):
    """A saved answer."""

    format: str
    version: int
    versions: dict[str, str]
    result: str
    problem: dict[str, Any]
    key: str
    procedure: str
    exact: bool
    settings: dict[str, Any]
    value: float | str
    lower: float | str
    upper: float | str | None
    answer: dict[str, Any]
    tape: list[EntryTable]

    def stated(self) -> dict[str, Any]:
        """What the file says of the answer, to be compared with what is computed."""
        ends = {name: getattr(self, name) for name in ("value", "lower", "upper")}
        return {"result": self.result, **ends, "answer": self.answer}

    def given(self) -> dict[str, Any]:
        """The settings as ``solve`` takes them.

        Raises
        ------
        VerificationError
            For a value that is none, or options that are not the solver's.
        """
        given = {name: _read(f"settings.{name}", value) for name, value in self.settings.items()}
        options = given.get("options")
        if isinstance(options, dict):
            known = {field.name for field in fields(SolverOptions)}
            for name in options:
                if name not in known:
                    raise VerificationError(f"settings.options.{shown(name)} is no option")
            try:
                given["options"] = SolverOptions(**options)
            except InputError as error:
                raise VerificationError(f"settings.options: {error}") from None
        return given

    def played(self) -> dict[int, Entry]:
        """The tape, by number of the question.

        Raises
        ------
        VerificationError
            For an entry that is not well formed, or a question that is answered twice.
        """
        found: dict[int, Entry] = {}
        for k, entry in enumerate(self.tape):
            path = f"tape[{k}]"
            if not 0 <= entry.question < MAX_COUNT or entry.question in found:
                raise VerificationError(f"{path}.question must be a whole number, given once")
            found[entry.question] = _entry(path, entry)
        return found


def document_text(answer: Any, record: Recorded, path: str | Path) -> str:
    """The file of an answer.

    Raises
    ------
    InstanceError
        For a problem that cannot be written down.
    OptionError
        For settings that cannot be.
    FileError
        If it would be larger than what is read.
    """
    problem = written_down(answer.problem)
    lines = {
        "format": FORMAT,
        "version": VERSION,
        "versions": {
            "persuasion_lp": __version__,
            "solver": SOLVER,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
        "problem": problem,
        "key": key_of(problem),
        "procedure": answer.procedure,
        "exact": record.exact,
        "settings": {name: _written(name, value) for name, value in record.settings.items()},
        **summary(answer),
        "tape": [_entry_table(k, entry) for k, entry in record.tape.items() if _is_small(entry)],
    }
    text = (
        "{\n" + ",\n".join(f'"{name}": {_dumped(value)}' for name, value in lines.items()) + "\n}\n"
    )
    if len(text.encode()) > MAX_SAVED_BYTES or _lists(text) > MAX_LISTS:
        raise FileError(path, f"would have more than the {MAX_SAVED_BYTES} bytes that are read")
    return text


def summary(answer: Any) -> dict[str, Any]:
    """Class, value, bracket and entries of an answer, ready for JSON."""
    ends = {name: getattr(answer, name) for name in ("value", "lower", "upper")}
    return {
        "result": type(answer).__name__,
        **{n: number_text(end) if is_a(end, Fraction) else end for n, end in ends.items()},
        "answer": json_ready(answer.to_dict()),
    }


def saved_from(text: str) -> SavedTable:
    """What a file says.

    Raises
    ------
    VerificationError
        For a file that is not well formed; the field is named.
    """
    if _lists(text) > MAX_LISTS:
        raise VerificationError(f"the file has more than the {MAX_LISTS} lists that are read")
    try:
        data = parse_json(text.removeprefix("\ufeff"))
    except ValueError as error:
        raise VerificationError(f"not a JSON document: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise VerificationError(f"not a saved answer: format must be {FORMAT!r}")
    if data.get("version") != VERSION or type(data["version"]) is not int:
        raise VerificationError(f"version must be {VERSION}; got {shown(data.get('version'))}")
    try:
        return converted(data, SavedTable)
    except InputError as error:
        raise VerificationError(str(error)) from None


def json_ready(value: Any) -> Any:
    """Plain values with lists for tuples and strings for numbers that JSON has not."""
    if isinstance(value, dict):
        return {str(name): json_ready(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(held) for held in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _dumped(value: Any) -> str:
    def compact(held: Any) -> str:
        return json.dumps(held, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))

    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(compact, value)) + "\n]"
    return compact(value)


def _lists(text: str) -> int:
    return text.count("[") + text.count("{")


def _written(name: str, value: Any) -> Any:
    """A setting as plain Python."""
    if is_a(value, SolverOptions):
        return {f.name: _written(name, getattr(value, f.name)) for f in fields(SolverOptions)}
    if is_a(value, Mapping):
        return {str(key): _written(name, held) for key, held in value.items()}
    if is_a(value, tuple):
        return [_written(name, held) for held in value]
    if is_a(value, Fraction):
        return {"fraction": f"{value.numerator}/{value.denominator}"}
    if is_a(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if value is None or is_a(value, (bool, int, float, str)):
        return value
    raise OptionError(name, "must be a list, a number or a name to be saved", value=value)


def _read(path: str, value: Any) -> Any:
    """A setting from plain Python."""
    if isinstance(value, list):
        return [_read(f"{path}[{k}]", held) for k, held in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if set(value) == {"float"} and value["float"] in _FLOATS:
        return _FLOATS[value["float"]]
    if set(value) == {"fraction"}:
        text = value["fraction"]
        if not (isinstance(text, str) and _FRACTION.fullmatch(text)) or not int(text.split("/")[1]):
            raise VerificationError(f"{path}.fraction must be 'p/q'; got {shown(text)}")
        return Fraction(text)
    return {name: _read(f"{path}.{name}", held) for name, held in value.items()}


def _vector(vector: Sparse) -> dict[str, Any]:
    return {"places": vector.places.tolist(), "numbers": vector.numbers.tolist()}


def _is_small(entry: Entry) -> bool:
    """Whether the numbers of an entry are such as are read."""
    vectors = (getattr(entry, name, None) for name in ("x", "y"))
    return all(v is None or (np.abs(v.numbers) <= LARGEST).all() for v in vectors)


def _entry_table(question: int, entry: Entry) -> dict[str, Any]:
    table: dict[str, Any] = {"question": question, "shape": list(entry.shape)}
    if isinstance(entry, Basis):
        found = {"basic": entry.basic.tolist(), "at_upper": entry.at_upper.tolist()}
        return {**table, "kind": "basis", **found}
    if isinstance(entry, Infeasible):
        return {**table, "kind": "infeasible", "y": _vector(entry.y)}
    how = {name: getattr(entry, name) for name in ("algorithm", "solver", "iterations")}
    return {**table, "kind": "optimum", "x": _vector(entry.x), "y": _vector(entry.y), **how}


def _entry(path: str, table: EntryTable) -> Entry:
    if len(table.shape) != 2 or not all(0 <= size < MAX_COUNT for size in table.shape):
        raise VerificationError(f"{path}.shape must be the numbers of rows and of columns")
    m, n = table.shape
    match table.kind:
        case "optimum":
            return Optimum(
                (m, n),
                _sparse(f"{path}.x", table.x, n),
                _sparse(f"{path}.y", table.y, m),
                _algorithm(path, table.algorithm),
                _solver(path, table.solver),
                _count(path, table.iterations),
            )
        case "infeasible":
            return Infeasible((m, n), _sparse(f"{path}.y", table.y, m))
        case "basis":
            basic = _places(f"{path}.basic", table.basic, m + n)
            return Basis((m, n), basic, _places(f"{path}.at_upper", table.at_upper, n))
    raise VerificationError(
        f"{path}.kind must be one of optimum, infeasible, basis; got {shown(table.kind)}"
    )


def _sparse(path: str, table: VectorTable | None, size: int) -> Sparse:
    if table is None:
        raise VerificationError(f"{path} is missing")
    places = _places(f"{path}.places", table.places, size)
    numbers = np.array(table.numbers, dtype=np.float64)
    if numbers.size != places.size:
        raise VerificationError(f"{path}.numbers must be as many as its places")
    if not (np.abs(numbers) <= LARGEST).all():
        raise VerificationError(f"{path}.numbers must be at most {LARGEST:g}")
    return Sparse(places, frozen(numbers))


def _places(path: str, listed: list[int] | None, size: int) -> Integers:
    if listed is None:
        raise VerificationError(f"{path} is missing")
    before = -1
    for place in listed:
        if not before < place < size:
            raise VerificationError(f"{path} must ascend from 0 to below {size}")
        before = place
    return frozen(np.array(listed, dtype=np.int64))


def _algorithm(path: str, name: str | None) -> Method:
    if name not in get_args(Method):
        raise VerificationError(f"{path}.algorithm is none of the solver's; got {shown(name)}")
    return name  # type: ignore[return-value]


def _solver(path: str, name: str | None) -> str:
    if name is None or not name.isprintable() or len(name) > MAX_NAME:
        raise VerificationError(f"{path}.solver must be a name; got {shown(name)}")
    return name


def _count(path: str, count: int | None) -> int:
    if count is None or not 0 <= count < MAX_COUNT:
        raise VerificationError(f"{path}.iterations must be a whole number; got {shown(count)}")
    return count
