"""Certificates on one common belief catch what is broken on purpose."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import BeliefGame, Receiver
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.beliefs.posterior_tree import PosteriorTree
from persuasion_lp.errors import CertificateError
from persuasion_lp.families.beliefs.certificate import _bend, check_tree, majorant_bound
from persuasion_lp.families.beliefs.discretization import ValueFunction, discretized_below
from persuasion_lp.families.beliefs.recursion import Recursion, agendas, recursion

GAME = BeliefGame(0.5, [Receiver.threshold(0.8), Receiver.threshold(0.8, about=[1, 0])])


def solved() -> Recursion:
    nodes = discretized_below(GAME, None)
    return recursion(agendas("sequential", 2, (0, 1))[0], nodes)


def tampered(tree: PosteriorTree, **changes: Any) -> PosteriorTree:
    last = replace(tree.stages[-1], **changes)
    return replace(tree, stages=(*tree.stages[:-1], last))


def test_a_sound_tree_passes() -> None:
    result = plp.solve(GAME, "sequential", order=(0, 1))
    check = check_tree(GAME, result.experiment)
    assert check.everybody_acts
    assert check.bayes_residual < 1e-15
    assert check.value == pytest.approx(37 / 32, abs=1e-15)
    result.certificate.enforce()


def test_broken_trees_fail() -> None:
    result = plp.solve(GAME, "sequential", order=(0, 1))
    tree = result.experiment
    stage = tree.stages[-1]
    moved = tampered(tree, beliefs=stage.beliefs[:, ::-1].copy())
    assert check_tree(GAME, moved).bayes_residual > 0.1
    leaking = tampered(tree, kernel=stage.kernel * 0.9)
    assert check_tree(GAME, leaking).bayes_residual > 0.01
    twice = tampered(tree, acting=((0,),) * len(stage.acting))
    assert not check_tree(GAME, twice).everybody_acts
    idle = tampered(tree, acting=((),) * len(stage.acting))
    assert not check_tree(GAME, idle).everybody_acts
    assert check_tree(GAME, idle).value < check_tree(GAME, tree).value
    private = plp.solve(GAME, "first_best").experiment
    assert check_tree(GAME, private).everybody_acts
    assert not check_tree(GAME, tampered(private, acting=((0,),) * 2)).everybody_acts


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"claimed": 1.2, "upper": 1.2}, "the posteriors pay"),
        ({"upper": 1.3}, "leaves a gap"),
        ({"upper": 1.0}, "leaves a gap"),
        ({"upper": float("nan")}, "leaves a gap"),
    ],
)
def test_unproved_answers_raise(changes: dict[str, Any], message: str) -> None:
    sound = plp.solve(GAME, "sequential", order=(0, 1)).certificate
    broken = replace(sound, **changes, seal=None)
    assert not broken.ok
    with pytest.raises(CertificateError, match=message):
        broken.enforce()


def test_value_functions_that_are_too_low_raise_the_bound() -> None:
    sound = solved()
    assert majorant_bound((sound,)) == pytest.approx(37 / 32, abs=1e-14)
    values = dict(sound.values)
    low = values[(0, 1)].values.copy()
    low[1:-1] -= 0.05
    values[(0, 1)] = ValueFunction(low, np.empty(0))
    assert majorant_bound((replace(sound, values=values),)) >= 37 / 32


def test_vertices_that_nearly_coincide_are_measured_exactly() -> None:
    x = np.array([0.0, 0.5, 0.5 + 1e-14, 1.0])
    rounding = IntervalEnvelope(x, np.array([0.0, 1.0, 1.0 + 4e-16, 1.0]), np.arange(4))
    assert 0 <= _bend(rounding) < 1e-14
    bent = IntervalEnvelope(x, np.array([0.0, 0.0, 0.0, 1.0]), np.arange(4))
    assert _bend(bent) == pytest.approx(0.5, abs=1e-12)


def test_cutoffs_that_differ_by_rounding_are_solved_and_proved() -> None:
    near = [0.3, 0.1 + 0.2, 0.30000000000000010, 0.7, 0.7 + 1.2e-16]
    game = BeliefGame(0.25, [Receiver([c], [0.3, 1.0]) for c in near])
    same = BeliefGame(0.25, [Receiver([c], [0.3, 1.0]) for c in (0.3, 0.3, 0.3, 0.7, 0.7)])
    for procedure in ("simultaneous", "sequential", "flexible", "first_best"):
        value = plp.solve(same, procedure).value
        assert plp.solve(game, procedure).value == pytest.approx(value, abs=1e-12)


def test_envelopes_that_are_not_concave_raise_the_bound() -> None:
    sound = solved()
    bent = dict(sound.envelopes)
    key = ((0, 1), (0,))
    bent[key] = IntervalEnvelope(
        np.array([0.0, 0.5, 1.0]), np.array([1.0, 0.5, 1.0]), np.array([0, 2, 4])
    )
    assert majorant_bound((replace(sound, envelopes=bent),)) > 37 / 32 + 0.1
