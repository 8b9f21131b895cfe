"""Pictures on one common belief: value functions, stages, the triangle of three states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.plots import data
from persuasion_lp.plots.canvas import (
    ACCENT,
    BLUE,
    GREY,
    HATCHES,
    INK,
    LETTERS,
    canvas,
    legend,
    rug,
    triangle,
)
from persuasion_lp.plots.fitting import as_belief_game
from persuasion_lp.words import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["simplex", "stages", "value_function"]

RUG = 0.17
"""Room that a row of labels needs above the axes, in heights of the axes."""

MOST_LABELS = 6
"""Posteriors that are labelled; of more the picture shows the places only."""


def value_function(of: Any, *, prior: Any = None, ax: Axes | None = None) -> Axes:
    """Payoff (solid), concave envelope (dashed), prior (dotted), its split and line of prices.

    The probabilities of the posteriors stand above the axes. The thin line supports the envelope
    at the prior: its ends are the prices of the two states.

    Parameters
    ----------
    of
        A :class:`BeliefGame` (or :class:`PersuasionGame`) over two states, its simultaneous answer,
        or an envelope on an interval.
    prior
        Probability of the second state; left out, the game's own.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        For something without such a value function; those pictures that fit are named.
    """
    frame = data.value_function(of, prior=prior)
    with canvas(ax) as axes:
        _graph(axes, frame, INK, "payoff")
        envelope = frame[frame.part == "envelope"]
        axes.plot(
            envelope["belief"],
            envelope["value"],
            "--",
            color=BLUE,
            lw=1.4,
            label="concave envelope",
            zorder=3,
        )
        price = frame[frame.part == "price"]
        if len(price):
            axes.plot(price["belief"], price["value"], color=GREY, lw=0.6, label="prices", zorder=1)
        _prior(axes, frame[frame.part == "prior"])
        split = frame[frame.part == "posterior"].sort_values("belief")
        _circles(axes, split, ACCENT, "posteriors")
        axes.set(xlabel=_belief_axis(of), ylabel="sender's payoff")
        _whole_axis(axes, frame)
        _weights(axes, split)
        legend(axes, above=RUG if len(split) else 0.0)
    return axes


def stages(of: Any, *, stage: int = 0, ax: Axes | None = None) -> Axes:
    """A stage of a sequential procedure and the next: f₁ + cav f₂, its envelope, both splits.

    Dark is the sender's payoff from the receiver who acts at this stage and, optimally, from all
    later ones; grey the same from the next stage on. Circles are the posteriors of this stage,
    squares those of the next.

    Parameters
    ----------
    of
        The sequential answer to a :class:`BeliefGame` over two states.
    stage
        Which stage to begin with, from 0.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        For something else; those pictures that fit are named.
    OrderError
        For a stage that there is not.
    """
    frame = data.stages(of, stage=stage)
    shown = sorted(frame["stage"].unique())
    last = len(of.order) - 1
    with canvas(ax, height=2.7) as axes:
        for k, (at, colour) in enumerate(zip(shown, (INK, GREY), strict=False)):
            part = frame[frame.stage == at]
            who = part["receiver"].iloc[0]
            _graph(axes, part, colour, who if at == last else f"{who} and later")
            envelope = part[part.part == "envelope"]
            axes.plot(
                envelope["belief"],
                envelope["value"],
                "--" if k == 0 else ":",
                color=BLUE,
                lw=1.4,
                label="its envelope",
            )
            split = part[part.part == "posterior"].sort_values("belief")
            _circles(axes, split, ACCENT, f"posteriors, stage {at + 1}", "o" if k == 0 else "s")
        first = frame[frame.stage == shown[0]]
        _prior(axes, first[first.part == "prior"])
        axes.set(xlabel=_belief_axis(of), ylabel="sender's payoff")
        _whole_axis(axes, frame)
        split = first[first.part == "posterior"].groupby("belief", as_index=False)["weight"].sum()
        _weights(axes, split)
        legend(axes, above=RUG)
    return axes


def simplex(of: Any, *, steps: int = 48, ax: Axes | None = None) -> Axes:
    """The triangle of beliefs over three states: payoff as heat, acceptance sets, posteriors.

    KKS, Figure 2. Each corner is a belief that is certain of its state. Darker is better for the
    sender; hatched are the beliefs at which a receiver accepts; the cross is the prior, circles are
    posteriors with areas as their probabilities.

    Parameters
    ----------
    of
        A :class:`BeliefGame` (or :class:`PersuasionGame`) over three states, its answer, or an
        envelope over three states.
    steps
        Fineness of the heat map: parts of a side.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        For something that has not three states; those pictures that fit are named.
    """
    frame = data.simplex(of, steps=steps)
    game = as_belief_game(of)
    names = ("0", "1", "2") if game is None else game.state_names
    places = ["p0", "p1", "p2"]
    with canvas(ax, height=3.1) as axes:
        heat = frame[frame.part == "heat"]
        corners = triangle(heat[places].to_numpy())
        drawn = axes.tripcolor(
            corners[:, 0],
            corners[:, 1],
            np.arange(len(heat)).reshape(-1, 3),
            facecolors=heat["value"].to_numpy()[::3],
            cmap="Greys",
            vmin=heat["value"].min(),
            vmax=heat["value"].max() + 0.9 * (np.ptp(heat["value"]) or 1.0),
            rasterized=True,
        )
        drawn.set_edgecolor("face")
        if np.ptp(heat["value"]) > 0:
            scale = axes.inset_axes((0.04, 0.62, 0.04, 0.34))
            axes.figure.colorbar(drawn, cax=scale).set_label("sender's payoff", size=LETTERS - 1)
            scale.set_ylim(heat["value"].min(), heat["value"].max())
        _acceptance(axes, frame[frame.part == "acceptance"], places)
        edge = triangle(np.eye(3)[[0, 1, 2, 0]])
        axes.plot(edge[:, 0], edge[:, 1], color=INK, lw=0.8)
        told = frame[frame.part == "posterior"]
        for k, at in enumerate(sorted(told["piece"].unique())):
            stage = told[told.piece == at]
            spots = triangle(stage[places].to_numpy())
            label = "posteriors" if told["piece"].nunique() == 1 else f"stage {int(at) + 1}"
            sizes = (14 + 90 * stage["weight"]) * 0.5**k
            _spots(axes, spots, sizes, "os^Dv"[k % 5], label)
        prior = frame[frame.part == "prior"]
        if len(prior):
            spots = triangle(prior[places].to_numpy())
            axes.plot(spots[:, 0], spots[:, 1], "P", color=INK, ms=6, mec="white", label="prior")
        for name, (x, y), beside in zip(names, edge, ("top", "top", "bottom"), strict=False):
            lifted = -0.03 if beside == "top" else 0.03
            axes.text(x, y + lifted, name, ha="center", va=beside, fontsize=LETTERS)
        axes.set_aspect("equal")
        axes.set_axis_off()
        axes.set(xlim=(-0.08, 1.08), ylim=(-0.1, 0.97))
        legend(axes, columns=3)
    return axes


def _graph(axes: Axes, frame: pd.DataFrame, colour: str, label: str) -> None:
    """A payoff by its connected stretches, with its value where it jumps."""
    for k, (_, piece) in enumerate(frame[frame.part == "payoff"].groupby("piece")):
        axes.plot(piece["belief"], piece["value"], color=colour, label=label if k == 0 else None)
    jumps = frame[frame.part == "attained"]
    axes.plot(jumps["belief"], jumps["value"], "o", color=colour, ms=2.5)


def _prior(axes: Axes, prior: pd.DataFrame) -> None:
    for k, x in enumerate(prior["belief"]):
        axes.axvline(x, color=INK, lw=0.8, ls=":", label="prior" if k == 0 else None, zorder=1)


def _circles(axes: Axes, split: pd.DataFrame, colour: str, label: str, mark: str = "o") -> None:
    if len(split):
        axes.plot(
            split["belief"],
            split["value"],
            mark,
            ms=5,
            mfc="white",
            mec=colour,
            mew=1.1,
            label=label,
            zorder=4,
            clip_on=False,
        )


def _weights(axes: Axes, split: pd.DataFrame) -> None:
    """Probabilities of the posteriors above the axes."""
    if len(split) <= MOST_LABELS:
        shares = [f"{number(round(weight, 4))}" for weight in split["weight"]]
        rug(axes, split["belief"].to_numpy(), shares)


def _whole_axis(axes: Axes, frame: pd.DataFrame) -> None:
    low, high = frame["belief"].min(), frame["belief"].max()
    axes.set_xlim(low, high)


def _belief_axis(of: Any) -> str:
    game = as_belief_game(of)
    if game is None:
        return "belief"
    name = game.state_names[1]
    return f"belief that the state is {name}"


def _acceptance(axes: Axes, sets: pd.DataFrame, places: list[str]) -> None:
    patterns = iter(HATCHES[1:] * 4)
    for (receiver, action), corners in sets.groupby(["receiver", "action"], sort=False):
        spots = triangle(corners[places].to_numpy())
        axes.fill(
            spots[:, 0],
            spots[:, 1],
            facecolor="none",
            edgecolor=INK,
            lw=0.7,
            hatch=next(patterns),
            label=f"{receiver}: {action}",
        )


def _spots(axes: Axes, spots: Any, sizes: pd.Series[float], mark: str, label: str) -> None:
    axes.scatter(
        spots[:, 0],
        spots[:, 1],
        s=sizes,
        marker=mark,
        facecolors="white",
        edgecolors=ACCENT,
        linewidths=1.1,
        zorder=4,
        label=label,
        clip_on=False,
    )
