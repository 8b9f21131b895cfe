"""Games on one common belief: payoffs, grids, brackets, results, refusals."""

import json
import math
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import BeliefFunction, BeliefGame, PiecewiseLinear, Receiver, SimplexGrid
from persuasion_lp.arrays import Floats
from persuasion_lp.errors import (
    GridError,
    InputError,
    LimitError,
    OptionError,
    OrderError,
    PayoffError,
    PriorError,
    ProcedureError,
    SizeError,
)
from persuasion_lp.families.beliefs.discretization import CellNodes, discretized_above
from persuasion_lp.families.beliefs.problem import BeliefPayoff
from persuasion_lp.primitives.step_functions import receiver_payoffs, step_function, tie_beliefs
from tests.support import any_solve

PROCEDURES = ("simultaneous", "sequential", "intermediate", "flexible", "first_best")


@pytest.mark.parametrize(
    "receiver",
    [
        Receiver([0.3, 0.7], [0, 2, 1]),
        Receiver([0.3, 0.7], [[0, 1], [2, 0], [1, 3]]),
        Receiver.from_utility([[0, 0], [-1, 2], [-3, 3]], [0, 1, 3]),
        Receiver.from_utility([[0, 0], [0, 0], [-1, 1]], [0, 1, 3]),
        Receiver.accepting([([-0.4, 0.6], 0), ([0.9, -0.1], 0)]),
        Receiver.accepting([([0.3, 0.1], 0.3)]),
        Receiver.accepting([([0.2, 0.7], 0.7)]),
        Receiver.accepting([([0.2, 0.1], 0.7)]),
        Receiver.accepting([([0.1 + 0.2 - 1e-16, 0.1], 0.3)]),
        Receiver.accepting([([-0.5, 0.5], 0), ([0.5, -0.5], 0)]),
    ],
)
@pytest.mark.parametrize("own", [[0, 1], [1, 0], [0, 0], [1, 1]])
def test_step_functions_are_what_receivers_do(receiver: Receiver, own: list[int]) -> None:
    labels = np.array(own)
    f = step_function(receiver, labels)
    x = np.unique(np.concatenate([np.arange(102) / 101, f.breakpoints]))
    beliefs = np.column_stack([1 - x, x])
    np.testing.assert_allclose(f(x), receiver_payoffs(receiver, labels, beliefs), atol=1e-12)


def test_tie_beliefs_are_the_corners_of_what_receivers_do() -> None:
    accept = Receiver.accepting([([0, 0, 1], 0.4)])
    beliefs, complete = tie_beliefs([(accept, np.arange(3))], 3)
    assert complete
    found = {tuple(b) for b in beliefs.tolist()}
    assert found == {(1, 0, 0), (0, 1, 0), (0, 0, 1), (0.6, 0, 0.4), (0, 0.6, 0.4)}


@pytest.mark.parametrize("steps", [4, 6, 8])
def test_grids_that_would_miss_a_cutoff(steps: int) -> None:
    """A naive grid gives 2/5 where the value is 1/2: ours contains the cutoff, or brackets it."""
    accept = Receiver.accepting([([0, 0, 1], 0.4)])
    result = plp.solve(BeliefGame([0.5, 0.3, 0.2], [accept], grid=steps), "simultaneous")
    assert result.value == pytest.approx(0.5, abs=1e-12)
    assert result.upper is not None
    assert result.lower <= 0.5 <= result.upper <= result.lower + 1e-12
    hidden = BeliefFunction(lambda mu: (mu[:, 2] >= 0.4).astype(float))
    unknown = plp.solve(
        BeliefGame([0.5, 0.3, 0.2], [hidden], grid=SimplexGrid(3, steps)), "simultaneous"
    )
    assert unknown.value < 0.5
    assert unknown.upper is None
    assert "no assumption" in unknown.bound


def test_simplex_bracket_holds_and_tightens() -> None:
    receivers = [
        Receiver.accepting([([-1, -0.6, 1], 0)]),
        Receiver.accepting([([-1.5, -1.8, 1], 0)]),
    ]
    widths = []
    for steps in (10, 20, 40):
        game = BeliefGame([0.5, 0.3, 0.2], receivers, grid=steps)
        result = plp.solve(game, "sequential", order=(0, 1))
        assert result.upper is not None
        assert result.lower <= 751 / 900 + 1e-12 <= result.upper
        widths.append(result.upper - result.lower)
    assert widths[2] < widths[1] < widths[0]


@pytest.mark.parametrize("states", [3, 4])
def test_cells_bound_payoff_and_value_function_together(states: int) -> None:
    """On every cell f_i + V lies below the interpolation of the bounds at its corners."""
    rng = np.random.default_rng(states)
    receivers = [Receiver.from_utility(rng.normal(size=(3, states)), rng.random(3)) for _ in "ab"]
    game = BeliefGame(rng.dirichlet(np.ones(states)), receivers, grid=SimplexGrid(states, 7))
    cells, _ = discretized_above(game, game.grid)
    assert isinstance(cells, CellNodes)
    envelope = cells.envelope(cells.add((0,), cells.nothing()))
    later = cells.value_function(envelope)
    bounds = cells.add((1,), later)
    weights = rng.dirichlet(np.ones(states), size=(len(cells.corners), 3))
    points = np.einsum("cwj,cjk->cwk", weights, cells.beliefs[cells.corners])
    for w in range(3):
        value = envelope(points[:, w])
        through = np.einsum("cj,cj->c", weights[:, w], later.values[cells.corners])
        assert (value <= through + later.bulge + 1e-12).all()
        total = value + game.payoff_at(1, points[:, w])
        assert (total <= np.einsum("cj,cj->c", weights[:, w], bounds[cells.corners]) + 1e-12).all()
    assert np.mean(later.bulge) < 0.1 * np.ptp(later.values)
    assert later.bulge.max() > 0.01
    assert len(cells.corners) == 7 ** (states - 1)


def smooth(x: Floats) -> Floats:
    return np.sin(7 * x)


@pytest.mark.parametrize(
    "payoff",
    [
        BeliefFunction(smooth, lipschitz=7),
        BeliefFunction(smooth, cell_bound=lambda a, b: smooth(a) / 2 + smooth(b) / 2 + 4 * (b - a)),
        BeliefFunction(lambda x: x**2, shape="convex"),
        BeliefFunction(lambda x: np.sqrt(x), shape="concave"),
        BeliefFunction(lambda x: np.where(x >= 0.45, 2 - x, x), lipschitz=1, kinks=[0.45]),
        BeliefFunction(
            lambda x: np.where(x >= 0.45, 2 - x**2, -(x**2)), shape="concave", kinks=[0.45]
        ),
    ],
    ids=["lipschitz", "cell bound", "convex", "concave", "steep at a jump", "concave at a jump"],
)
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_brackets_contain_the_value_on_a_fine_grid(payoff: BeliefFunction, procedure: Any) -> None:
    payoffs: list[BeliefPayoff] = [payoff, Receiver.threshold(0.7)]
    payoffs.append(PiecewiseLinear([0, 0.2, 1], [0, 0.5, 0]))
    coarse = plp.solve(BeliefGame(0.37, payoffs, grid=8), procedure)
    fine = plp.solve(BeliefGame(0.37, payoffs, grid=4000), procedure)
    assert coarse.upper is not None
    assert fine.upper is not None
    assert coarse.lower <= fine.lower + 1e-12
    assert fine.lower <= fine.upper <= coarse.upper + 1e-12
    assert fine.upper - fine.lower < 0.01


def jump(x: Floats) -> Floats:
    """Concave and decreasing on both sides of an upward jump at 0.45."""
    return np.where(x >= 0.45, 2 - x**2, -(x**2))


@pytest.mark.parametrize(
    "payoff",
    [
        BeliefFunction(smooth, lipschitz=7),
        BeliefFunction(lambda x: -5 * x**2, lipschitz=10),
        BeliefFunction(jump, lipschitz=2, kinks=[0.45]),
        BeliefFunction(jump, shape="concave", kinks=[0.45]),
        BeliefFunction(lambda x: np.where(x >= 0.45, 2, 0) + x**2, shape="convex", kinks=[0.45]),
        BeliefFunction(lambda x: -((x - 0.3) ** 2), shape="concave"),
        BeliefFunction(lambda x: -5 * x**2, shape="concave"),
        BeliefFunction(lambda x: -5 * (1 - x) ** 2, shape="concave"),
        BeliefFunction(np.sqrt, shape="concave"),
        BeliefFunction(smooth, cell_bound=lambda a, b: smooth(a) + 7 * (b - a)),
    ],
    ids=[
        "lipschitz wave",
        "lipschitz parabola",
        "lipschitz jump",
        "concave jump",
        "convex jump",
        "concave peak",
        "concave falling",
        "concave rising",
        "concave root",
        "cell bound",
    ],
)
def test_bounds_lie_above_everywhere_and_close(payoff: BeliefFunction) -> None:
    fine = np.arange(10_001) / 10_000
    excesses = []
    for steps in (6, 60, 600):
        grid = plp.IntervalGrid.containing(payoff.kinks, resolution=steps)
        above = payoff.above(grid.nodes)
        assert above is not None
        excess = above(fine) - payoff(fine)
        assert excess.min() >= -1e-12
        excesses.append(float(np.quantile(excess, 0.9)))
    assert excesses[2] < 0.1 * excesses[0] + 1e-12


def test_concave_payoffs_need_cells_around_their_kinks() -> None:
    narrow = BeliefFunction(jump, shape="concave", kinks=[0.45])
    assert narrow.above(np.array([0.0, 0.45, 1.0])) is None
    game = BeliefGame(0.3, [narrow], grid=plp.IntervalGrid(1))
    result = plp.solve(game, "simultaneous")
    assert result.upper is None
    assert "too coarse" in result.bound
    refined = plp.solve(game, "simultaneous", tol=0.05)
    assert refined.upper is not None


def test_convex_cells_are_exact() -> None:
    game = BeliefGame(0.4, [BeliefFunction(lambda x: x**2, shape="convex")], grid=3)
    result = plp.solve(game, "first_best")
    assert result.upper == pytest.approx(result.lower, abs=1e-15)
    assert result.value == pytest.approx(0.4, abs=1e-15)


def test_refinement_reaches_the_requested_width_and_reports() -> None:
    seen: list[plp.Refinement] = []
    game = BeliefGame(0.5, [BeliefFunction(smooth, lipschitz=7), Receiver.threshold(0.6)], grid=5)
    result = plp.solve(game, "sequential", tol=1e-2, progress=seen.append)
    assert result.upper is not None
    assert result.upper - result.lower <= 1e-2
    assert tuple(seen) == result.refinements
    assert [r.beliefs for r in seen] == sorted(r.beliefs for r in seen)
    lows = [r.lower for r in seen]
    assert lows == sorted(lows)


def test_an_unreachable_width_says_why() -> None:
    with pytest.raises(PayoffError, match="tol cannot be reached: no assumption bounds"):
        plp.solve(BeliefGame(0.5, [smooth], grid=5), "simultaneous", tol=0.1)
    tight = plp.IntervalGrid(8, memory_limit=10_000)
    bounded = BeliefGame(0.5, [BeliefFunction(smooth, lipschitz=7)], grid=tight)
    with pytest.raises(LimitError, match="the memory limit ended the run") as caught:
        plp.solve(bounded, "simultaneous", tol=1e-9)
    best = plp.solve(BeliefGame(0.5, [BeliefFunction(smooth, lipschitz=7)], grid=800), "flexible")
    assert best.upper is not None
    assert caught.value.best_value <= best.upper
    assert best.lower <= caught.value.best_bound < caught.value.best_value + 0.01
    chain, cause = [], caught.value.__cause__
    while cause is not None:
        chain.append(str(cause))
        cause = cause.__cause__
    assert "beliefs, 1 states" in chain[-1]


@pytest.mark.parametrize(
    "payoff",
    [
        BeliefFunction(smooth, lipschitz=3),
        BeliefFunction(smooth, shape="convex"),
        BeliefFunction(lambda x: x**2, shape="concave"),
    ],
    ids=["lipschitz", "convex", "concave"],
)
def test_assumptions_that_the_grid_refutes_are_refused(payoff: BeliefFunction) -> None:
    with pytest.raises(PayoffError, match="contradicts the assumption"):
        plp.solve(BeliefGame(0.5, [payoff], grid=20), "simultaneous")


@pytest.mark.parametrize("procedure", PROCEDURES)
@pytest.mark.parametrize("formulation", ["envelopes", "lp"])
def test_results_print_and_export(procedure: Any, formulation: Any) -> None:
    game = BeliefGame(0.5, [Receiver.threshold(0.8), Receiver.threshold(0.6)])
    result = plp.solve(game, procedure, formulation=formulation)
    assert len(repr(result).splitlines()) <= 6
    assert f"{result.value:.9g}" in repr(result)
    frame = result.to_frame()
    assert {"stage", "acting", "probability", "posterior 1"} <= set(frame.columns)
    by_stage = frame.groupby("stage")["probability"].sum()
    np.testing.assert_allclose(by_stage, 1.0, atol=1e-9)
    assert json.loads(json.dumps(result.to_dict()))["value"] == result.value
    assert result.upper is not None
    assert result.lower <= result.value <= result.upper <= math.nextafter(result.lower, 9.0)
    assert result.lower <= result.exact().value <= result.upper
    assert result.certificate.ok
    assert (result.lp is None) == (formulation == "envelopes")
    assert result.prices @ game.prior == pytest.approx(result.value, abs=1e-9)


@pytest.mark.parametrize("formulation", ["envelopes", "lp"])
def test_procedures_side_by_side(formulation: Any) -> None:
    game = BeliefGame(0.5, [Receiver.threshold(0.8), Receiver.threshold(0.8, about=[1, 0])])
    comparison = plp.compare(game, formulation=formulation)
    assert all(check.holds for check in comparison.checks)
    assert len(comparison.checks) == 6
    assert comparison.to_frame().loc["flexible", "value"] == pytest.approx(1.25)
    three = BeliefGame([0.2, 0.3, 0.5], [Receiver.accepting([([0, 1, 0], 0.5)])], grid=4)
    assert len(plp.compare(three).checks) == 4


def test_signals_are_likelihoods() -> None:
    game = BeliefGame(0.5, [Receiver.threshold(0.8), Receiver.threshold(0.6)])
    tree = plp.solve(game, "sequential").experiment
    for stage in range(len(tree.stages)):
        signal = tree.signal(stage)
        assert signal.min() >= 0
        np.testing.assert_allclose(signal.sum(axis=1), 1.0, atol=1e-12)
    given = tree.signal(0)[0]
    np.testing.assert_allclose(
        given @ np.diag(tree.prior),
        (tree.probabilities[0][:, None] * tree.stages[0].beliefs),
        atol=1e-12,
    )


def test_alternatives() -> None:
    game = BeliefGame(0.7, [Receiver.threshold(0.6), Receiver.threshold(0.8)])
    result = plp.solve(game, "simultaneous")
    assert result.no_information == 1.0
    assert result.full_information == pytest.approx(1.4)


@pytest.mark.parametrize(
    ("prior", "payoffs", "grid", "error", "message"),
    [
        (1.2, [Receiver.threshold(0.5)], None, PriorError, r"must lie in \[0, 1\]; got 1\.2"),
        ([0.5, 0.6], [Receiver.threshold(0.5)], None, PriorError, "must sum to 1"),
        ([[1.0]], [Receiver.threshold(0.5)], None, PriorError, r"shape \(K,\)"),
        (0.5, [], None, PayoffError, "at least one receiver"),
        (0.5, [3.0], None, PayoffError, r"payoffs\[0\] must be a Receiver"),
        (0.5, [smooth], None, GridError, "grid must be given"),
        (0.5, [smooth], 0, GridError, "number of steps"),
        (0.5, [smooth], SimplexGrid(3, 2), GridError, "must be an IntervalGrid"),
        ([0.2, 0.3, 0.5], [PiecewiseLinear([0, 1], [0, 1])], 4, PayoffError, "more states"),
        ([0.2, 0.3, 0.5], [smooth], SimplexGrid(4, 2), GridError, "SimplexGrid over 3 states"),
        (
            [0.2, 0.3, 0.5],
            [BeliefFunction(smooth, shape="convex")],
            4,
            PayoffError,
            "Lipschitz constant only",
        ),
    ],
)
def test_bad_games_are_named(
    prior: object, payoffs: list[object], grid: object, error: type[InputError], message: str
) -> None:
    with pytest.raises(error, match=message):
        BeliefGame(prior, payoffs, grid=grid)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"shape": "round"}, "shape must be 'convex' or 'concave'"),
        ({"lipschitz": -1.0}, "finite constant"),
        ({"lipschitz": 1.0, "shape": "convex"}, "must not be given together"),
        ({"kinks": [0.5, 1.5]}, r"kinks\[1\] must lie in \[0, 1\]"),
    ],
)
def test_bad_assumptions_are_named(settings: dict[str, object], message: str) -> None:
    with pytest.raises(PayoffError, match=message):
        BeliefFunction(smooth, **settings)  # type: ignore[arg-type]
    with pytest.raises(PayoffError, match="must be callable"):
        BeliefFunction(3.0)  # type: ignore[arg-type]


def test_bad_functions_name_the_first_belief() -> None:
    broken = BeliefGame(0.5, [lambda x: np.where(x > 0.3, np.nan, x)], grid=10)
    with pytest.raises(PayoffError, match=r"function\[4\] must be finite; first at belief 0\.4"):
        plp.solve(broken, "simultaneous")
    scalar = BeliefGame(0.5, [lambda x: 1.0 if x > 0.5 else 0.0], grid=10)
    with pytest.raises(PayoffError, match="must be vectorized"):
        plp.solve(scalar, "simultaneous")
    bound = BeliefFunction(smooth, cell_bound=lambda a, b: a[:-1])
    with pytest.raises(PayoffError, match="cell_bound must give one value for each of 10"):
        plp.solve(BeliefGame(0.5, [bound], grid=10), "simultaneous")


def test_bad_settings_are_named() -> None:
    game = BeliefGame(0.5, [Receiver.threshold(0.8), Receiver.threshold(0.6)])
    with pytest.raises(ProcedureError, match="must be one of simultaneous"):
        any_solve(game, "private")
    with pytest.raises(OptionError, match="formulation must be one of envelopes, lp"):
        any_solve(game, "simultaneous", formulation="hull")
    with pytest.raises(OptionError, match="tol must be positive"):
        plp.solve(game, "simultaneous", tol=0)
    with pytest.raises(OrderError, match="does not apply"):
        plp.solve(game, "flexible", order=(0, 1))
    with pytest.raises(OrderError, match="permutation"):
        plp.solve(game, "sequential", order=(0, 0))
    with pytest.raises(SizeError, match="columns"):
        plp.solve(game, "sequential", formulation="lp", memory_limit=1000)
    with pytest.raises(SizeError, match="this search for an order needs: 4 groups"):
        plp.solve(game, "sequential", memory_limit=10)
    five = BeliefGame(np.full(5, 0.2), [Receiver.accepting([([0, 0, 0, 0, 1], 0.5)])], grid=2)
    with pytest.raises(OptionError, match="formulation must be one of lp"):
        plp.solve(five, "simultaneous", formulation="envelopes")
    with pytest.raises(InputError, match="must be one of PersuasionGame, BayesianGame"):
        plp.solve(game.payoffs[0], "simultaneous")  # type: ignore[call-overload]


def test_a_search_cut_short_carries_the_bounds_it_proved() -> None:
    rng = np.random.default_rng(1)
    game = BeliefGame(0.45, [Receiver(np.sort(rng.random(3)), rng.random(4)) for _ in range(9)])
    with pytest.raises(LimitError) as caught:
        plp.solve(game, "sequential", options=plp.SolverOptions(time_limit=1e-9))
    value = plp.solve(game, "sequential").value
    assert caught.value.best_value <= value + 1e-12 <= caught.value.best_bound + 1e-9


def test_five_states_by_program() -> None:
    receivers = [
        Receiver.accepting([([0, 0, 0, 0, 1], 0.5)]),
        Receiver.accepting([([0, 0, 0, 1, 1], 0.5)]),
    ]
    game = BeliefGame(np.full(5, 0.2), receivers, grid=2)
    first_best = plp.solve(game, "first_best")
    assert first_best.formulation == "lp"
    assert first_best.value == pytest.approx(0.4 + 0.8, abs=1e-9)
    assert first_best.upper is not None
    assert first_best.lower <= 1.2 <= first_best.upper <= first_best.lower + 1e-12
    assert plp.solve(game, "sequential").upper is None
    steps = [Receiver.accepting([([0, 0, 0, 0, 1], c)]) for c in (0.75, 0.5)]
    nested = BeliefGame(np.full(5, 0.2), steps, grid=4)
    orders = [plp.solve(nested, "sequential", order=o).value for o in ((0, 1), (1, 0))]
    best = plp.solve(nested, "sequential")
    assert orders[1] > orders[0] + 0.01
    assert best.value == pytest.approx(orders[1], abs=1e-9)
    assert best.order == (1, 0)
