"""KKS's numbers by the belief route: Table 1, §8.2, Proposition 1, Proposition 3's example."""

from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import BeliefGame, Receiver

EXAMPLE_1 = BeliefGame(0.5, [Receiver.threshold(0.8), Receiver.threshold(0.8, about=[1, 0])])
EXAMPLE_2 = BeliefGame(0.5, [Receiver.threshold(0.6), Receiver.threshold(0.8)])


@pytest.mark.parametrize("formulation", ["envelopes", "lp"])
@pytest.mark.parametrize(
    ("game", "procedure", "settings", "value"),
    [
        (EXAMPLE_1, "simultaneous", {}, 1.0),
        (EXAMPLE_1, "sequential", {"order": (0, 1)}, 37 / 32),
        (EXAMPLE_1, "sequential", {"order": (1, 0)}, 37 / 32),
        (EXAMPLE_1, "flexible", {}, 5 / 4),
        (EXAMPLE_1, "first_best", {}, 5 / 4),
        (EXAMPLE_2, "simultaneous", {}, 5 / 4),
        (EXAMPLE_2, "sequential", {"order": (0, 1)}, 35 / 24),
        (EXAMPLE_2, "sequential", {"order": (1, 0)}, 5 / 4),
        (EXAMPLE_2, "sequential", {"order": "best"}, 35 / 24),
        (EXAMPLE_2, "first_best", {}, 35 / 24),
    ],
)
def test_table_1(
    game: BeliefGame, procedure: Any, settings: dict[str, Any], value: float, formulation: Any
) -> None:
    result = plp.solve(game, procedure, formulation=formulation, **settings)
    assert result.value == pytest.approx(value, abs=1e-12)
    assert result.upper is not None
    assert result.lower <= result.exact().value <= result.upper
    assert result.upper - result.lower <= 2**-52


def test_the_formula_in_the_appendix() -> None:
    """§8.2: cav(f1 + cav f2) is 1 + x/0.8 up to 0.2, then 1 + (1 − x)/(4·0.8); x = Pr(ω_2 = H)."""
    for x in np.linspace(0, 1, 21):
        game = BeliefGame(1 - float(x), EXAMPLE_1.payoffs)
        expected = 1 + x / 0.8 if x <= 0.2 else 1 + (1 - x) / 3.2
        value = plp.solve(game, "sequential", order=(0, 1)).value
        assert value == pytest.approx(expected, abs=1e-12)


def test_example_1_posteriors() -> None:
    """The first signal induces 0 or 0.8, with probabilities 3/8 and 5/8."""
    tree = plp.solve(EXAMPLE_1, "sequential", order=(0, 1)).experiment
    np.testing.assert_allclose(tree.stages[0].beliefs[:, 1], [0, 0.8])
    np.testing.assert_allclose(tree.probabilities[0], [3 / 8, 5 / 8])


def test_nested_thresholds_attain_first_best_in_their_order() -> None:
    """Proposition 1: by x_i^R − x when all split into 0 and their cutoff."""
    cutoffs = [0.9, 0.55, 0.7, 0.8]
    game = BeliefGame(0.5, [Receiver.threshold(c) for c in cutoffs])
    best = plp.solve(game, "sequential")
    assert best.order == (1, 2, 3, 0)
    assert best.value == pytest.approx(sum(0.5 / c for c in cutoffs), abs=1e-12)


def test_three_states_with_nested_acceptance() -> None:
    """Proposition 3: strictly better than simultaneous in nesting order, below first best."""
    receivers = [
        Receiver.accepting([([-1, -0.6, 1], 0)]),
        Receiver.accepting([([-1.5, -1.8, 1], 0)]),
    ]
    game = BeliefGame([0.5, 0.3, 0.2], receivers, grid=20)
    values = {p: plp.solve(game, p).value for p in ("simultaneous", "first_best")}
    assert values["simultaneous"] == pytest.approx(2 / 3, abs=1e-12)
    assert values["first_best"] == pytest.approx(64 / 75, abs=1e-12)
    one, two = (plp.solve(game, "sequential", order=o).value for o in ((0, 1), (1, 0)))
    assert one == pytest.approx(751 / 900, abs=1e-12)
    assert two == pytest.approx(2 / 3, abs=1e-12)


def test_pacman_on_example_1() -> None:
    judges = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2)
    tree = plp.Pacman(judges).tree()
    assert tree.payoff == pytest.approx(5 / 4, abs=1e-12)
    np.testing.assert_allclose(np.sort(tree.beliefs[1:3, 0]), [0.2, 0.8])
