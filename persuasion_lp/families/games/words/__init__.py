"""Games and their answers in words; what is said of votes and beliefs alike is in `common`."""

from persuasion_lp.families.games.words.answers import beliefs, game_words, result_words, signals
from persuasion_lp.families.games.words.common import (
    binding_table,
    first_best,
    prior_table,
    procedure_name,
    proof_of,
    receiver_rule,
    receiver_table,
    smallest_price,
    worth,
)

__all__ = [
    "beliefs",
    "binding_table",
    "first_best",
    "game_words",
    "prior_table",
    "procedure_name",
    "proof_of",
    "receiver_rule",
    "receiver_table",
    "result_words",
    "signals",
    "smallest_price",
    "worth",
]
