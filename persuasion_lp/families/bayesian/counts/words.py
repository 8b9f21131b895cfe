"""Games of players who are alike, and their answers, in words."""

from __future__ import annotations

from math import isnan

from persuasion_lp.core.said import payoff_table, proof_of
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.counts.result import AnonymousResult
from persuasion_lp.words import Cell, Report, Section, Table, table

__all__ = ["anonymous_words", "answer_words"]

MOST_ROWS = 12
"""Rows of a table that are listed."""

HEARS = {
    "bce": "Each player hears his own recommendation only.",
    "public": "Everybody hears who is told what.",
    "coarse": "Each player follows his recommendation, or does one thing whatever it is.",
    "adversarial": "Players coordinate on the equilibrium that is worst for the designer. The "
    "value is a supremum, approached and not attained.",
}


def anonymous_words(game: AnonymousGame) -> Report:
    """What a game is."""
    return Report(_title(game), (_stated(game),))


def answer_words(result: AnonymousResult) -> Report:
    """What an answer says."""
    game = result.problem
    rows: list[tuple[Cell, ...]] = [
        (*counts, probability) for counts, probability in list(result.counts.items())[:MOST_ROWS]
    ]
    told = (
        f"{HEARS[result.procedure]} Given the numbers, who is told what is drawn at random.",
        Table(
            "How many are told each action",
            (*game.action_names, "probability"),
            tuple(rows),
            max(0, len(result.counts) - MOST_ROWS),
        ),
    )
    nothing, everything = result.no_information, result.full_information
    ends = (("no information", nothing), ("full information", everything))
    paid: list[tuple[Cell, ...]] = [(name, *[end] * 3) for name, end in ends if not isnan(end)]
    paid.append((result.procedure, result.value, result.lower, result.upper))
    worth = (
        payoff_table("The designer's payoff", paid),
        f"Each player expects a utility of {result.payoff:.9g}.",
    )
    least = "" if result.sense == "max" else ", the least"
    return Report(
        f"{_title(game)}: {result.procedure}{least}",
        (
            _stated(game),
            Section("What the designer does", told),
            Section("What it is worth", worth),
            Section("How it is proved", (proof_of(result),)),
        ),
    )


def _title(game: AnonymousGame) -> str:
    return f"A designer and {game.players} players who are alike"


def _stated(game: AnonymousGame) -> Section:
    aim = "the sum of the players' utilities"
    if game._written_objective is not None:
        aim = "a payoff that depends on how many do what"
    states = list(zip(game.state_names, game.prior.tolist(), strict=True))
    return Section(
        "The problem",
        (
            f"Everybody chooses among {', '.join(game.action_names)}. The designer's payoff is "
            f"{aim}.",
            table("States", ("state", "probability"), states[:MOST_ROWS]),
        ),
    )
