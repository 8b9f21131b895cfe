"""Problem, file, problem: the same key, the same numbers; on random problems of all families."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

import persuasion_lp as plp
from persuasion_lp.core.documents.texts import as_json, as_toml, parsed
from persuasion_lp.core.family import families, family_of
from persuasion_lp.files import document, problem_from, read, write
from persuasion_lp.laboratory import draws, problem_draws
from tests.strategies import (
    anonymous_games,
    bayesian_games,
    committees,
    fraction_plans,
    groups,
    means_games,
    nested_games,
    problems,
)

NAMES = ["Ann", "Bob", "Cid", "Dot", "Eve"]

DRAWS: list[Callable[[np.random.Generator], Any]] = [
    draws.general_game,
    draws.game_with_payoff_table,
    draws.judges,
    draws.two_cutoffs,
    draws.receivers_of_many_states,
    draws.nested_receivers,
    draws.committee,
    draws.unanimous_committee,
    draws.known_worker,
    draws.incapable_worker,
    problem_draws.plan,
    problem_draws.plan_near_three_tests,
    problem_draws.posterior_mean_game,
    problem_draws.belief_game,
]


@st.composite
def by_utility(draw: st.DrawFn) -> plp.PersuasionGame:
    """Receivers by utilities, named or not, on states of one axis or two."""
    shape = draw(st.sampled_from([(3,), (2, 2), (2, 3)]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    named = draw(st.booleans())
    players = []
    for i in range(draw(st.integers(1, 3))):
        actions = draw(st.integers(1, 3))
        utility: Any = rng.integers(-9, 10, (actions, *shape)) / 7
        if draw(st.booleans()):
            utility = [[f"{int(x * 7)}/7" for x in row.ravel()] for row in utility]
            utility = np.array(utility, dtype=object).reshape(actions, *shape)
        payoffs = rng.random((actions, *shape) if draw(st.booleans()) else actions)
        labels = NAMES[:actions] if draw(st.booleans()) else None
        name = NAMES[i] if named else None
        players.append(plp.Receiver.from_utility(utility, payoffs, name=name, action_labels=labels))
    by_axis: Any = [NAMES[:size] for size in shape]
    states = by_axis[0] if len(shape) == 1 else by_axis
    weights = rng.integers(0, 9, shape)
    weights.ravel()[0] += 1
    return plp.PersuasionGame(
        weights, players, normalize=True, state_labels=states if named else None
    )


@st.composite
def on_grids(draw: st.DrawFn) -> plp.BeliefGame:
    """Receivers on three common states, on a number of steps or a lattice."""
    own = st.lists(st.integers(0, 1), min_size=3, max_size=3)
    players = [
        plp.Receiver.threshold(draw(st.integers(1, 9)) / 10, about=draw(own))
        for _ in range(draw(st.integers(1, 2)))
    ]
    lattice = plp.SimplexGrid(3, 4, np.array([[0.21, 0.3, 0.49]]))
    grid: Any = draw(st.sampled_from([6, lattice, plp.SimplexGrid(3, 5)]))
    return plp.BeliefGame(["1/6", "1/3", "1/2"], players, grid)


@st.composite
def continuous_plans(draw: st.DrawFn) -> plp.ManagerProblem:
    """Continuous types, and difficulties on an interval, by floats of any kind."""
    inside = st.floats(0, 1, allow_subnormal=False)
    low, high = sorted(draw(st.lists(inside, min_size=2, max_size=2, unique=True)))
    difficulty: Any = plp.StateDistribution.uniform(0.1, 0.9)
    if high - low > 1e-3:
        shapes = draw(st.floats(0.5, 4)), draw(st.floats(0.5, 4))
        own = plp.StateDistribution.beta(*shapes, low, high)
        wide = stats.uniform(low, high - low) if low + (high - low) <= 1 else own
        difficulty = draw(st.sampled_from([own, wide, plp.StateDistribution.uniform(low, high)]))
    start, width = draw(st.floats(1, 1.5)), draw(st.floats(0.05, 0.4))
    types = draw(st.sampled_from([stats.uniform(start, width), stats.beta(2, 3, start, width)]))
    return plp.ManagerProblem(difficulty, 0.5, types)


drawn = st.builds(
    lambda draw, seed: draw(np.random.default_rng(seed)),
    st.sampled_from(DRAWS),
    st.integers(0, 2**32 - 1),
)

writable = st.one_of(
    problems,
    by_utility(),
    on_grids(),
    continuous_plans(),
    committees(),
    groups(),
    anonymous_games(),
    bayesian_games(),
    nested_games(),
    fraction_plans(),
    means_games(),
    drawn,
)


def numbers_of(problem: Any) -> list[Any]:
    """All arrays that a problem has, as bytes."""
    found: list[Any] = []
    for name, value in sorted(vars(problem).items()):
        if isinstance(value, np.ndarray) and value.dtype != object:
            found.append((name, value.tobytes()))
        elif isinstance(value, plp.StateGrid | plp.Receiver):
            found.append((name, numbers_of(value)))
        elif name in ("receivers", "payoffs") and isinstance(value, tuple):
            found.append((name, [numbers_of(one) for one in value]))
    return found


def check_comes_back(problem: Any) -> None:
    said = document(problem)
    again = problem_from(json.loads(json.dumps(said)))
    assert again.key() == problem.key()
    assert again == problem
    assert document(again) == said
    for text, json_text in ((as_toml(said), False), (as_json(said), True)):
        assert problem_from(parsed(text, json_text=json_text)).key() == problem.key()


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(problem=writable)
def test_problems_come_back(problem: Any) -> None:
    check_comes_back(problem)


@pytest.mark.nightly
@settings(max_examples=2500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(problem=writable)
def test_two_thousand_problems_come_back(problem: Any) -> None:
    check_comes_back(problem)


@settings(max_examples=40)
@given(problem=st.one_of(by_utility(), committees(), fraction_plans()))
def test_numbers_come_back_bit_by_bit(problem: Any) -> None:
    assert numbers_of(problem_from(document(problem))) == numbers_of(problem)


WITH_FILES = [
    family.kind for family in families() if family.kind.__module__.startswith("persuasion_lp.")
]


def test_every_family_is_among_them() -> None:
    found: set[type] = set()

    @settings(max_examples=200, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(problem=writable)
    def look(problem: Any) -> None:
        found.add(family_of(problem).kind)

    look()
    assert found == {*WITH_FILES}


@pytest.mark.parametrize("slug", ["kks-example-1", "kks-example-4", "lx-two-tests-40-cells"])
@pytest.mark.parametrize("ending", ["toml", "json"])
def test_published_problems_come_back_from_files(slug: str, ending: str, tmp_path: Path) -> None:
    problem = plp.catalog.get(slug).problem()
    write(problem, tmp_path / f"mine.{ending}")
    assert read(tmp_path / f"mine.{ending}") == problem
