"""What is recommended in each state, as a table in shades of grey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from persuasion_lp.plots import data
from persuasion_lp.plots.canvas import INK, LETTERS, canvas, fitted, laid_out
from persuasion_lp.words import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["experiment", "share_text"]

ROW = 0.2
"""Inches of height for each state."""

MOST_STATES = 24
MOST_PROFILES = 12
"""Of more only the likeliest are drawn, and it is said how many there are."""

DARKEST = 0.55
"""How dark certainty is, from white 0 to black 1: numbers stay readable on it."""

LONGEST_HEAD = 90.0
LONGEST_STATE = 75.0
"""Points for names of profiles and of states, which are cut beyond."""


def experiment(of: Any, *, ax: Axes | None = None) -> Axes:
    """States × recommendations: the probability of each profile of actions given each state.

    A row is a state, with its prior probability, and a column a profile, read from the first
    receiver to the last; darker is likelier, blank is never. The last row is unconditional. Of more
    than 24 states or 12 profiles the likeliest are drawn, and what is left out is said.

    Parameters
    ----------
    of
        The answer to a :class:`PersuasionGame` or a :class:`VotingGame`.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        For something else; those pictures that fit are named.
    """
    frame = data.experiment(of)
    cells, overall = frame[frame.part == "cell"], frame[frame.part == "overall"]
    table = cells["probability"].to_numpy().reshape(-1, len(overall))
    priors = cells["prior"].to_numpy()[:: len(overall)]
    states = cells["state"].to_numpy()[:: len(overall)]
    likeliest = sorted(priors.argsort(kind="stable")[::-1][:MOST_STATES].tolist())
    columns = min(len(overall), MOST_PROFILES)
    shown = table[likeliest, :columns]
    total = overall["probability"].to_numpy()[:columns]
    with canvas(ax, height=1.2 + ROW * (len(likeliest) + 1)) as axes:
        rows = [*shown, total]
        axes.imshow(rows, cmap="Greys", vmin=0.0, vmax=1.0 / DARKEST, aspect="auto")
        chances = [number(round(priors[k], 4)) for k in likeliest]
        names = _told_apart([states[k] for k in likeliest], likeliest)
        labels = [f"{name} ({chance})" for name, chance in zip(names, chances, strict=True)]
        axes.set_yticks(range(len(rows)), [*labels, "overall"])
        axes.axhline(len(likeliest) - 0.5, color=INK, lw=0.8)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.set_xticks(range(columns), [""] * columns)
        axes.spines[:].set_visible(False)
        cell = laid_out(axes)[0] / columns
        numbered = _heads(axes, overall.iloc[:columns], cell)
        digits = 3 if cell > 0.62 * (LETTERS - 1) * len(" 0.000 ") else 2
        size = min(LETTERS - 1, 0.9 * cell / (0.62 * len("0.00")))
        for place, row in enumerate(rows):
            for column, share in enumerate(row):
                if share > 0:
                    axes.text(
                        column,
                        place,
                        share_text(share, digits),
                        ha="center",
                        va="center",
                        fontsize=size,
                    )
        left_out = _left_out(len(states), len(likeliest), len(overall), float(total.sum()))
        said = [left_out] if left_out else []
        if numbered:
            said.append("actions by number, receiver by receiver")
        axes.set_xlabel("\n".join(said), fontsize=LETTERS - 1)
    return axes


def _told_apart(names: list[str], places: list[int]) -> list[str]:
    """Names of states cut to their room; by their places among the possible ones, if cut alike."""
    cut = [fitted(name.replace(", ", ","), LONGEST_STATE, LETTERS - 1) for name in names]
    whole = [fitted(name, LONGEST_STATE, LETTERS - 1) for name in names]
    if whole == names:
        return whole
    return cut if len(set(cut)) == len(cut) else [f"state {place}" for place in places]


def _heads(axes: Axes, columns: pd.DataFrame, cell: float) -> bool:
    """Profiles over their columns; whether actions stand there by number, names being too long.

    An action a line, or upright where a cell is too narrow.
    """
    profiles, places = columns["profile"].tolist(), range(len(columns))
    size = LETTERS - 1
    widest = max(len(action) for profile in profiles for action in profile)
    if len(profiles[0]) <= 6 and (widest * 0.62 + 0.8) * size <= cell:
        axes.set_xticks(places, ["\n".join(profile) for profile in profiles], fontsize=size)
        return False
    flat = [", ".join(profile) for profile in profiles]
    numbered = max(len(text) for text in flat) * 0.6 * size > LONGEST_HEAD
    if numbered:
        written = [" ".join(map(str, actions)) for actions in columns["actions"]]
        flat = [fitted(text, LONGEST_HEAD, size) for text in written]
    axes.set_xticks(places, flat, rotation=90, fontsize=size)
    return numbered


def share_text(share: float, digits: int) -> str:
    """A probability in the digits that a cell has room for."""
    least = 0.1**digits
    if share < least / 2:
        return f"<{least:.{digits}f}".replace("0.", ".")
    if 1 - least / 2 <= share < 1 - 1e-9:
        return f">{1 - least:.{digits}f}".replace("0.", ".")
    return number(round(share, digits))


def _left_out(states: int, rows: int, profiles: int, covered: float) -> str:
    said = []
    if rows < states:
        said.append(f"the likeliest {rows} of {states} states")
    if profiles > MOST_PROFILES:
        said.append(
            f"the likeliest {MOST_PROFILES} of {profiles} profiles\n"
            f"(together of probability {number(round(covered, 3))})"
        )
    return ",\n".join(said)
