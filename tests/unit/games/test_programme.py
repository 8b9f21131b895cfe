"""The programme of each procedure against rows written by hand."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, errors, priors, solve
from persuasion_lp.families.games import procedures
from persuasion_lp.families.games.exact import fewest_columns
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.programme import build_programme, programme_size
from persuasion_lp.families.games.tree import Split, unfold
from tests.support import any_solve

T = Receiver.threshold


def rows(game: PersuasionGame, splits: tuple[Split, ...]) -> dict[str, list[list[float]]]:
    lp = build_programme(game, splits).lp
    dense = lp.matrix.toarray()
    return {name: dense[block.span].round(12).tolist() for name, block in lp.rows.items()}


def test_the_prosecutor() -> None:
    """Columns (acquit, innocent), (acquit, guilty), (convict, innocent), (convict, guilty)."""
    game = PersuasionGame([0.7, 0.3], [T(0.5)])
    programme = build_programme(game, procedures.simultaneous(game))
    assert rows(game, procedures.simultaneous(game)) == {
        "prior": [[1, 0, 1, 0], [0, 1, 0, 1]],
        "obedience[0|0]": [[0, 0, -0.5, 0.5]],
    }
    assert programme.lp.objective.tolist() == [0, 0, 1, 1]
    assert programme.lp.rhs.tolist() == [0.7, 0.3, 0]
    assert programme.lp.senses.tolist() == [0, 0, 1]
    assert programme.lp.offset == 0


def test_rows_of_both_directions_without_monotone_payoffs() -> None:
    game = PersuasionGame([0.7, 0.3], [T(0.5, [1, 1])])
    assert rows(game, procedures.simultaneous(game))["obedience[0|0]"] == [
        [0.5, -0.5, 0, 0],
        [0, 0, -0.5, 0.5],
    ]


def test_only_rows_against_higher_actions_when_the_sender_wants_low_ones() -> None:
    game = PersuasionGame([0.7, 0.3], [T(0.5, [1, 0])])
    assert rows(game, procedures.simultaneous(game))["obedience[0|0]"] == [[0.5, -0.5, 0, 0]]


def test_payoffs_are_measured_from_the_worst_in_each_state() -> None:
    game = PersuasionGame([0.7, 0.3], [T(0.5, [[3, 1], [2, 5]])])
    programme = build_programme(game, procedures.simultaneous(game))
    assert programme.lp.objective.tolist() == [1, 0, 0, 4]
    assert programme.lp.offset == pytest.approx(0.7 * 2 + 0.3 * 1)


def test_sequential_nested_forgets_the_state_of_who_has_left() -> None:
    """Independent states: the second stage is over the second state alone."""
    game = PersuasionGame(np.full((2, 2), 0.25), [T(0.6), T(0.8)])
    found = rows(game, procedures.sequential(game, (0, 1)))
    assert found["prior"] == [
        [1, 0, 0, 0, 1, 0, 0, 0] + [0] * 8,
        [0, 1, 0, 0, 0, 1, 0, 0] + [0] * 8,
        [0, 0, 1, 0, 0, 0, 1, 0] + [0] * 8,
        [0, 0, 0, 1, 0, 0, 0, 1] + [0] * 8,
    ]
    assert found["obedience[0|0]"] == [[0, 0, 0, 0, -0.6, -0.6, 0.4, 0.4] + [0] * 8]
    assert found["balance[0]"] == [
        [-1, 0, -1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0],
        [0, -1, 0, -1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, -1, 0, -1, 0, 0, 0, 0, 0, 1, 0, 1, 0],
        [0, 0, 0, 0, 0, -1, 0, -1, 0, 0, 0, 0, 0, 1, 0, 1],
    ]
    assert found["obedience[1|0,1]"] == [
        [0] * 8 + [0, 0, -0.8, 0.2, 0, 0, 0, 0],
        [0] * 8 + [0, 0, 0, 0, 0, 0, -0.8, 0.2],
    ]


def test_paths_differ_only_in_the_information_set() -> None:
    """Perfect correlation, columns by (first action, second action, state)."""
    game = PersuasionGame([0.5, 0.5], [T(0.6), T(0.8)])
    first, second = [-0.6, 0.4], [-0.8, 0.2]
    none = [0.0, 0.0]
    simultaneous = rows(game, procedures.simultaneous(game))
    assert simultaneous["obedience[0|0,1]"] == [
        [*none, *none, *first, *none],
        [*none, *none, *none, *first],
    ]
    sequential = rows(game, procedures.sequential(game, (0, 1), "paths"))
    assert sequential["obedience[0|0]"] == [[*none, *none, *first, *first]]
    assert sequential["obedience[1|0,1]"] == [
        [*none, *second, *none, *none],
        [*none, *none, *none, *second],
    ]
    private = rows(game, procedures.first_best(game, "paths"))
    assert private["obedience[0|0]"] == [[*none, *none, *first, *first]]
    assert private["obedience[1|1]"] == [[*none, *second, *none, *second]]


def test_impossible_states_and_perfect_correlation_cost_nothing() -> None:
    game = PersuasionGame(priors.perfectly_correlated(0.5, 6), [T(0.5)] * 6)
    common = PersuasionGame([0.5, 0.5], [T(0.5)] * 6)
    order = tuple(range(6))
    assert programme_size(game, procedures.sequential(game, order)) == programme_size(
        common, procedures.sequential(common, order)
    )


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize(
    "name", ["simultaneous", "sequential", "intermediate", "flexible", "first_best"]
)
def test_the_size_is_known_before_building(n: int, name: str) -> None:
    rng = np.random.default_rng(n)
    players = [Receiver([0.3, 0.6], rng.normal(size=3)) for _ in range(n)]
    game = PersuasionGame(rng.dirichlet(np.ones(2**n)).reshape((2,) * n), players)
    splits = {
        "simultaneous": lambda: procedures.simultaneous(game),
        "sequential": lambda: procedures.sequential(game, tuple(range(n))),
        "intermediate": lambda: procedures.intermediate(game, 0),
        "flexible": lambda: procedures.flexible(game),
        "first_best": lambda: procedures.first_best(game),
    }[name]()
    size = programme_size(game, splits)
    lp = build_programme(game, splits).lp
    assert (size.rows, size.columns) == lp.shape
    assert size.nonzeros >= lp.nonzeros


@pytest.mark.parametrize("layout", ["nested", "paths"])
def test_columns_are_bounded_from_below_before_anything_is_laid_out(layout: Layout) -> None:
    for n in (1, 2, 3, 4):
        game = PersuasionGame([0.5, 0.5], [T(0.6)] * n)
        everybody = tuple(range(n))
        laid_out: dict[Any, tuple[Split, ...]] = {
            "simultaneous": procedures.simultaneous(game),
            "sequential": procedures.sequential(game, everybody, layout),
            "intermediate": procedures.intermediate(game, 0, layout),
            "flexible": procedures.flexible(game, layout),
            "first_best": procedures.first_best(game, layout),
        }
        for procedure, splits in laid_out.items():
            fewest = fewest_columns(game, procedure, layout)
            assert fewest <= programme_size(game, splits).columns / 2
            if n == 4 and procedure not in ("simultaneous", "first_best"):
                assert fewest >= 4


@pytest.mark.parametrize("n", [26, 1100])
@pytest.mark.parametrize("formulation", ["nested", "paths"])
@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("procedure", ["sequential", "intermediate", "flexible"])
def test_very_many_receivers_are_refused_before_anything_is_laid_out(
    procedure: Any, exact: bool, formulation: Any, n: int
) -> None:
    game = PersuasionGame([0.5, 0.5], [T(0.8)] * n)
    with pytest.raises(errors.SizeError, match="columns"):
        any_solve(game, procedure, exact=exact, formulation=formulation)


def test_the_sequential_programme_has_n_times_2_to_the_n_plus_1_columns() -> None:
    for n in range(1, 7):
        game = PersuasionGame(np.full((2,) * n, 0.5**n), [T(0.6)] * n)
        size = programme_size(game, procedures.sequential(game, tuple(range(n))))
        assert size.columns == n * 2 ** (n + 1)


def test_flexible_unfolds_every_sequence_of_receivers() -> None:
    game = PersuasionGame(np.full((2, 2, 2), 0.125), [T(0.6)] * 3)
    found = [node.receivers for node in unfold(procedures.flexible(game))]
    expected = {p for k in (1, 2, 3) for p in itertools.permutations(range(3), k)}
    assert len(found) == len(expected) == 15
    assert set(found) == expected


def test_a_programme_too_large_is_refused_before_it_is_built() -> None:
    game = PersuasionGame([0.5, 0.5], [T(0.3)] * 40)
    with pytest.raises(errors.SizeError, match=r"2199023255552 columns.*GiB") as caught:
        solve(game, "simultaneous")
    assert isinstance(caught.value, ValueError)
    assert caught.value.needed > caught.value.limit


def test_the_memory_limit_is_the_users() -> None:
    game = PersuasionGame([0.5, 0.5], [T(0.3)] * 3)
    with pytest.raises(errors.SizeError, match="nonzeros"):
        solve(game, "flexible", memory_limit=1000)


def test_an_experiment_too_large_is_refused() -> None:
    n = 8
    rng = np.random.default_rng(0)
    game = PersuasionGame(rng.dirichlet(np.ones(2**n)).reshape((2,) * n), [T(0.9)] * n)
    with pytest.raises(errors.SizeError, match="256 states") as caught:
        solve(game, "first_best", memory_limit=200_000)
    assert caught.value.sizes["states"] == 256
