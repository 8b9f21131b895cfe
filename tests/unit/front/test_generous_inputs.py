"""What can be read is read, what cannot is named, and nothing that is returned can be changed."""

import json
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.stats

import persuasion_lp as plp
from persuasion_lp.errors import (
    GridError,
    InputError,
    PayoffError,
    PriorError,
    ReceiverError,
    SizeError,
    WorkerTypeError,
)

GRID = plp.StateGrid([0.2, 0.6, 1.0])
UNIFORM = plp.StateDistribution.uniform()
JUDGE = plp.Receiver.threshold(0.8)


@pytest.mark.parametrize("half", [".5", "0.5", " 1/2 ", "5e-1", ".5e0", Decimal(".5"), 0.5])
def test_numbers_are_read_as_python_reads_them(half: Any) -> None:
    game = plp.PersuasionGame([half, "1/2"], [JUDGE])
    assert game.rational_numbers.prior.tolist() == [Fraction(1, 2)] * 2


@pytest.mark.parametrize("text", [".", "", "1/2/3", "e5", "1_0", "--1", ".e1"])
def test_words_are_no_numbers(text: str) -> None:
    with pytest.raises(PriorError, match=r"prior\[0\] must be a number; got"):
        plp.PersuasionGame([text, "1/2"], [JUDGE])


def test_masked_entries_are_refused() -> None:
    masked = np.ma.masked_array([0.5, 0.5], mask=[True, False])
    with pytest.raises(PriorError, match="prior must have no masked entries"):
        plp.PersuasionGame(masked, [JUDGE])
    whole = np.ma.masked_array([0.5, 0.5], mask=[False, False])
    assert plp.PersuasionGame(whole, [JUDGE]).prior.tolist() == [0.5, 0.5]


@pytest.mark.parametrize("make", [tuple, list, iter, lambda r: np.array(r, dtype=object)])
def test_receivers_come_in_any_ordered_collection(make: Callable[[list[Any]], Any]) -> None:
    assert plp.PersuasionGame([0.5, 0.5], make([JUDGE, JUDGE])).n == 2
    assert plp.BeliefGame(0.5, make([JUDGE, JUDGE])).n == 2


@pytest.mark.parametrize("receivers", [{JUDGE}, {0: JUDGE}, 0.8, None, "ab"])
def test_receivers_without_an_order_are_refused(receivers: Any) -> None:
    with pytest.raises(ReceiverError, match=r"receivers\[0\] must be a Receiver"):
        plp.PersuasionGame([0.5, 0.5], receivers)
    with pytest.raises(PayoffError, match=r"payoffs\[0\] must be a Receiver"):
        plp.BeliefGame(0.5, receivers)


@pytest.mark.parametrize("a", [Fraction(1, 2), "1/2", Decimal("0.5"), np.float32(0.5), 0.5])
def test_distributions_take_any_number(a: Any) -> None:
    found = plp.StateDistribution.power(a)
    assert found.mean == pytest.approx(1 / 3, abs=1e-15)
    assert found.cdf([0.25, 1.0]).dtype == np.float64
    assert plp.StateDistribution.beta(a, a).mean == 0.5
    assert plp.StateDistribution.uniform(0, a).mean == 0.25


def test_distributions_refuse_what_is_no_number() -> None:
    with pytest.raises(PriorError, match="a must be a rectangular array of numbers; got 'x'"):
        plp.StateDistribution.power("x")
    with pytest.raises(PriorError, match="a must be a number"):
        plp.StateDistribution.power([1, 2])
    with pytest.raises(PriorError, match="a must be finite"):
        plp.StateDistribution.beta(math.nan, 1)


def test_a_density_is_a_density() -> None:
    with pytest.raises(PriorError, match=r"density must not be negative; at 0\.00195312; got -"):
        plp.StateDistribution.from_density(lambda t: 4 * t - 1)
    with pytest.raises(PriorError, match="density must be a function"):
        plp.StateDistribution.from_density(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("types", "message"),
    [
        (scipy.stats.randint(1, 2), "must be a continuous distribution"),
        (scipy.stats.uniform(1.2, 0), "must have an interval as support"),
    ],
)
def test_distributions_of_types_are_continuous(types: Any, message: str) -> None:
    with pytest.raises(WorkerTypeError, match=f"types {message}"):
        plp.ManagerProblem(UNIFORM, 0.5, types)
    workers = [scipy.stats.uniform(1, 0.5), types]
    with pytest.raises(WorkerTypeError, match=rf"types\[1\] {message}"):
        plp.ManagerProblem.for_workers(UNIFORM, [0.2, 0.3], workers)


@pytest.mark.parametrize(
    ("types", "probs", "field"),
    [(1.2, None, "types"), ([1.2], None, "types"), ([1.2, 1.3], 3, "type_probs")],
)
def test_workers_are_counted(types: Any, probs: Any, field: str) -> None:
    with pytest.raises(WorkerTypeError, match=f"{field} must be given for each of the 2 workers"):
        plp.ManagerProblem.for_workers(GRID, [0.2, 0.3], types, probs)


def test_the_prior_of_posterior_means_is_named_prior() -> None:
    with pytest.raises(PriorError, match="prior must be a StateGrid"):
        plp.PosteriorMeanGame([0.2, 0.8], np.sqrt)
    with pytest.raises(PriorError, match="prior must have all its mass"):
        plp.PosteriorMeanGame(scipy.stats.norm(), np.sqrt)


@pytest.mark.parametrize(
    ("payoff", "message"),
    [
        (lambda s: "a", "payoff must give a number; at mean 0; got 'a'"),
        (lambda s: None, "payoff must give a number; at mean 0"),
        (lambda s: np.zeros(3), "payoff must give a number; at mean 0"),
        (lambda s: float("nan"), "payoff must be finite; first at mean 0; got nan"),
    ],
)
def test_payoffs_of_posterior_means_are_numbers(payoff: Any, message: str) -> None:
    with pytest.raises(PayoffError, match=message):
        plp.PosteriorMeanGame(GRID, payoff)


def test_a_payoff_that_fails_between_the_first_points_is_named_before_it_is_solved() -> None:
    game = plp.PosteriorMeanGame(GRID, lambda s: np.where(s == 0.6, np.nan, s))
    with pytest.raises(PayoffError, match=r"payoff must be finite; first at mean 0\.6; got nan"):
        plp.solve(game, "simultaneous")


def test_functions_are_combined_with_functions() -> None:
    line = plp.PiecewiseLinear([0, 1], [0, 1])
    with pytest.raises(TypeError, match="unsupported operand"):
        line + 3  # type: ignore[operator]
    with pytest.raises(PayoffError, match="other must be a PiecewiseLinear function; got 3"):
        line.maximum(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lipschitz": "steep"}, "lipschitz must be a rectangular array of numbers"),
        ({"lipschitz": [1, 2]}, "lipschitz must be a finite constant"),
        ({"lipschitz": math.inf}, "lipschitz must be finite"),
        ({"cell_bound": 3}, "cell_bound must be callable"),
        ({"shape": np.array(["convex", "convex"])}, "shape must be 'convex' or 'concave'"),
    ],
)
def test_assumptions_are_read_or_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(PayoffError, match=message):
        plp.BeliefFunction(np.sqrt, **settings)
    half: Any = Fraction(1, 2)
    assert plp.BeliefFunction(np.sqrt, lipschitz=half).lipschitz == 0.5


GAMES = [
    plp.PersuasionGame([[0, 0.5], [0.5, 0]], [JUDGE] * 2),
    plp.BeliefGame(0.5, [JUDGE, plp.Receiver.threshold(0.6)]),
    plp.VotingGame([[0, 0.5], [0.5, 0]], [0.7, 0.8], 1),
]


def writable(answer: Any, depth: int = 2) -> list[str]:
    """Names of arrays in a dataclass, its tuples and mappings that can be written to."""
    found = []
    for name, value in vars(answer).items():
        if isinstance(value, np.ndarray):
            found += [name] * bool(value.flags.writeable)
        elif depth and hasattr(value, "__dataclass_fields__"):
            found += [f"{name}.{inner}" for inner in writable(value, depth - 1)]
    return found


def test_a_writable_array_is_found() -> None:
    class Answer:
        def __init__(self) -> None:
            self.values = np.zeros(2)

    assert writable(Answer()) == ["values"]


@pytest.mark.parametrize(
    ("problem", "procedure", "settings"),
    [(game, "sequential", {}) for game in GAMES]
    + [(game, "simultaneous", {}) for game in GAMES]
    + [
        (GAMES[0], "flexible", {}),
        (GAMES[1], "sequential", {"formulation": "lp"}),
        (plp.ManagerProblem(GRID, 0.5, [1.2, 1.6]), "menu", {}),
        (plp.ManagerProblem(UNIFORM, 0.5, [1.2, 1.6]), "single_test", {}),
        (plp.ManagerProblem(UNIFORM, 0.5, [1.2, 1.6]), "commitment", {}),
        (plp.ManagerProblem(GRID, 0.5, [1.2, 1.6]), "commitment", {"formulation": "transport"}),
    ],
)
def test_no_array_of_an_answer_can_be_written_to(
    problem: Any, procedure: str, settings: dict[str, Any]
) -> None:
    assert writable(plp.solve(problem, procedure, **settings)) == []


def test_comparative_statics_are_frozen_and_ready_for_json() -> None:
    statics = plp.capability_statics(UNIFORM, 0.4, [1.1, 1.3, 1.6])
    assert writable(statics) == []
    plain = json.loads(json.dumps(statics.to_dict(), allow_nan=False))
    assert plain["values"] == [1.1, 1.3, 1.6]
    assert plain["thresholds"][0] is None
    assert len(plain["phases"]) == 3


@pytest.mark.parametrize(
    "prior",
    [
        lambda n: plp.priors.independent([0.5] * n),
        lambda n: plp.priors.perfectly_correlated(0.5, n),
        lambda n: plp.priors.from_table({"H" * n: 1}),
    ],
)
def test_priors_over_too_many_states_are_refused(prior: Callable[[int], Any]) -> None:
    assert prior(3).shape == (2, 2, 2)
    with pytest.raises(SizeError, match="this prior needs: 1099511627776 states"):
        prior(40)


@pytest.mark.parametrize("n", [0, 2.0, "2", True, None])
def test_receivers_of_a_prior_are_counted(n: Any) -> None:
    with pytest.raises(PriorError, match="n must be at least 1, a whole number"):
        plp.priors.perfectly_correlated(0.5, n)


@pytest.mark.parametrize("table", [None, [("HL", 1)], "HL"])
def test_a_table_is_a_mapping(table: Any) -> None:
    with pytest.raises(PriorError, match="table must be a mapping"):
        plp.priors.from_table(table)
    with pytest.raises(PriorError, match="table must have words in L and H"):
        plp.priors.from_table({1: 1})


def test_tools_for_games_refuse_what_is_no_game() -> None:
    wrong: Any = GAMES[2]
    with pytest.raises(InputError, match="game must be a PersuasionGame; got 'VotingGame'"):
        plp.Pacman(wrong)
    with pytest.raises(InputError, match="result must be a result of solve; got 'VotingGame'"):
        plp.sequential_improvement(wrong)
    three: Any = "3"
    with pytest.raises(GridError, match="states must be at least 2, a whole number; got '3'"):
        plp.SimplexGrid(three, 10)
