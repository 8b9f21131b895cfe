"""Documents validated by ``msgspec``, and what it refuses in words of our own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from persuasion_lp.core.documents.refusals import joined, placed
from persuasion_lp.errors import InstanceError
from persuasion_lp.inputs import did_you_mean, near_names
from persuasion_lp.shown import shortened

__all__ = ["converted"]

KindT = TypeVar("KindT")

_PATH = re.compile(r"`\$((?:\.\w+|\[\d+\])*)`\Z", re.ASCII)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]", re.ASCII)
_MISSING = re.compile(r"Object missing required field `(\w+)`", re.ASCII)
_EXPECTED = re.compile(r"Expected `(\w+)", re.ASCII)

_RULES: Mapping[str, str] = MappingProxyType(
    {
        "str": "must be text, in quotes",
        "bool": "must be true or false",
        "int": "must be a whole number",
        "array": "must be a list",
        "object": "must be a table of keys and values",
    }
)


def converted(data: Any, kind: type[KindT]) -> KindT:
    """Plain Python as a table.

    Raises
    ------
    InstanceError
        For anything else: its field is the path below ``data``, without a dot in front.
    """
    try:
        return msgspec.convert(data, kind, dec_hook=_read)
    except (msgspec.ValidationError, UnicodeError) as error:
        raise _explained(error, data, kind) from None


def _read(kind: Any, data: Any) -> Any:
    return kind.read(data)


def _explained(error: Exception, data: Any, kind: Any) -> InstanceError:
    """What ``msgspec`` refuses, in words."""
    said = str(error)
    found = _PATH.search(said)
    path = found[1] if found else ""
    field = path.removeprefix(".")
    top = _keys(kind)
    value, kind = _followed(path, data, kind)
    if isinstance(error.__cause__, InstanceError):
        refusal = error.__cause__
        return InstanceError(joined(field, placed(refusal)), refusal.rule, value=refusal.value)
    if missing := _MISSING.match(said):
        return InstanceError(joined(field, missing[1]), "is missing")
    known = _keys(kind)
    if known and isinstance(value, dict):
        for key in value:
            if key not in known:
                rule = f"is no key here{_instead(key, known, top if path else [])}"
                return InstanceError(joined(field, shortened(str(key))), rule)
    expected = _EXPECTED.match(said)
    rule = _RULES.get(expected[1] if expected else "", "is not well formed")
    if isinstance(value, dict) and rule == _RULES["array"]:
        rule += f" of tables, each under [[{field}]]"
    return InstanceError(field, rule, value=value)


def _instead(key: str, known: list[str], top: list[str]) -> str:
    """What is said of a key that there is not: the nearest, or where it belongs."""
    near, above = near_names(known, key), near_names(top, key)
    if above and (above[0] == key or not near):
        return f"; {above[0]} stands at the top of the file, above the first [table]"
    return did_you_mean(near) or f"; there are {', '.join(known)}"


def _followed(path: str, data: Any, kind: Any) -> tuple[Any, Any]:
    """The value at a path, and the type of it."""
    try:
        for name, index in _STEP.findall(path):
            data = data[name] if name else data[int(index)]
            kind = _stated(get_type_hints(kind)[name] if name else get_args(kind)[0])
    except (KeyError, IndexError, TypeError):
        return None, None
    return data, kind


def _stated(hint: Any) -> Any:
    """The type of an optional key."""
    options = [one for one in get_args(hint) if one is not type(None)]
    return options[0] if type(None) in get_args(hint) and len(options) == 1 else hint


def _keys(kind: Any) -> list[str]:
    """What a table may say; nothing for what is no table."""
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return []
    tag = kind.__struct_config__.tag_field
    return [*([tag] if tag else []), *kind.__struct_fields__]
