"""Trees of histories, the Pacman procedure, comparative statics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

import persuasion_lp as plp
from persuasion_lp import plots
from tests.shown_pictures import five_voters, judges_apart


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.mark.parametrize("procedure", ["sequential", "intermediate", "flexible"])
def test_the_tree_is_the_experiment(procedure: Any) -> None:
    result = plp.solve(judges_apart(), procedure)
    frame: Any = plots.data.order_tree(result)
    assert frame.iloc[0][["parent", "depth"]].tolist() == [-1, 0]
    assert frame["probability"].iloc[0] == pytest.approx(1, abs=1e-12)
    for place, row in enumerate(frame.itertuples()):
        below = frame[frame["parent"] == place]
        if len(below):
            assert below["probability"].sum() == pytest.approx(row.probability, abs=1e-14)
            assert below["given"].sum() == pytest.approx(1, abs=1e-12)
            assert (below["depth"] == row.depth + 1).all()
    told, chances = result.experiment, result.experiment.joint.sum(axis=1)
    paths = {
        tuple((int(i), int(told.actions[k, i])) for i in told.orders[k]): chances[k]
        for k in range(len(chances))
        if chances[k] > 0
    }
    found = {}
    for place in frame.index[frame["depth"] == 2]:
        last, first = frame.loc[place], frame.loc[int(frame.loc[place]["parent"])]
        steps = tuple((int(step["receiver"]), int(step["action"])) for step in (first, last))
        found[steps] = last["probability"]
        assert last["name"] == ("judge A", "judge B")[int(last["receiver"])]
        assert last["taken"] == ("acquit", "convict")[int(last["action"])]
    assert found == pytest.approx(paths, abs=1e-12)


def test_what_has_no_order_has_no_tree() -> None:
    with pytest.raises(plp.errors.InputError, match=r"plots\.experiment"):
        plots.order_tree(plp.solve(judges_apart(), "simultaneous"))


def test_of_many_paths_the_likeliest_are_drawn_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = plp.solve(five_voters(), "sequential", order=range(5))
    frame: Any = plots.data.order_tree(result)
    ends = frame[frame["depth"] == 5]["probability"].nlargest(2)
    assert plots.order_tree(result).get_title() == "receiver: action, by number"
    monkeypatch.setattr("persuasion_lp.plots.trees.MOST_ENDS", 2)
    assert f"2 of 5 paths (together {ends.sum():.3g})" in plots.order_tree(result).get_title()


def test_pacman_moves_as_its_tree_does() -> None:
    pacman = plp.Pacman(judges_apart())
    tree = pacman.tree(residual=1e-3)
    frame: Any = plots.data.pacman(pacman)
    moves = frame[frame.part == "move"].astype({"node": int, "receiver": int})
    for row in moves.itertuples():
        assert row.belief == tree.beliefs[row.node, row.receiver]
        assert row.probability == tree.probability[row.node]
        assert row.acts == tree.acts[row.node, row.receiver]
    for row in moves[moves["acts"]].itertuples():  # whoever has acted moves no more
        below = moves[(moves["parent"] == row.node) & (moves["receiver"] == row.receiver)]
        assert below.empty
    chance = moves[moves["acts"]].groupby("receiver")["probability"].sum()
    assert chance.tolist() == pytest.approx([1, 1], abs=1e-12)
    targets = frame[frame.part == "target"].groupby("receiver")["belief"].apply(list)
    assert targets.tolist() == pacman.targets.tolist()
    with pytest.raises(plp.errors.InputError, match=r"plp\.Pacman"):
        plots.pacman(judges_apart())


def test_statics_and_their_phases() -> None:
    uniform, w = plp.StateDistribution.uniform(), 0.4
    found = plp.capability_statics(uniform, w, np.linspace(1, 2.4, 15))
    frame = plots.data.statics(found)
    points, spans = frame[frame.part == "point"], frame[frame.part == "phase"]
    assert points["manager"].tolist() == found.manager.tolist()
    assert points["threshold"].equals(points["threshold"].where(found.manager > 0))
    assert spans["phase"].tolist() == ["pessimistic", "constrained", "first best"]
    # LX, Corollary 1, uniform: from x = E[θ]/w on, first best from x = (1 + w)/(2 w) on
    ends = [1, 0.5 / w, (1 + w) / (2 * w), 2.4]
    assert spans["parameter"].tolist() == pytest.approx(ends[:-1], abs=1e-6)
    assert spans["end"].tolist() == pytest.approx(ends[1:], abs=1e-6)
    axes = plots.statics(found)
    for line in axes.lines:  # none goes from one phase to another
        x = np.asarray(line.get_xdata(), dtype=np.float64)
        if x.size > 1 and x[0] != x[-1]:
            assert not any(x.min() < change < x.max() for change in ends[1:-1])
    with pytest.raises(plp.errors.InputError, match="comparative statics"):
        plots.statics(3)


def test_one_phase_and_one_value_can_be_drawn() -> None:
    uniform = plp.StateDistribution.uniform()
    for values in ([1.5], [1.9, 2.0]):
        plots.statics(plp.capability_statics(uniform, 0.4, values))
    plots.statics(plp.difficulty_statics(0.4, 1.2, np.linspace(0.5, 3, 6)))
