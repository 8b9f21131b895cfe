"""Games on one belief and their answers in words: which posteriors, and who acts on them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.core.said import order_of, prior_table, proof_of, worth
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.result import BeliefResult
from persuasion_lp.primitives.labels import action_names
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.words import Cell, Report, Section, Table, number, spoken, table

__all__ = ["belief_words", "result_words"]


def belief_words(game: BeliefGame) -> Report:
    """What a game is."""
    return Report(_title(game), (_stated(game),))


def result_words(result: BeliefResult) -> Report:
    """What an answer says."""
    game = result.problem
    prices = zip(game.state_names, game.prior.tolist(), result.prices.tolist(), strict=True)
    return Report(
        f"{_title(game)}: {spoken(result.procedure)} procedure",
        (
            _stated(game),
            Section("What the sender does", tuple(_signals(result))),
            Section("What it is worth", tuple(worth(result))),
            Section(
                "What the prior is worth",
                (table("Value per unit of probability", ("state", "prior", "price"), prices),),
            ),
            Section("How it is proved", (f"{proof_of(result)} The upper end: {result.bound}.",)),
        ),
    )


def _title(game: BeliefGame) -> str:
    return f"One common belief and {game.n} receiver{'s' * (game.n > 1)}"


def _stated(game: BeliefGame) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for name, payoff in zip(game.names, game.payoffs, strict=True):
        known = isinstance(payoff, Receiver)
        rule = payoff.rule if isinstance(payoff, Receiver) else "pays by a function"
        rows.append((name, rule if known else f"{rule}: {payoff!r}"))
    return Section(
        "The problem",
        (
            "Everybody holds the same belief over the states, and the sender's payoff from each "
            "receiver depends on it.",
            prior_table(game),
            table("Receivers", ("receiver", "rule"), rows),
        ),
    )


def _signals(result: BeliefResult) -> Iterator[str | Table]:
    game, tree = result.problem, result.experiment
    if result.order is not None:
        yield order_of(result)
    place = "message" if tree.private else "stage"
    for k, (stage, chances) in enumerate(zip(tree.stages, tree.probabilities, strict=True)):
        before = tree.beliefs_before(k)
        rows: list[tuple[Cell, ...]] = [
            (
                _belief(before[g]),
                _belief(belief),
                float(stage.kernel[g, m]),
                float(chances[m]),
                "; ".join(_acts(game, i, belief) for i in stage.acting[m]) or "nobody yet",
            )
            for m, belief in enumerate(stage.beliefs)
            for g in np.flatnonzero(stage.kernel[:, m]).tolist()
        ]
        belief = f"belief in {game.state_names[1]}" if game.on_interval else "belief"
        heads = (f"{belief} before", "after", "probability", "in all", "who acts, and how")
        yield table(f"The signal of {place} {k + 1}", heads, rows)


def _belief(belief: Floats) -> Cell:
    if belief.size == 2:
        return float(belief[1])
    return f"({', '.join(number(float(p)) for p in belief)})"


def _acts(game: BeliefGame, i: int, belief: Floats) -> str:
    payoff = game.payoffs[i]
    paid = number(float(game.payoff_at(i, belief[None, :])[0]))
    if not isinstance(payoff, Receiver):
        return f"{game.names[i]} pays {paid}"
    own = np.zeros(payoff.state_count)
    np.add.at(own, game.own_states(i), belief)
    willing = np.where(payoff.obeys(own), payoff.payoffs @ own, -np.inf)
    return f"{game.names[i]}: {action_names(payoff)[int(willing.argmax())]} (pays {paid})"
