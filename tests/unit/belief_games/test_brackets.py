"""Brackets of belief games: for the numbers as written, by two engines, whatever the scale."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import (
    BeliefFunction,
    BeliefGame,
    IntervalGrid,
    PiecewiseLinear,
    Receiver,
    SimplexGrid,
    SolverOptions,
    errors,
    solve,
)
from persuasion_lp.beliefs.posterior_tree import PosteriorStage, PosteriorTree
from persuasion_lp.families.beliefs import solve as solving
from persuasion_lp.families.beliefs.certificate import check_tree, majorant_bound
from persuasion_lp.families.beliefs.discretization import rounded_nodes
from persuasion_lp.families.beliefs.proof.exact_search import exact_best_order
from persuasion_lp.families.beliefs.proof.majorant import (
    exact_nodes,
    exact_recursion,
    rounded_up,
)
from persuasion_lp.families.beliefs.proof.node_trees import NodeStage, NodeTree, attained
from persuasion_lp.families.beliefs.recursion import agendas, recursion
from tests.support import any_solve

F = Fraction

PROCEDURES = ("simultaneous", "sequential", "intermediate", "flexible", "first_best")

SCALES = [10.0**k for k in range(-12, 13, 3)]


def assert_bracket(result: Any, truth: Fraction) -> None:
    """The bracket holds the truth, the value lies in it, and it is as narrow as promised."""
    assert result.lower <= truth <= result.upper
    assert result.lower <= result.value <= result.upper
    assert result.certificate.ok
    slack = 2 * math.ulp(abs(result.value))
    assert result.upper - result.lower <= 1e-9 * result.certificate.scale + slack


def test_the_check_of_brackets_can_fail() -> None:
    result = solve(BeliefGame("1/4", [Receiver.threshold("1/3")]), "simultaneous")
    assert_bracket(result, F(3, 4))
    for wrong in (F(3, 4) + F(1, 10**9), F(3, 4) - F(1, 10**9)):
        with pytest.raises(AssertionError):
            assert_bracket(result, wrong)


@pytest.mark.parametrize("formulation", ["envelopes", "lp"])
@pytest.mark.parametrize(
    ("prior", "cutoff", "truth"),
    [
        ("1e-14", "1e-12", F(1, 100)),
        ("1e-12", "0.5", F(2, 10**12)),
        ("0.3", "0.3", F(1)),
        ("0.3", "0.30000000000000000001", F(3, 10) / (F(3, 10) + F(1, 10**20))),
        (0.1 + 0.2, "0.3", F(1)),
        ("0.999999999999", "0.9999999999995", F(999999999999, 10**12) / F("0.9999999999995")),
        ("1e-300", "1e-290", F(1, 10**10)),
    ],
)
def test_one_cutoff_near_everything(
    prior: Any, cutoff: str, truth: Fraction, formulation: Any
) -> None:
    """Kamenica and Gentzkow: prior over cutoff, and 1 from the cutoff on."""
    game = BeliefGame(prior, [Receiver.threshold(cutoff)])
    assert_bracket(solve(game, "simultaneous", formulation=formulation), truth)


def test_ties_are_decided_in_the_numbers_as_written() -> None:
    """At .1 + .2 as a computed float the cutoff 3/10 is reached; below it, by 1e-20, it is not."""
    reached = BeliefGame("0.3", [Receiver.threshold("3/10")])
    missed = BeliefGame("0.29999999999999999999", [Receiver.threshold("3/10")])
    assert reached.payoff_without_information() == 1.0
    assert missed.payoff_without_information() == 0.0


def test_three_states_revealed_bring_what_is_best_there() -> None:
    """A utility of 1e-13 next to one of 1 is no tie at the degenerate belief."""
    receiver = Receiver.from_utility([[0, 0, 0], ["-1e-13", 1, "-1"]], [0, 1])
    game = BeliefGame(["1/2", "2/5", "1/10"], [receiver], grid=4)
    assert game.payoff_with_full_information() == 0.4
    scaled = Receiver.from_utility([[0, 0, 0], [-1, 1, "-1e12"]], [0, 1])
    result = solve(BeliefGame(["1/2", "2/5", "1/10"], [scaled], grid=4), "simultaneous")
    assert result.full_information == 0.4
    assert result.upper is not None
    assert result.lower <= F(4, 5) + F(1, 10**9)
    assert result.lower <= result.value <= result.upper
    assert abs(result.value - 0.8) < 1e-8


@pytest.mark.parametrize("unit", SCALES)
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_unit_of_payoffs_changes_nothing(unit: float, procedure: Any) -> None:
    scale = F(repr(unit))
    plain = BeliefGame("1e-9", [Receiver(["1/3"], [0, 1]), Receiver(["1/2"], ["1/4", 1])])
    scaled = BeliefGame(
        "1e-9", [Receiver(["1/3"], [0, scale]), Receiver(["1/2"], [scale / 4, scale])]
    )
    truth = any_solve(plain, procedure, exact=True).value * scale
    assert_bracket(solve(scaled, procedure), truth)


GAME = BeliefGame(0.5, [Receiver.threshold(0.8), Receiver.threshold(0.8, about=[1, 0])])


def rare(unit: float) -> tuple[BeliefGame, PosteriorTree]:
    """A game with a prior of that size, or that far from 1, and its tree."""
    prior = F(repr(unit)) / 2 if unit < 1 else 1 - 1 / F(repr(unit)) / 2
    game = BeliefGame(str(prior), [Receiver.threshold("3/5" if unit < 1 else "0.99999999999999")])
    return game, solve(game, "simultaneous").experiment


@pytest.mark.parametrize("unit", SCALES)
def test_bayes_rule_is_relative_to_the_probability_of_the_state(unit: float) -> None:
    game, tree = rare(unit)
    assert check_tree(game, tree).ok
    stage, weights = tree.stages[0], tree.stages[0].kernel[0]
    for state in (0, 1):
        message = int(np.argmax(weights * stage.beliefs[:, state]))
        missing = 1e-6 * tree.prior[state] / weights[message]
        beliefs = stage.beliefs.copy()
        beliefs[message] += np.where(np.arange(2) == state, -missing, missing)
        found = check_tree(game, replace(tree, stages=(replace(stage, beliefs=beliefs),)))
        assert not found.ok
        assert "Bayes' rule is missed" in "; ".join(found.failures)


@pytest.mark.parametrize("unit", SCALES)
def test_values_are_relative_to_what_is_paid(unit: float) -> None:
    scale = F(repr(unit))
    game = BeliefGame("1/4", [Receiver(["1/3"], [0, scale])])
    sound = solve(game, "simultaneous").certificate
    assert sound.ok
    for share in (1e-6, -1e-6):
        wrong = replace(sound, claimed=sound.claimed * (1 + share))
        assert any("the posteriors pay" in failure for failure in wrong.failures)
        wide = replace(sound, upper=sound.upper * (1 + 1e-6))
        assert any("leaves a gap" in failure for failure in wide.failures)


def tree_of(**changes: Any) -> PosteriorTree:
    """The tree of the sequential procedure with something of its first stage replaced."""
    tree = solve(GAME, "sequential", order=(0, 1)).experiment
    first = replace(tree.stages[0], **changes)
    return replace(tree, stages=(first, *tree.stages[1:]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"beliefs": np.array([[1.2, -0.2], [0.2, 0.8]])}, "negative belief"),
        ({"beliefs": np.array([[math.nan, 1.0], [0.2, 0.8]])}, "not finite"),
        ({"beliefs": np.array([[0.5, 0.6], [0.2, 0.8]])}, "belief that does not sum to one"),
        ({"beliefs": np.array([[0.5, 0.5]])}, "must have beliefs and kernel of shapes"),
        ({"kernel": np.array([[-0.5, 1.5]])}, "negative weight"),
        ({"kernel": np.array([[math.inf, 0.5]])}, "weight that is not finite"),
        ({"kernel": np.array([[0.6, 0.6]])}, "row of weights that does not sum to one"),
        ({"acting": ((0, 0), (0, 0))}, "a receiver acts twice"),
        ({"acting": ((0,), (1,))}, "one order, fixed ex ante"),
        ({"acting": ((2,), (2,))}, "who is no receiver"),
        ({"acting": ((-1,), (-1,))}, "who is no receiver"),
        ({"acting": ((True,), (True,))}, "who is no receiver"),
        ({"acting": ((1,), (1,))}, "some receiver does not act exactly once"),
        ({"acting": ((), ())}, "one receiver must act"),
    ],
)
def test_nonsense_is_refused_by_name(changes: dict[str, Any], message: str) -> None:
    found = check_tree(GAME, tree_of(**changes))
    assert not found.ok
    assert message in "; ".join(found.failures)
    with pytest.raises(errors.CertificateError, match="not proved"):
        found.enforce()


def test_other_nonsense_is_refused_by_name() -> None:
    tree: Any = solve(GAME, "sequential", order=(0, 1)).experiment
    flexible = solve(
        BeliefGame("1/2", [Receiver.threshold("4/5"), Receiver.threshold("4/5", about=[1, 0])]),
        "flexible",
    ).experiment
    for broken, message in (
        (replace(tree, procedure="no procedure"), "there is no procedure"),
        (replace(tree, prior=np.array([0.5])), "the prior must have shape"),
        (replace(tree, prior=np.array([0.5, 0.6])), "prior does not sum to one"),
        (replace(tree, prior=np.array([0.4, 0.6])), "Bayes' rule is missed"),
        (replace(tree, stages=()), "there is no stage"),
        (replace(tree, procedure="simultaneous"), "has one stage"),
        (replace(flexible, procedure="sequential"), "one order, fixed ex ante"),
        (replace(flexible, procedure="intermediate"), "a signal decides who is next"),
    ):
        found = check_tree(GAME, broken)
        assert not found.ok
        assert message in "; ".join(found.failures)


def test_no_tree_that_was_tampered_with_passes() -> None:
    """Random changes of a sound tree: refused, or harmless up to rounding."""
    rng = np.random.default_rng(5)
    sound = {p: any_solve(GAME, p) for p in PROCEDURES}
    for _ in range(300):
        procedure = PROCEDURES[rng.integers(5)]
        result = sound[procedure]
        stages = list(result.experiment.stages)
        k = int(rng.integers(len(stages)))
        name = ("beliefs", "kernel")[rng.integers(2)]
        array = getattr(stages[k], name).copy()
        place = tuple(int(rng.integers(size)) for size in array.shape)
        array[place] = (
            array[place] + rng.choice([-1e-6, 1e-6, 0.3, -0.3]),
            rng.choice([math.nan, math.inf, -math.inf, -1.0, 2.0]),
        )[rng.integers(2)]
        stages[k] = replace(stages[k], **{name: array})
        found = check_tree(GAME, replace(result.experiment, stages=tuple(stages)))
        assert not found.ok or array[place] == getattr(result.experiment.stages[k], name)[place]


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_rationals_take_over_where_floats_prove_too_little(
    procedure: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = BeliefGame("1/3", [Receiver(["1/2"], [0, "1/3"]), Receiver(["1/4", "3/4"], [0, 1, 2])])
    truth = any_solve(game, procedure, exact=True).value
    assert solve(game, procedure).certificate.route == "float"
    spoiled = rounded_nodes

    def shifted(written: Any) -> Any:
        nodes = spoiled(written)
        return replace(nodes, payoffs=-nodes.payoffs)

    monkeypatch.setattr(solving, "rounded_nodes", shifted)
    result = solve(game, procedure)
    assert result.certificate.route == "exact"
    assert_bracket(result, truth)
    assert result.prices @ game.prior == pytest.approx(float(truth), rel=1e-12)


def test_too_large_for_rationals_has_a_bracket_and_a_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from persuasion_lp.families.beliefs.proof import answers

    game = BeliefGame("1/3", [Receiver(["1/2"], [0, "1/3"])])

    def unproved(*_: Any) -> Any:
        raise errors.CertificateError("nothing is proved")

    monkeypatch.setattr(solving, "recursion", unproved)
    monkeypatch.setattr(answers, "EXACT_STEPS", 1)
    with pytest.raises(errors.CertificateError, match=r"lies in \[0\.1.*fewer receivers"):
        solve(game, "flexible")


def test_weights_are_made_bayes_plausible_exactly() -> None:
    x = {0: F(0), 1: F(1, 10**12), 2: F(1, 3), 3: F(1)}
    paid = [{k: (v, F(0)) for k, v in x.items()}]
    for weights in ({0: 0.9, 1: 0.2}, {0: 1.0, 1: 1e-9, 2: 1e-13}):
        stage = NodeStage([0, 2, 3], [(0,)] * 3, [{0: w} for w in weights.values()])
        if len(weights) == 2:
            stage = NodeStage([0, 2], [(0,)] * 2, [{0: w} for w in weights.values()])
        made = attained(NodeTree("simultaneous", 1, (stage,)), x, paid)
        assert made.payoff == F(1, 10**12)
        tree = made.tree
        mean = tree.stages[0].kernel @ tree.stages[0].beliefs
        np.testing.assert_allclose(mean[0], tree.prior, rtol=1e-15)
    one_side = NodeStage([2, 3], [(0,)] * 2, [{0: 0.5}, {0: 0.5}])
    with pytest.raises(errors.CertificateError, match="one side only"):
        attained(NodeTree("simultaneous", 1, (one_side,)), x, paid)


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_integers_bound_what_fractions_pay_and_floats_agree(procedure: Any) -> None:
    game = BeliefGame(
        "0.3", [PiecewiseLinear([0, "1/3", 1], ["1/7", -1, 2]), Receiver(["1/5"], ["2/3", 1])]
    )
    nodes = game.written.nodes
    plan = agendas(procedure, 2, (0, 1) if procedure == "sequential" else None)
    exact = sum((exact_recursion(one, exact_nodes(nodes)).value for one in plan), F(0))
    above = sum((exact_recursion(one, rounded_up(nodes)).value for one in plan), F(0))
    assert exact <= above <= exact * (1 + F(1, 2**200))
    solved = tuple(recursion(one, rounded_nodes(nodes)) for one in plan)
    bound = majorant_bound(solved)
    assert exact <= bound <= exact + F(1, 10**13)


def test_the_best_order_in_integers_is_the_best_of_all() -> None:
    rng = np.random.default_rng(8)
    for _ in range(20):
        game = BeliefGame(
            F(int(rng.integers(1, 12)), 12),
            [
                Receiver(
                    sorted({F(int(k), 13) for k in rng.integers(1, 13, 2)})[:1],
                    [F(int(k), 5) for k in rng.integers(0, 6, 2)],
                )
                for _ in range(3)
            ],
        )
        order, bound = exact_best_order(exact_nodes(game.written.nodes), lambda: None)
        proved = solve(game, "sequential", exact=True)
        assert bound == proved.value
        assert solve(game, "sequential", order=order, exact=True).value == bound


@pytest.mark.parametrize("prior", ["1e-12", "1e-9", "1e-6", "0.999999999", "0.999999999999"])
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_program_near_a_degenerate_prior(prior: str, procedure: Any) -> None:
    game = BeliefGame(
        prior, [Receiver(["1/3", "2/3"], [0, 1, 3]), Receiver(["1/2"], [0, 1], about=[1, 0])]
    )
    truth = any_solve(game, procedure, exact=True).value
    assert_bracket(solve(game, procedure, formulation="lp"), truth)


@pytest.mark.parametrize("procedure", PROCEDURES)
@pytest.mark.parametrize("settings", [{"time_limit": 1e-9}, {"iteration_limit": 1}])
def test_limits_carry_the_bracket_of_the_whole(procedure: Any, settings: dict[str, Any]) -> None:
    game = BeliefGame("0.37", [Receiver([f"0.{i}1", f"0.{i}6"], [0, 1, "1/2"]) for i in (2, 3, 4)])
    truth = any_solve(game, procedure, exact=True).value
    best = any_solve(game, "first_best", exact=True).value
    with pytest.raises(errors.LimitError) as caught:
        solve(game, procedure, formulation="lp", options=SolverOptions(**settings))
    low, high = caught.value.best_value, caught.value.best_bound
    told = max(game.payoff_without_information(), game.payoff_with_full_information())
    assert math.nextafter(told, -1) <= low <= truth <= high <= math.nextafter(float(best), 9)
    with pytest.raises(errors.LimitError):
        solve(game, procedure, exact=True, options=SolverOptions(time_limit=1e-9))


@pytest.mark.parametrize("limit", [math.nan, "1", None, True, -1])
def test_a_memory_limit_of_a_grid_is_a_number(limit: Any) -> None:
    with pytest.raises(errors.OptionError, match="memory_limit must be a number of bytes"):
        IntervalGrid(10, memory_limit=limit)
    with pytest.raises(errors.OptionError, match="memory_limit must be a number of bytes"):
        SimplexGrid(3, 10, memory_limit=limit)


def test_sizes_of_grids_are_known_before_memory_is_taken() -> None:
    for make in (lambda: IntervalGrid(10**15), lambda: SimplexGrid(4, 10**6)):
        with pytest.raises(errors.SizeError, match="this grid needs"):
            make()


def test_grids_are_refined_where_the_bracket_is_wide() -> None:
    game = BeliefGame(0.3, [BeliefFunction(lambda x: x * (1 - x), lipschitz=1)], grid=10)
    result = solve(game, "simultaneous", tol=1e-7)
    assert result.upper is not None
    assert result.lower <= F(21, 100) <= result.upper <= result.lower + 1e-7
    assert result.beliefs < 30_000
    with pytest.raises(errors.LimitError) as caught:
        solve(game, "simultaneous", tol=1e-12, options=SolverOptions(time_limit=0.3))
    assert caught.value.best_value <= 0.21 <= caught.value.best_bound <= 0.2101


@pytest.mark.parametrize(
    "function",
    [
        BeliefFunction(lambda x: np.sin(7 * x), lipschitz=7),
        BeliefFunction(lambda x: x * (1 - x), shape="concave"),
        BeliefFunction(lambda x: x**2, shape="convex"),
        BeliefFunction(lambda x: x, cell_bound=lambda a, b: b),
    ],
    ids=["lipschitz", "concave", "convex", "cell bound"],
)
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_brackets_off_the_grid_nest(function: BeliefFunction, procedure: Any) -> None:
    payoffs: list[Any] = [function, Receiver.threshold(0.6)]
    fine = solve(BeliefGame(0.3, payoffs, grid=3000), procedure)
    wide = solve(BeliefGame(0.3, payoffs, grid=5), procedure)
    narrow = solve(BeliefGame(0.3, payoffs, grid=5), procedure, tol=1e-4)
    assert wide.upper is not None
    assert narrow.upper is not None
    assert wide.lower <= narrow.upper
    assert narrow.lower <= wide.upper
    assert narrow.upper - narrow.lower <= 1e-4
    assert narrow.lower - 1e-12 <= (fine.upper or 9.0)
    assert fine.lower <= narrow.upper


def test_a_callable_of_which_nothing_is_known_has_no_bound() -> None:
    result = solve(BeliefGame(0.3, [lambda x: 1.0 * (x >= 0.712345)], grid=8), "simultaneous")
    assert result.upper is None
    assert result.lower <= result.value


def test_stages_of_posteriors_are_what_they_say() -> None:
    """A tree made by hand: fully revealing, pays what full information pays."""
    stage = PosteriorStage(np.eye(2), np.array([[0.5, 0.5]]), ((0, 1), (0, 1)))
    tree = PosteriorTree("simultaneous", np.array([0.5, 0.5]), (stage,))
    found = check_tree(GAME, tree)
    assert found.ok
    assert found.value == GAME.payoff_with_full_information()


@pytest.mark.parametrize("tol", [5e-324, 1e-310])
def test_a_width_that_cannot_be_reached_is_refused_without_a_warning(tol: float) -> None:
    wave = BeliefFunction(lambda x: x * (1 - x), lipschitz=1.0)
    game = BeliefGame(0.3, [wave], grid=8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((errors.LimitError, errors.SizeError)):
            solve(game, "flexible", tol=tol, memory_limit=1 << 24)
