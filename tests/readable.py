"""Names of parameters that tell what is tested: ``<lambda>`` and ``problem0`` tell nothing."""

from __future__ import annotations

import ast
import linecache
import re
from types import FunctionType, ModuleType

from persuasion_lp.shown import MOST_BITS, shown

LONGEST = 80


def readable(value: object) -> str | None:
    """A short name of a parameter, or None where pytest's own name is good.

    A lambda is what it returns, a collection its entries, and an object what it prints: or its
    class, where that is long.
    """
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return shown(value)
    if value is None or isinstance(value, int | float | bytes | type | ModuleType):
        return None
    if isinstance(value, str):
        return None if len(value) <= LONGEST else f"{len(value)} characters"
    if isinstance(value, FunctionType):
        return _shortened(_returned(value)) if value.__name__ == "<lambda>" else None
    if isinstance(value, set | frozenset):
        return _shortened("{" + ", ".join(sorted(map(repr, value))) + "}")
    try:
        text = re.sub(r" at 0x[0-9a-f]+", "", repr(value))
    except Exception:
        return shown(value)
    builtin = type(value).__module__ in ("builtins", "numpy")
    return _shortened(text) if builtin or len(text) <= LONGEST else type(value).__name__


def _returned(function: FunctionType) -> str:
    """Source of the expression that a lambda returns."""
    file = "".join(linecache.getlines(function.__code__.co_filename))
    positions = set(function.__code__.co_positions())
    for node in ast.walk(ast.parse(file)):
        if isinstance(node, ast.Lambda):
            body = node.body
            here = (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset)
            if here in positions:
                return ast.get_source_segment(file, body) or "lambda"
    return "lambda"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
