"""Votes: forward-looking voters decide by quota."""

from functools import partial
from typing import get_args

from persuasion_lp.core.family import Family, ProblemForm, ProcedureSpec, register
from persuasion_lp.families.votes.forms.rational import RationalVote
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


def _document() -> type[ProblemForm]:
    """Loaded when a file is read or written."""
    from persuasion_lp.families.votes.forms.document import VoteDocument

    return VoteDocument


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
        document=_document,
        known=known_bracket,
        words={VotingGame: vote_words, VoteResult: result_words},
    )
)
