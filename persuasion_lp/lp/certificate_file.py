r"""Certificates as files: a rational program, and a primal and a dual solution that prove it.

The file is JSON and self-contained:

    {"format": "persuasion_lp certificate", "version": 1, "about": {…},
     "sense": "maximize", "offset": q, "objective": [q, …],
     "lower": [q or null, …], "upper": [q or null, …],
     "senses": ["<=" or "==" or ">=", …], "rhs": [q, …],
     "entries": [[row, column, q], …],
     "columns": [[name, [shape]], …], "rows": [[name, [shape]], …],
     "primal": [q, …], "dual": [q, …], "value": q,
     "digest": SHA-256 of all the rest, in canonical JSON}

with every q a string "p/q" in decimal (or in hexadecimal, "0x…", where decimal would be very long).
Reading bounds every size before it is used, evaluates nothing, and needs no solver. The digest
shows that the file is as it was written, also where another number would prove the same value; the
proof itself does not rest on it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.errors import FileError, VerificationError
from persuasion_lp.lp.blocks import SENSE_CODE, Block
from persuasion_lp.lp.rational import (
    Effort,
    RationalProgram,
    RationalSolution,
    number_text,
    optimality_failures,
)
from persuasion_lp.storage import parse_json, read_text

__all__ = ["Verification", "certificate_json", "verify", "verify_file"]

FORMAT = "persuasion_lp certificate"
VERSION = 1

MAX_CERTIFICATE_BYTES = 256 * 2**20
MAX_LINES = 1_000_000
"""Rows or columns accepted."""

MAX_ENTRIES = 5_000_000
"""Coefficients accepted, and lists and objects in the file: each takes more memory than text."""

MAX_DIGITS = 100_000
"""Characters of one number: solutions of large programs have long denominators."""

MAX_EFFORT = 5e13
"""Bits of the numbers multiplied or added, in products of their lengths: a minute or two."""

_INTEGER = r"(?:[0-9]{1,4000}|0x[0-9a-f]+)"
_NUMBER = re.compile(rf"(-?)({_INTEGER})(?:/({_INTEGER}))?")
_SENSE_NAME = {code: name for name, code in SENSE_CODE.items()}


@dataclass(frozen=True)
class Verification:
    """What re-checking a certificate found.

    Attributes
    ----------
    value
        The value claimed.
    failures
        Why it is not proved, row by row and column by column; empty when it is.
    about
        What the file says the program is.
    rows, columns
        Size of the program.
    """

    value: Fraction
    failures: tuple[str, ...]
    about: Mapping[str, Any]
    rows: int
    columns: int

    @property
    def ok(self) -> bool:
        """Whether the value is proved."""
        return not self.failures


def certificate_json(solution: RationalSolution, about: Mapping[str, Any]) -> str:
    """Write a proved solution as a certificate.

    Parameters
    ----------
    solution
        The optimal pair.
    about
        What the program is, for readers; not used in verification.
    """
    program = solution.program
    document = {
        "format": FORMAT,
        "version": VERSION,
        "about": dict(about),
        "sense": "maximize",
        "offset": number_text(program.offset),
        "objective": [number_text(c) for c in program.objective],
        "lower": [None if bound is None else number_text(bound) for bound in program.lower],
        "upper": [None if bound is None else number_text(bound) for bound in program.upper],
        "senses": [_SENSE_NAME[sense] for sense in program.senses],
        "rhs": [number_text(b) for b in program.rhs],
        "entries": [
            [i, j, number_text(a)]
            for j, column in enumerate(program.entries)
            for i, a in column.items()
        ],
        "columns": [[block.name, list(block.shape)] for block in program.columns.values()],
        "rows": [[block.name, list(block.shape)] for block in program.rows.values()],
        "primal": [number_text(x) for x in solution.x],
        "dual": [number_text(y) for y in solution.y],
        "value": number_text(solution.value),
    }
    return json.dumps({**document, "digest": _digest(document)}, default=dict)


def verify_file(path: str | Path) -> Verification:
    """Verify a certificate file; see :func:`verify`.

    Raises
    ------
    VerificationError
        Also for a file that cannot be read, is no regular file or is too large.
    """
    try:
        text = read_text(path, MAX_CERTIFICATE_BYTES)
    except FileError as error:
        raise VerificationError(str(error)) from None
    return verify(text)


def verify(text: str) -> Verification:
    """Re-check a certificate with rational arithmetic alone.

    Raises
    ------
    VerificationError
        If the text is no certificate: truncated, of an unknown version, malformed or too large. A
        well-formed certificate that proves nothing is returned with its failures.
    """
    data = _document(text)
    if data.get("format") != FORMAT:
        raise VerificationError(f"not a certificate: format must be {FORMAT!r}")
    version = data.get("version")
    if type(version) is not int or version != VERSION:
        raise VerificationError(
            f"version {_shortened(version)} is unknown; this is version {VERSION}"
        )
    if data.get("sense") != "maximize":
        raise VerificationError("sense must be 'maximize'")
    about = data.get("about")
    if not isinstance(about, dict):
        raise VerificationError("about must be an object")
    try:
        described = FrozenMapping(about)
    except RecursionError:
        raise VerificationError("about is nested too deeply") from None
    effort = Effort(MAX_EFFORT)
    objective = _numbers(data, "objective", effort)
    rhs = _numbers(data, "rhs", effort)
    n, m = len(objective), len(rhs)
    program = RationalProgram(
        objective=objective,
        entries=_entries(data, m, n, effort),
        senses=tuple(_sense(i, name) for i, name in enumerate(_list(data, "senses", m))),
        rhs=rhs,
        lower=_bounds(data, "lower", n, effort),
        upper=_bounds(data, "upper", n, effort),
        offset=_number("offset", data.get("offset"), effort),
        columns=_blocks(data, "columns", n),
        rows=_blocks(data, "rows", m),
    )
    value = _number("value", data.get("value"), effort)
    primal, dual = _numbers(data, "primal", effort, n), _numbers(data, "dual", effort, m)
    failures = optimality_failures(program, primal, dual, value, effort)
    if data.get("digest") != _digest({k: v for k, v in data.items() if k != "digest"}):
        failures.append("the file is not as it was written: its digest does not fit")
    return Verification(value=value, failures=tuple(failures), about=described, rows=m, columns=n)


def _document(text: str) -> dict[str, Any]:
    """The JSON object in a text, its size bounded before it is read."""
    if len(text) > MAX_CERTIFICATE_BYTES:
        raise VerificationError(f"the file is longer than the {MAX_CERTIFICATE_BYTES} bytes read")
    inside = text.count("[") + text.count("{")
    if inside > MAX_ENTRIES:
        raise VerificationError(f"{inside} lists are more than the {MAX_ENTRIES} read")
    try:
        data = parse_json(text)
    except ValueError as error:
        raise VerificationError(f"not a JSON document: {error}") from None
    if not isinstance(data, dict):
        raise VerificationError(f"not a certificate: format must be {FORMAT!r}")
    return data


def _digest(document: Mapping[str, Any]) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), default=dict)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _number(field: str, text: Any, effort: Effort) -> Fraction:
    match = _NUMBER.fullmatch(text) if isinstance(text, str) and len(text) <= MAX_DIGITS else None
    if match is None:
        raise VerificationError(f"{field} must be a rational number 'p/q'; got {_shortened(text)}")
    sign, top, bottom = match.groups()
    denominator = int(bottom, 0) if bottom and bottom.startswith("0x") else int(bottom or "1")
    numerator = int(top, 0) if top.startswith("0x") else int(top)
    if not denominator:
        raise VerificationError(f"{field} has a zero denominator")
    effort.spend(numerator, denominator)
    return Fraction(-numerator if sign else numerator, denominator)


def _shortened(value: Any) -> str:
    """What was given, on one short line."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    text = ascii(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _list(data: Mapping[str, Any], field: str, length: int | None = None) -> list[Any]:
    values = data.get(field)
    if not isinstance(values, list):
        raise VerificationError(f"{field} must be a list")
    limit = MAX_ENTRIES if field == "entries" else MAX_LINES
    if len(values) > limit:
        raise VerificationError(f"{field} has {len(values)} entries; at most {limit} are read")
    if length is not None and len(values) != length:
        raise VerificationError(f"{field} must have {length} entries; it has {len(values)}")
    return values


def _numbers(
    data: Mapping[str, Any], field: str, effort: Effort, length: int | None = None
) -> tuple[Fraction, ...]:
    values = _list(data, field, length)
    return tuple(_number(f"{field}[{k}]", text, effort) for k, text in enumerate(values))


def _bounds(
    data: Mapping[str, Any], field: str, length: int, effort: Effort
) -> tuple[Fraction | None, ...]:
    return tuple(
        None if text is None else _number(f"{field}[{k}]", text, effort)
        for k, text in enumerate(_list(data, field, length))
    )


def _sense(index: int, name: Any) -> int:
    if not isinstance(name, str) or name not in SENSE_CODE:
        raise VerificationError(f"senses[{index}] must be one of {', '.join(SENSE_CODE)}")
    return SENSE_CODE[name]  # type: ignore[index]


def _entries(
    data: Mapping[str, Any], m: int, n: int, effort: Effort
) -> tuple[dict[int, Fraction], ...]:
    columns: list[dict[int, Fraction]] = [{} for _ in range(n)]
    for k, entry in enumerate(_list(data, "entries")):
        if not (isinstance(entry, list) and len(entry) == 3):
            raise VerificationError(f"entries[{k}] must be [row, column, number]")
        i, j, text = entry
        if type(i) is not int or type(j) is not int or not (0 <= i < m and 0 <= j < n):
            raise VerificationError(
                f"entries[{k}] must name a row below {m} and a column below {n}"
            )
        if i in columns[j]:
            raise VerificationError(f"entries[{k}] gives row {i}, column {j} a second time")
        columns[j][i] = _number(f"entries[{k}]", text, effort)
    return tuple(columns)


def _blocks(data: Mapping[str, Any], field: str, total: int) -> FrozenMapping[str, Block]:
    blocks: dict[str, Block] = {}
    start = 0
    for k, entry in enumerate(_list(data, field)):
        named = isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str)
        sizes = entry[1] if named else None
        if not (
            isinstance(sizes, list)
            and len(sizes) <= 64
            and all(type(size) is int and 0 <= size <= total for size in sizes)
        ):
            raise VerificationError(f"{field}[{k}] must be [name, shape]")
        block = Block(entry[0], tuple(sizes), start)
        if block.name in blocks:
            raise VerificationError(f"{field}[{k}] gives a name a second time")
        start += block.size
        blocks[block.name] = block
    if start != total:
        raise VerificationError(f"{field} must add up to {total}; they add up to {start}")
    return FrozenMapping(blocks)
