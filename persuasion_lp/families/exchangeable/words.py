"""Games of groups and their answers in words."""

from __future__ import annotations

from persuasion_lp.core.said import proof_of, worth
from persuasion_lp.families.exchangeable.problem import ExchangeableGame
from persuasion_lp.families.exchangeable.result import ExchangeableResult
from persuasion_lp.words import Report, Section, Table

__all__ = ["group_words", "result_words"]

MOST_MESSAGES = 12
"""Messages that are listed, the most likely ones."""


def group_words(game: ExchangeableGame) -> Report:
    """What a game of groups is."""
    return Report(_title(game), (_stated(game),))


def result_words(result: ExchangeableResult) -> Report:
    """What an answer says."""
    game = result.problem
    likely = list(result.profiles.items())
    said = (
        "Everybody hears one public signal: how many of each group are to accept, and who.",
        Table(
            "How many of each group accept",
            (*game.names, "probability"),
            tuple((*counts, chance) for counts, chance in likely[:MOST_MESSAGES]),
            max(0, len(likely) - MOST_MESSAGES),
        ),
    )
    return Report(
        f"{_title(game)}: one public signal",
        (
            _stated(game),
            Section("What the sender does", said),
            Section("What it is worth", tuple(worth(result))),
            Section("How it is proved", (proof_of(result),)),
        ),
    )


def _title(game: ExchangeableGame) -> str:
    groups = f"{game.n} groups" if game.n > 1 else "one group"
    return f"A sender and {sum(game.sizes)} receivers in {groups}"


def _stated(game: ExchangeableGame) -> Section:
    pays = "what each member's action pays him, summed"
    if game.payoff is not None:
        pays = "a payoff that depends on how many accept in each group"
    rows = tuple(
        (name, size, member.rule)
        for name, size, member in zip(game.names, game.sizes, game.members, strict=True)
    )
    return Section(
        "The problem",
        (
            "Members of a group are alike, and the prior is over how many of them are in state H. "
            f"The sender gets {pays}.",
            Table("The groups", ("group", "members", "each"), rows),
        ),
    )
