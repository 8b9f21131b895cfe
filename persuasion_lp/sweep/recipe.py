"""How the instances of a sweep are made: by a function, or from a file with other numbers in it."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any, Protocol

from persuasion_lp.core.documents.texts import as_json
from persuasion_lp.errors import InputError, OptionError
from persuasion_lp.files import document, problem_from, read_document
from persuasion_lp.inputs import did_you_mean, is_a, near_names
from persuasion_lp.primitives.content import Document
from persuasion_lp.shown import shown
from persuasion_lp.sweep.places import Place, place_of, replaced
from persuasion_lp.sweep.values import Value, as_document, as_given

__all__ = ["FromDocument", "FromFunction", "Recipe", "recipe_of"]


class Recipe(Protocol):
    """Makes the problem of an instance from the values of its axes."""

    def problem(self, values: Sequence[Value]) -> Any:
        """The problem; raises whatever its constructor raises."""

    def said(self) -> str:
        """What it is, in words that differ if it does."""


@dataclass(frozen=True)
class FromFunction:
    """Calls a function with the axes by name."""

    function: Callable[..., Any]
    axes: tuple[str, ...]

    def problem(self, values: Sequence[Value]) -> Any:
        """What the function returns."""
        given = {name: as_given(v) for name, v in zip(self.axes, values, strict=True)}
        return self.function(**given)

    def said(self) -> str:
        """Its name, and a digest of its source."""
        name = getattr(self.function, "__qualname__", type(self.function).__qualname__)
        return f"function {name} #{_digest(_source(self.function))}"


@dataclass(frozen=True)
class FromDocument:
    """Puts the values of the axes in their places in a document."""

    document: Document
    places: tuple[Place, ...]

    def problem(self, values: Sequence[Value]) -> Any:
        """The problem that the changed document states."""
        changed: Any = self.document
        for place, value in zip(self.places, values, strict=True):
            changed = replaced(changed, place, as_document(value))
        return problem_from(changed)

    def said(self) -> str:
        """The class of the problem, and a digest of the document."""
        return f"{self.document.get('problem')} #{_digest(as_json(self.document))}"


def recipe_of(build: Any, axes: tuple[str, ...]) -> Recipe:
    """Read what makes the instances.

    Parameters
    ----------
    build
        A function that takes the axes by name and returns a problem; or a file, a document or a
        problem, into which the axes are paths.
    axes
        Their names.

    Raises
    ------
    OptionError
        For anything else; for axes that the function does not take, arguments of it that are no
        axes, and paths that lead nowhere.
    InstanceError
        For a file that cannot be read, and a problem that cannot be written down.
    """
    if callable(build):
        _check_arguments(build, axes)
        return FromFunction(build, axes)
    said = _document(build)
    return FromDocument(said, tuple(place_of(axis, said) for axis in axes))


def _document(build: Any) -> Document:
    if is_a(build, (str, Path)):
        said = read_document(build)
    elif is_a(build, Mapping):
        said = dict(build)
    else:
        try:
            said = document(build)
        except InputError as error:
            if error.field != "problem":
                raise
            rule = "must be a function of the axes, an instance file, its document or a problem"
            raise OptionError("build", rule, value=shown(build)) from None
    said.pop("solve", None)
    return said


def _check_arguments(build: Callable[..., Any], axes: tuple[str, ...]) -> None:
    """Refuse axes that a function does not take, and arguments that are no axes."""
    try:
        parameters = inspect.signature(build).parameters.values()
    except (TypeError, ValueError):
        return
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        for axis in axes:
            if axis not in named:
                takes = f"takes {', '.join(named) or 'no arguments'}"
                rule = f"must have arguments of build as axes, which {takes}"
                raise OptionError(
                    "grid", f"{rule}{did_you_mean(near_names(named, axis))}", value=axis
                )
    for p in parameters:
        if p.kind is p.POSITIONAL_ONLY and p.default is p.empty:
            raise OptionError("build", f"must take {p.name} by name")
        if p.name in named and p.default is p.empty and p.name not in axes:
            raise OptionError("grid", f"must have an axis {p.name}: build needs it")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _source(function: Any) -> str:
    """What a function does, in words that are the same in every run of the same program."""
    if is_a(function, partial):
        bound = {k: repr(v) for k, v in sorted(function.keywords.items())}
        return f"{_source(function.func)} with {function.args!r} {bound}"
    if inspect.ismethod(function):
        return f"{_source(function.__func__)} of {function.__self__!r}"
    code = getattr(function, "__code__", None)
    if code is None:
        called = type(function).__call__
        return f"{function!r} {_source(called) if hasattr(called, '__code__') else ''}"
    try:
        text = inspect.getsource(function)
    except (OSError, TypeError):
        text = _code(code)
    held = [repr(cell.cell_contents) for cell in function.__closure__ or ()]
    return f"{text} {function.__defaults__!r} {function.__kwdefaults__!r} {held}"


def _code(code: CodeType) -> str:
    """Byte code, with the constants and names that it uses."""
    constants = [_code(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {code.co_varnames} {constants}"
