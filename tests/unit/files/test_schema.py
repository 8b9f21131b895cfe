"""The JSON Schema of instance files, and the examples that are read, solved and validated by it."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import persuasion_lp as plp
from persuasion_lp.core.family import families, family_of
from persuasion_lp.files import document, read_file
from tests.unit.files.test_documents import SAID
from tests.unit.files.test_mistakes import MISTAKES

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
PUBLISHED = ROOT / "docs" / "instance.schema.json"
solve: Callable[..., Any] = plp.solve
VALIDATOR = jsonschema.Draft202012Validator(plp.schema())

VALUES = {
    ("two_judges", "sequential"): "37/32",
    ("committee", "simultaneous"): "5/8",
    ("committee", "sequential"): "5/7",
    ("posterior_means", "simultaneous"): "15/16",
    ("tests_finite", "menu"): "11/75",
    ("common_belief", "simultaneous"): "13/10",
    ("fifty_firms", "bce"): "130/151",
    ("fifty_firms", "adversarial"): "20/27",
    ("two_firms", "elicited"): "25198/40775",
    ("two_firms", "unelicited"): "53463/87034",
}


WRITTEN_BY = "import json, persuasion_lp as p; print(json.dumps(p.schema(), indent=1))"


def test_the_published_schema_is_this_one() -> None:
    """Without families from outside, which other tests register."""
    done = subprocess.run(
        [sys.executable, "-c", WRITTEN_BY], capture_output=True, text=True, check=True, timeout=60
    )
    assert PUBLISHED.read_text("utf-8") == done.stdout


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(plp.schema())


def test_every_reference_has_its_definition() -> None:
    text = json.dumps(plp.schema())
    for part in text.split('"$ref": "#/$defs/')[1:]:
        assert part.split('"')[0] in plp.schema()["$defs"]


def test_every_family_has_files() -> None:
    own = {family.kind.__name__ for family in families() if family.document is not None}
    assert own >= {
        "AnonymousGame",
        "BayesianGame",
        "BeliefGame",
        "ExchangeableGame",
        "ManagerProblem",
        "PersuasionGame",
        "PosteriorMeanGame",
        "VotingGame",
    }


@pytest.mark.parametrize(("problem", "said"), SAID)
def test_documents_obey_the_schema(problem: Any, said: dict[str, Any]) -> None:
    VALIDATOR.validate(document(problem))


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_examples_are_read_and_solved(path: Path) -> None:
    text = path.read_text("utf-8")
    VALIDATOR.validate(tomllib.loads(text))
    assert text.startswith("# ")
    file = read_file(path)
    assert file.name
    assert file.runs
    for run in file.runs:
        asked: dict[str, Any] = dict(run.settings)
        answer = solve(file.problem, run.procedure, **asked)
        assert answer.certificate.ok
        value = VALUES.get((path.stem, run.procedure))
        assert value is None or str(answer.value) == value


def test_the_examples_are_of_all_families() -> None:
    shown = {family_of(read_file(path).problem).kind for path in EXAMPLES}
    shown_names = {kind.__name__ for kind in shown}
    assert shown_names == {
        "AnonymousGame",
        "BayesianGame",
        "BeliefGame",
        "ExchangeableGame",
        "ManagerProblem",
        "PersuasionGame",
        "PosteriorMeanGame",
        "VotingGame",
    }
    asked = {(path.stem, run.procedure) for path in EXAMPLES for run in read_file(path).runs}
    assert VALUES.keys() <= asked


def refused(text: str) -> bool:
    """Whether the schema refuses what a file says."""
    return not VALIDATOR.is_valid(json.loads(json.dumps(tomllib.loads(text), default=str)))


KINDS_OF_MISTAKES = [
    (text, field)
    for text, field, said in MISTAKES
    if any(
        word in " ".join(said)
        for word in (
            "no key",
            "did you mean",
            "is missing",
            "must be a list",
            "must be text",
            "true or false",
            "whole number",
            "truth values",
            "words in L and H",
        )
    )
]


@pytest.mark.parametrize(
    ("text", "field"), KINDS_OF_MISTAKES, ids=[field for _, field in KINDS_OF_MISTAKES]
)
def test_the_schema_refuses_what_has_the_wrong_form(text: str, field: str) -> None:
    assert refused(text) or field in ("receivers[1].payoffs", "solve[0].order", "quota")


def test_the_settings_in_the_schema_are_those_of_the_procedures() -> None:
    runs = plp.schema()["$defs"]["ManagerDocument"]["properties"]["solve"]["items"]["anyOf"]
    by_name = {run["properties"]["procedure"]["const"]: run["properties"] for run in runs}
    assert [*by_name] == ["menu", "single_test", "commitment", "profile_menu"]
    assert by_name["menu"]["formulation"]["enum"] == ["rays", "reduced", "full"]
    assert "cells" in by_name["commitment"]
    assert "cells" not in by_name["menu"]
    assert "options" not in by_name["menu"]
