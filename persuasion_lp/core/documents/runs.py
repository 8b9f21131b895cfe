"""Procedures that a file asks for, with their settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from persuasion_lp.core.documents.refusals import below, check_stated
from persuasion_lp.core.family import Family, ProcedureSpec
from persuasion_lp.core.orders import fixed_order
from persuasion_lp.core.settings import allowed_names, setting_names, settings_from
from persuasion_lp.errors import InstanceError, OptionError
from persuasion_lp.inputs import did_you_mean, near_names
from persuasion_lp.lp.options import SolverOptions

__all__ = ["Run", "run_from", "run_schema"]

_NOT_IN_FILES = frozenset({"options", "progress"})
"""Settings that are objects; of the options, a file states the time limit."""

_KINDS: Mapping[str, dict[str, Any]] = {
    "order": {"anyOf": [{"const": "best"}, {"type": "array", "items": {"type": "integer"}}]},
    "tol": {"type": "number", "exclusiveMinimum": 0},
    "cells": {"type": "integer", "minimum": 1},
    "memory_limit": {"type": "number"},
}
"""Schemas of settings by name; names that are allowed come from the annotations."""


@dataclass(frozen=True)
class Run:
    """A procedure that a file asks for.

    Attributes
    ----------
    procedure
        Its name.
    settings
        What ``solve`` takes beside problem and procedure, ``exact`` included.
    """

    procedure: str
    settings: Mapping[str, Any]


def run_from(family: Family[Any], problem: Any, table: Mapping[str, Any], path: str) -> Run:
    """Read a ``[[solve]]`` table at a path.

    Raises
    ------
    InstanceError
        For a procedure or a setting that there is not, or one that the problem has no use for.
    """
    with below(path):
        given = dict(table)
        check_stated(given, "procedure", f"one of {', '.join(family.procedures)}")
        procedure = given.pop("procedure")
        spec = family.spec(procedure)
        known = _settings(spec)
        for name, value in given.items():
            if name not in known:
                has = f"there are {', '.join(known)}{did_you_mean(near_names(known, name))}"
                raise InstanceError(name, f"is no setting of {procedure}; {has}", value=value)
        exact = given.pop("exact", False)
        if not isinstance(exact, bool):
            raise InstanceError("exact", "must be true or false", value=exact)
        if exact and (spec.exact is None or not spec.has_exact(problem)):
            raise OptionError("exact", f"does not apply to {procedure} of this problem", value=True)
        if "time_limit" in given:
            given["options"] = SolverOptions(time_limit=given.pop("time_limit"))
        settings_from(spec.settings, given)
        if "order" in given:
            fixed_order(given["order"], procedure, problem.n)
    return Run(procedure, {**given, **({"exact": True} if exact else {})})


def run_schema(procedures: Mapping[str, ProcedureSpec[Any, Any, Any]]) -> dict[str, Any]:
    """What ``solve`` may hold: for each procedure its settings."""
    runs = []
    for procedure, spec in procedures.items():
        properties: dict[str, Any] = {"procedure": {"const": procedure}}
        for name in _settings(spec):
            properties[name] = _schema(spec, name)
        runs.append(
            {
                "type": "object",
                "properties": properties,
                "required": ["procedure"],
                "additionalProperties": False,
            }
        )
    return {"type": "array", "items": {"anyOf": runs}}


def _settings(spec: ProcedureSpec[Any, Any, Any]) -> list[str]:
    """Settings of a procedure that a file may state."""
    own = [name for name in setting_names(spec.settings) if name not in _NOT_IN_FILES]
    timed = "options" in get_type_hints(spec.settings)
    return [*own, *["time_limit"] * timed, *["exact"] * (spec.exact is not None)]


def _schema(spec: ProcedureSpec[Any, Any, Any], name: str) -> dict[str, Any]:
    settings: Any = spec.settings
    names = allowed_names(settings).get(name)
    if names is not None:
        return {"enum": list(names)}
    if name == "exact":
        return {"type": "boolean"}
    if name == "time_limit":
        return {"type": "number", "minimum": 0}
    return dict(_KINDS.get(name, {}))
