"""Paths into a document."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from persuasion_lp.errors import OptionError
from persuasion_lp.sweep.places import place_of, replaced

DOCUMENT: dict[str, Any] = {
    "problem": "PersuasionGame",
    "prior": {"HL": 0.5, "LH": 0.5},
    "table": [[1, 2], [3, 4]],
    "receivers": [{"threshold": 0.8}, {"threshold": 0.7, "payoffs": [0, 1]}],
}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("prior", ("prior",)),
        ("prior.HL", ("prior", "HL")),
        ("receivers[1].payoffs[0]", ("receivers", 1, "payoffs", 0)),
        ("receivers[*].threshold", ("receivers", None, "threshold")),
        ("table[1, 0]", ("table", 1, 0)),
        ("table[1][0]", ("table", 1, 0)),
        ("table[*][ 1 ]", ("table", None, 1)),
    ],
)
def test_a_path_leads_to_its_value_and_nothing_else_changes(path: str, place: Any) -> None:
    assert place_of(path, DOCUMENT) == place
    before = copy.deepcopy(DOCUMENT)
    changed = replaced(DOCUMENT, place, "new")
    assert before == DOCUMENT
    assert repr(changed).count("'new'") == (2 if None in place else 1)
    found: Any = changed
    for step in place:
        found = found[0 if step is None else step]
    assert found == "new"


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("recievers[0].threshold", "receivers[0].threshold"),
        ("receivers[2].threshold", "receivers[1].threshold"),
        ("receivers[1].threshhold", "receivers[1].threshold"),
        ("receivers[*].payoffs", "receivers[1].payoffs"),
        ("prior.LL", "prior.HL"),
        ("prior[0]", "prior"),
        ("table[0, 2]", "table[0]"),
        ("table.0", "table"),
        ("receivers[0", "receivers[0]"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_with_the_nearest(path: str, near: str) -> None:
    with pytest.raises(OptionError, match="paths into the problem's file") as caught:
        place_of(path, DOCUMENT)
    assert repr(near) in str(caught.value)
    assert path in str(caught.value)
