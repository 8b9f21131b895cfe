"""Votes and their answers in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from persuasion_lp.core.said import (
    binding_table,
    prior_table,
    receiver_table,
    smallest_price,
)
from persuasion_lp.families.games.words import answer_words
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.result import VoteResult
from persuasion_lp.words import Cell, Report, Section, Table

__all__ = ["result_words", "vote_words"]


def vote_words(vote: VotingGame) -> Report:
    """What a vote is."""
    return Report(_title(vote), (_stated(vote),))


def result_words(result: VoteResult) -> Report:
    """What an answer says."""
    vote = result.problem
    return answer_words(result, _title(vote), _stated(vote), _binding(result), "voter")


def _title(vote: VotingGame) -> str:
    return f"A vote of {vote.n}, {vote.quota} approvals win"


def _stated(vote: VotingGame) -> Section:
    return Section(
        "The problem",
        (
            f"The sender gets 1 if at least {vote.quota} of {vote.n} voters approve, and 0 "
            "otherwise. A voter looks ahead: he asks what he would believe if his vote decided.",
            prior_table(vote),
            receiver_table(vote.names, vote.receivers, with_payoffs=False),
        ),
    )


def _binding(result: VoteResult) -> Iterator[str | Table]:
    vote, least = result.problem, smallest_price(result.multipliers)
    found: list[tuple[Cell, ...]] = []
    for i, name in enumerate(vote.names):
        block = result.multipliers.get(f"obedience[{i}]", np.zeros(0))
        found += [
            (name, f"{k + 1} of {block.size}", float(block[k]))
            for k in np.flatnonzero(block > least).tolist()
        ]
    heads = ("voter", "time he is asked to approve", "price")
    yield from binding_table(heads, found)
