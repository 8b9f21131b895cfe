"""What users may type: every exported name, with its signature and its public members.

Signatures leave module paths out, so that moving a class from one module to another changes
nothing. ``python -m tests.public_api`` prints them as JSON.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Mapping
from functools import cached_property
from types import ModuleType
from typing import Any

__all__ = ["MODULES", "described", "differences", "flattened", "public_api"]

MODULES = (
    "persuasion_lp",
    "persuasion_lp.catalog",
    "persuasion_lp.errors",
    "persuasion_lp.priors",
    "persuasion_lp.theorems",
    "persuasion_lp.theorems.draws",
    "persuasion_lp.theorems.lx",
    "persuasion_lp.theorems.problem_draws",
)
"""As users reach them, by attributes of the package."""

CALL = "()"
"""Key of a class's constructor among its members."""

Members = dict[str, str]
Api = dict[str, dict[str, Any]]

_PATH = re.compile(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])")


def public_api() -> Api:
    """By module and name, what is exported."""
    package = importlib.import_module("persuasion_lp")
    found: Api = {}
    for path in MODULES:
        module: Any = package
        for part in path.split(".")[1:]:
            module = getattr(module, part)
        found[path] = {name: described(getattr(module, name)) for name in sorted(module.__all__)}
    return found


def described(thing: Any) -> str | Members:
    """A function by its signature, a class by those of its members, all else by its type."""
    if inspect.isclass(thing):
        return {CALL: _signature(thing), **_members(thing)}
    if isinstance(thing, ModuleType):
        return "module"
    if inspect.isroutine(thing):
        return _signature(thing)
    return f"constant: {type(thing).__name__}"


def _members(kind: type) -> Members:
    own = [base for base in kind.__mro__ if base.__module__.partition(".")[0] != "builtins"]
    own = [base for base in own if base.__module__.partition(".")[0] not in _FOREIGN]
    names = {name for base in own for name in vars(base) if not name.startswith("_")}
    return {name: _member(inspect.getattr_static(kind, name)) for name in sorted(names)}


_FOREIGN = frozenset({"abc", "typing", "collections", "enum"})


def _member(thing: Any) -> str:
    if isinstance(thing, (classmethod, staticmethod)):
        return f"{type(thing).__name__} {_signature(thing.__func__)}"
    if isinstance(thing, property):
        return f"property{_returns(thing.fget)}"
    if isinstance(thing, cached_property):
        return f"property{_returns(thing.func)}"
    if inspect.isfunction(thing):
        return _signature(thing)
    return "attribute"


def _returns(function: Any) -> str:
    annotation = inspect.signature(function).return_annotation
    return "" if annotation is inspect.Signature.empty else f" -> {_annotation(annotation)}"


def _signature(thing: Any) -> str:
    try:
        signature = inspect.signature(thing)
    except (TypeError, ValueError):
        return "(...)"
    plain = [
        parameter.replace(
            annotation=inspect.Parameter.empty,
            default=inspect.Parameter.empty,
        )
        for parameter in signature.parameters.values()
    ]
    texts = []
    for parameter, bare in zip(signature.parameters.values(), plain, strict=True):
        text = str(bare)
        if parameter.annotation is not inspect.Parameter.empty:
            text += f": {_annotation(parameter.annotation)}"
        if parameter.default is not inspect.Parameter.empty:
            text += f" = {_default(parameter.default)}"
        texts.append((parameter.kind, text))
    return f"({_listed(texts)}){_returns(thing) if not inspect.isclass(thing) else ''}"


def _listed(texts: list[tuple[Any, str]]) -> str:
    """Parameters with the ``/`` and ``*`` between their kinds."""
    parts: list[str] = []
    before = None
    for kind, text in texts:
        if before is inspect.Parameter.POSITIONAL_ONLY and kind is not before:
            parts.append("/")
        starred = any(part.startswith("*") for part in parts)
        if kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            parts.append("*")
        parts.append(text)
        before = kind
    if before is inspect.Parameter.POSITIONAL_ONLY:
        parts.append("/")
    return ", ".join(parts)


def _annotation(annotation: Any) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return _PATH.sub("", text)


def _default(value: Any) -> str:
    if value is None or isinstance(value, (bool, int, float, str, tuple)):
        return repr(value)
    if inspect.isroutine(value) or inspect.isclass(value):
        return str(value.__name__)
    return f"<{type(value).__name__}>"


def flattened(api: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """By dotted name, what it is; of a class, one entry for each member."""
    flat = {}
    for module, names in api.items():
        for name, what in names.items():
            path = f"{module}.{name}"
            if isinstance(what, str):
                flat[path] = what
            else:
                flat[path] = f"class {what[CALL]}"
                flat |= {f"{path}.{member}": text for member, text in what.items()}
                del flat[f"{path}.{CALL}"]
    return flat


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """By dotted name, what has changed: ``added``, ``removed``, or what it is now.

    Members of what has itself been added or removed are not listed.
    """
    found: dict[str, str] = {}
    for path in sorted({*before, *now}):
        if before.get(path) == now.get(path):
            continue
        change = "added" if path not in before else now.get(path, "removed")
        above = path.rpartition(".")[0]
        if not (change in ("added", "removed") and found.get(above) == change):
            found[path] = change
    return found


if __name__ == "__main__":
    print(json.dumps(public_api(), indent=1, sort_keys=True, ensure_ascii=False))
