"""Bayesian games and their answers in words."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

import numpy as np

from persuasion_lp.core.said import payoff_table, proof_of
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.result import BayesianResult
from persuasion_lp.words import Cell, Report, Section, Table, table

__all__ = ["game_words", "result_words"]

MOST_ROWS = 12
"""Rows of a table that are listed."""

KNOWS = {
    "bce": "The designer knows the types; each player hears his own recommendation only.",
    "public": "The designer knows the types; everybody hears the whole profile recommended.",
    "coarse": "Each player follows his recommendation, or does one thing whatever it is.",
    "elicited": "Players report their types, then each hears his own recommendation.",
    "unelicited": "Nobody is asked; each player hears what each of his types is to do.",
    "adversarial": "Whatever the designer says, players coordinate on the equilibrium that is "
    "worst for her: they act only if each, in some sequence, is willing to act because of those "
    "before him. The value is a supremum, approached and not attained.",
}


def game_words(game: BayesianGame) -> Report:
    """What a game is."""
    return Report(_title(game), (_stated(game),))


def result_words(result: BayesianResult) -> Report:
    """What an answer says."""
    game = result.problem
    least = "" if result.sense == "max" else ", the least"
    return Report(
        f"{_title(game)}: {result.procedure}{least}",
        (
            _stated(game),
            Section("What the designer does", tuple(_told(result))),
            Section("What each player would gain by deviating", tuple(_deviations(result))),
            Section("What it is worth", tuple(_worth(result))),
            Section("How it is proved", (proof_of(result, _route(result)),)),
        ),
    )


def _title(game: BayesianGame) -> str:
    return f"A designer and {game.n} player{'s' * (game.n > 1)}"


def _aim(game: BayesianGame) -> str:
    said = game.aim.said
    if said == "welfare":
        return "the sum of the players' utilities"
    if said is None:
        return "a payoff of her own"
    return f"the utility of {game.names[said[1]]}"


def _stated(game: BayesianGame) -> Section:
    axes = game.axes
    chances = game.prior.reshape(axes.states, -1).sum(axis=1)
    rows: list[list[Cell]] = []
    for i, name in enumerate(game.names):
        row: list[Cell] = [name, ", ".join(game.action_names[i])]
        rows.append(row + ([", ".join(game.type_names[i])] if axes.types else []))
    heads = ("player", "actions", *(["types"] if axes.types else []))
    states = list(zip(game.state_names, chances.tolist(), strict=True))
    return Section(
        "The problem",
        (
            f"The designer's payoff is {_aim(game)}.",
            table("States", ("state", "probability"), states[:MOST_ROWS]),
            table("Players", heads, rows),
        ),
    )


def _told(result: BayesianResult) -> Iterator[str | Table]:
    game, axes = result.problem, result.problem.axes
    yield KNOWS[result.procedure]
    by_state = result.experiment.flat.reshape(axes.profiles, axes.states, -1).sum(axis=2)
    chance = by_state.sum(axis=0)
    possible = [k for k in range(axes.states) if chance[k] > 0]
    few = len(possible) <= MOST_ROWS
    rows: list[list[Cell]] = []
    for profile, probability in list(result.profiles.items())[:MOST_ROWS]:
        number = int(np.ravel_multi_index(profile, axes.actions))
        row: list[Cell] = [game.action_names[i][a] for i, a in enumerate(profile)]
        row += [float(by_state[number, k] / chance[k]) for k in possible] if few else []
        rows.append([*row, probability])
    heads = [*game.names, *([game.state_names[k] for k in possible] if few else []), "overall"]
    yield Table(
        "Probability of each profile of actions in each state",
        tuple(heads),
        tuple(map(tuple, rows)),
        max(0, len(result.profiles) - MOST_ROWS),
    )


def _deviations(result: BayesianResult) -> Iterator[str | Table]:
    priced = [one for one in result.deviations if one.price > 0 and one.gain == 0]
    if not priced:
        yield "No deviation has a price: everybody does what he is told anyway."
        return
    typed = bool(result.problem.axes.types)
    rows: list[tuple[Cell, ...]] = [
        (one.player, *([one.kind] if typed else []), one.told, one.instead, one.price)
        for one in priced
    ]
    heads = ("player", *(["type"] if typed else []), "told", "would rather", "price")
    yield Table(
        "Deviations that bind, and what each costs the designer",
        heads,
        tuple(rows[:MOST_ROWS]),
        max(0, len(rows) - MOST_ROWS),
    )


def _worth(result: BayesianResult) -> Iterator[str | Table]:
    nothing, everything = result.no_information, result.full_information
    ends = (("no information", nothing), ("full information", everything))
    rows: list[tuple[Cell, ...]] = [(name, *[end] * 3) for name, end in ends if not isnan(end)]
    rows.append((result.procedure, result.value, result.lower, result.upper))
    yield payoff_table("The designer's payoff", rows)
    paid = zip(result.problem.names, result.payoffs.tolist(), strict=True)
    yield table("Players' expected utilities", ("player", "utility"), list(paid))


def _route(result: BayesianResult) -> str | None:
    if result.certificate.route == "exact":
        return None
    return (
        "what the recommendation pays is exact, the other end is proved by prices in floating point"
    )
