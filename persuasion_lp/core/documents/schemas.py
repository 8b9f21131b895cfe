"""The JSON Schema of instance files, from the types that validate them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

import msgspec

from persuasion_lp.core.documents.base import Given, Table
from persuasion_lp.core.documents.numbers import NUMBERS_SCHEMA
from persuasion_lp.core.documents.runs import run_schema

__all__ = ["schema_of"]


def schema_of(kinds: Mapping[Any, Mapping[str, Any]]) -> dict[str, Any]:
    """The schema of the documents of these kinds, each with its procedures."""
    tables = dict.fromkeys(table for kind in kinds for table in _tables(kind))
    _, defined = msgspec.json.schema_components(
        tables, schema_hook=_schema, ref_template="#/$defs/{name}"
    )
    for kind, procedures in kinds.items():
        defined[kind.__name__]["properties"]["solve"] = run_schema(procedures)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An instance file of persuasion_lp",
        "anyOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds],
        "$defs": {**dict(sorted(defined.items())), **NUMBERS_SCHEMA},
    }


def _schema(kind: type[Given]) -> dict[str, Any]:
    return kind.schema()


def _tables(kind: Any) -> Iterator[type[Table]]:
    """A table, and those that its keys may hold."""
    if isinstance(kind, type) and issubclass(kind, Table):
        yield kind
        for hint in get_type_hints(kind).values():
            yield from _tables(hint)
    elif isinstance(kind, type) and issubclass(kind, Given):
        for table in kind.tables:
            yield from _tables(table)
    for inner in get_args(kind):
        yield from _tables(inner)
