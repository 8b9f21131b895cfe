"""TOML and JSON as plain Python and back, within bounds."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import Any

from persuasion_lp.errors import InstanceError
from persuasion_lp.storage import MOST_LEVELS, check_levels, parse_json

__all__ = ["as_json", "as_toml", "is_json", "parsed"]

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(
    rf"""(?<![A-Za-z0-9_."'-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_LEVELS}}}"""
)
"""A dotted key of more parts than there may be levels: reading it takes their number squared."""

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

_IN_WORDS = MappingProxyType(
    {
        "Cannot overwrite a value": "it gives a key twice",
        "Illegal character '\\n'": "a text in quotes does not end on its line",
    }
)
"""What the parser says of common mistakes."""

_WIDTH = 88
"""Characters up to which a list is written on one line."""


def is_json(text: str) -> bool:
    """Whether a document that does not say what it is looks like JSON."""
    return text.lstrip()[:1] in ("{", "[")


def parsed(text: str, *, json_text: bool) -> Any:
    """What a document says.

    Raises
    ------
    InstanceError
        With the line where the parser knows it, for a document that is not well formed, gives a
        key twice, or is nested too deep.
    """
    name = "JSON" if json_text else "TOML"
    line = None
    try:
        return parse_json(text) if json_text else _parse_toml(text)
    except json.JSONDecodeError as error:
        line, said = error.lineno, f"{error.msg}, column {error.colno}"
    except ValueError as error:
        said = str(error)
        place = _PLACE.search(said)
        if place is not None:
            end = place[1] is None
            line = text.count("\n") + 1 if end else int(place[1])
            said = _PLACE.sub(" before the document ends" if end else "", said)
            said = _IN_WORDS.get(said, said)
    raise InstanceError("path", f"must be a {name} file ({said[:200]})", line=line) from None


def _parse_toml(text: str) -> Any:
    import tomllib

    if _LONG_KEY.search(text):
        raise ValueError(f"a key has more than {MOST_LEVELS} parts")
    try:
        return check_levels(tomllib.loads(text))
    except RecursionError:
        raise ValueError(f"it is nested more than {MOST_LEVELS} levels deep") from None


def as_toml(document: dict[str, Any]) -> str:
    """A document as TOML."""
    import tomli_w

    return tomli_w.dumps(document)


def as_json(document: dict[str, Any]) -> str:
    """A document as JSON, each list on one line where it fits."""
    return _json(document, 0) + "\n"


def _json(value: Any, level: int) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or (level and len(text) + 2 * level <= _WIDTH):
        return text
    before = "\n" + "  " * (level + 1)
    if isinstance(value, dict):
        entries = [f"{json.dumps(key)}: {_json(held, level + 1)}" for key, held in value.items()]
    else:
        entries = [_json(held, level + 1) for held in value]
    ends = "{}" if isinstance(value, dict) else "[]"
    return f"{ends[0]}{before}{(',' + before).join(entries)}\n{'  ' * level}{ends[1]}"
