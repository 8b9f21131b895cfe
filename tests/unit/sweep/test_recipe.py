"""How instances are made."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

import persuasion_lp as plp
from persuasion_lp.errors import InstanceError, OptionError
from persuasion_lp.files import document
from persuasion_lp.sweep.recipe import recipe_of
from tests.unit.sweep.makers import judges

GAME = judges("4/5")
EXAMPLE = Path(__file__).parents[3] / "examples" / "two_judges.toml"


def test_a_file_a_document_and_a_problem_make_the_same(tmp_path: Path) -> None:
    file = tmp_path / "judges.toml"
    plp.write(GAME, file)
    axes = ("receivers[*].threshold", "prior[0, 1]")
    made = [
        recipe_of(build, axes).problem(("3/5", 0.5))
        for build in (str(file), file, document(GAME), GAME)
    ]
    assert made == [judges("3/5")] * 4


def test_examples_are_templates() -> None:
    changed = recipe_of(EXAMPLE, ("receivers[0].threshold",)).problem((0.7,))
    assert changed.receivers[0].cutoffs.tolist() == [0.7]


def test_functions_are_called_by_name() -> None:
    assert recipe_of(judges, ("share", "threshold")).problem((0.3, 0.8)) == judges(0.8, 0.3)
    assert recipe_of(partial(judges, share=0.3), ("threshold",)).problem((0.8,)) == judges(0.8, 0.3)


def test_what_a_recipe_says_tells_it_from_others() -> None:
    def close(bound: float) -> Any:
        return lambda threshold: judges(threshold, bound)

    axes = ("threshold",)
    recipes = [
        judges,
        partial(judges, share=0.3),
        partial(judges, share=0.4),
        close(0.3),
        close(0.4),
        lambda threshold: judges(threshold),
    ]
    told = [recipe_of(build, axes).said() for build in recipes]
    assert len(set(told)) == len(told)
    assert recipe_of(close(0.3), axes).said() == told[3]
    place = ("receivers[0].threshold",)
    assert recipe_of(GAME, place).said() == recipe_of(judges("4/5"), place).said()
    assert recipe_of(GAME, place).said() != recipe_of(judges(0.8), place).said()


def test_functions_without_source_are_told_apart() -> None:
    space: dict[str, Any] = {}
    told = []
    for body in ("t + 1", "t + 2", "t + 1"):
        exec(f"def f(t): return {body}", space)  # noqa: S102
        told.append(recipe_of(space["f"], ("t",)).said())
    assert told[0] == told[2] != told[1]


@pytest.mark.parametrize(
    ("build", "axes", "told"),
    [
        (judges, ("treshold",), "did you mean 'threshold'"),
        (judges, ("share",), "must have an axis threshold"),
        (abs, ("x",), ""),
        (3.5, ("x",), "must be a function of the axes, an instance file"),
        (GAME, ("cutoffs",), "paths into the problem's file"),
    ],
)
def test_what_makes_no_instances_is_refused(build: Any, axes: Any, told: str) -> None:
    with pytest.raises(OptionError) as caught:
        recipe_of(build, axes)
    assert told in str(caught.value)


def test_what_cannot_be_written_down_is_no_template() -> None:
    game = plp.BeliefGame(0.3, [plp.BeliefFunction(lambda x: x, lipschitz=1.0)], grid=8)
    with pytest.raises(InstanceError):
        recipe_of(game, ("prior",))
    with pytest.raises(InstanceError, match=r"nowhere\.toml"):
        recipe_of("nowhere.toml", ("prior",))
