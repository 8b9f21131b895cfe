"""Votes: forward-looking voters decide by quota."""

from functools import partial
from typing import get_args

from persuasion_lp.core.family import Family, ProcedureSpec, register
from persuasion_lp.families.votes.form import RationalVote
from persuasion_lp.families.votes.known import known_bracket
from persuasion_lp.families.votes.ordering import ordering
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.result import VoteResult
from persuasion_lp.families.votes.solve import (
    VoteSettings,
    VotingProcedure,
    exact_answer,
    solve_vote,
)
from persuasion_lp.families.votes.words import result_words, vote_words

__all__ = ["VOTES"]

VOTES = register(
    Family(
        kind=VotingGame,
        procedures={
            name: ProcedureSpec(
                VoteSettings, partial(solve_vote, name), partial(exact_answer, name)
            )
            for name in get_args(VotingProcedure)
        },
        form=RationalVote,
        ordering=ordering,
        known=known_bracket,
        words={VotingGame: vote_words, VoteResult: result_words},
    )
)
