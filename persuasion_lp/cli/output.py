"""What the command line prints: answers in every format, tables, lines that end.

Whatever a file or an argument says reaches the terminal on one line that ends, without anything a
terminal would act on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from persuasion_lp.files import InstanceFile, document
from persuasion_lp.shown import shortened
from persuasion_lp.storage import write_text

__all__ = [
    "ANSWERS",
    "FORMATS",
    "answer_entry",
    "answers_schema",
    "as_json",
    "deliver",
    "in_format",
    "one_line",
    "print_table",
]

LINE = 1000
"""Characters shown of what a file says on one line."""

ANSWERS, VERSION = "persuasion_lp answers", 1
"""Format and version of what ``--format json`` prints."""

FORMATS: Mapping[str, Callable[[Any], str]] = {
    "brief": repr,
    "text": lambda answer: answer.describe("text"),
    "md": lambda answer: answer.describe("markdown"),
    "latex": lambda answer: answer.describe("latex"),
}
"""From an answer to text; ``json`` holds all answers in one document."""


def in_format(answers: Sequence[Any], file: InstanceFile, chosen: str) -> str:
    """Answers as the format chosen has them."""
    if chosen == "json":
        return as_json(file, answers)
    end = "" if chosen == "brief" else "\n"
    return "".join(f"{FORMATS[chosen](answer).rstrip()}\n{end}" for answer in answers)


def as_json(file: InstanceFile, answers: Sequence[Any]) -> str:
    """One document with the problem and all answers; see :func:`answers_schema`."""
    said = {
        "format": ANSWERS,
        "version": VERSION,
        "name": file.name,
        "problem": document(file.problem),
        "answers": [answer_entry(answer) for answer in answers],
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def answer_entry(answer: Any) -> dict[str, Any]:
    """An answer in plain Python types: what all have, then everything that it says of itself."""
    exact = not isinstance(answer.value, float)
    ends = (answer.value, answer.lower, answer.upper)
    value, lower, upper = (str(end) if exact else end for end in ends)
    return {
        "procedure": answer.procedure,
        "exact": exact,
        "value": value,
        "lower": lower,
        "upper": upper,
        "proved": bool(answer.certificate.ok),
        "answer": answer.to_dict(),
    }


def answers_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what ``--format json`` prints."""
    number = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^-?[0-9]+(/[0-9]+)?$"}]}
    entry = {
        "type": "object",
        "properties": {
            "procedure": {"type": "string"},
            "exact": {"type": "boolean"},
            "value": number,
            "lower": number,
            "upper": {"anyOf": [*number["anyOf"], {"type": "null"}]},
            "proved": {"const": True},
            "answer": {"type": "object"},
        },
        "required": ["procedure", "exact", "value", "lower", "upper", "proved", "answer"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answers of persuasion_lp",
        "type": "object",
        "properties": {
            "format": {"const": ANSWERS},
            "version": {"const": VERSION},
            "name": {"type": "string"},
            "problem": {"type": "object"},
            "answers": {"type": "array", "items": entry},
        },
        "required": ["format", "version", "name", "problem", "answers"],
        "additionalProperties": False,
    }


def deliver(text: str, path: str | None, *, force: bool) -> None:
    """Print text, or write it to a file."""
    if path is None:
        print(text, end="")
    else:
        write_text(path, text, overwrite=force)


def one_line(text: str) -> str:
    """What a file says, on a line that ends, without anything a terminal would act on."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return shortened(text, LINE).encode(encoding, "backslashreplace").decode(encoding)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
