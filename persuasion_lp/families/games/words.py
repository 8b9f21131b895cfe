"""Games and their answers in words: who knows what, is told what, does what, and its worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.core.said import (
    binding_table,
    order_of,
    prior_table,
    proof_of,
    receiver_table,
    smallest_price,
    worth,
)
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.result import GameLike, GameResult
from persuasion_lp.families.games.tree import unfold
from persuasion_lp.primitives.labels import action_names
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.words import Cell, Report, Section, Table, number, spoken, table

__all__ = ["answer_words", "game_words", "result_words"]

MOST_STATES = 8
"""Possible states that have a column of their own; of more the average is told."""

SEES = {
    "simultaneous": "Everybody hears one public signal, the whole profile of recommendations.",
    "sequential": "Receivers act in a fixed order; each hears the recommendations up to his own.",
    "intermediate": "Each receiver hears the recommendations up to his own; signals name who "
    "acts next.",
    "flexible": "Each receiver hears the recommendations up to his own; signals decide who acts.",
    "first_best": "Each receiver hears his own message only.",
}


def game_words(game: PersuasionGame) -> Report:
    """What a game is."""
    return Report(_title(game), (_stated(game),))


def result_words(result: GameResult) -> Report:
    """What an answer says."""
    game = result.problem
    return answer_words(result, _title(game), _stated(game), _binding(result))


def answer_words(
    result: GameResult,
    title: str,
    stated: Section,
    binding: Iterable[str | Table],
    party: str = "receiver",
) -> Report:
    """What the answer to a game or a vote says, from what is said of the problem."""
    return Report(
        f"{title}: {spoken(result.procedure)} procedure",
        (
            stated,
            Section("What the sender does", tuple(signals(result))),
            Section(f"What each {party} believes and does", tuple(beliefs(result))),
            Section("What it is worth", tuple(worth(result))),
            Section("Which constraints bind, and at what price", tuple(binding)),
            Section("How it is proved", (proof_of(result),)),
        ),
    )


def _title(game: GameLike) -> str:
    return f"A sender and {game.n} receiver{'s' * (game.n > 1)}"


def _stated(game: PersuasionGame) -> Section:
    pays = "what each receiver's action pays him, summed"
    if not game.additive:
        depends = "the profile of actions and the state" if game.state_dependent else "the profile"
        pays = f"a payoff that depends on {depends}"
    some = game.support.size < game.prior.size
    states = f"{game.support.size} of {game.prior.size}" if some else f"All {game.prior.size}"
    return Section(
        "The problem",
        (
            f"{states} states are possible. The sender gets {pays}.",
            prior_table(game),
            receiver_table(game.names, game.receivers, with_payoffs=game.additive),
        ),
    )


def signals(result: GameResult) -> Iterator[str | Table]:
    """The experiment stage by stage, with the probability of each message in each state."""
    game, experiment = result.problem, result.experiment
    yield " ".join(filter(None, (SEES[result.procedure], order_of(result))))
    if result.procedure == "first_best":
        yield from _messages(result)
        return
    support = experiment.support
    few = support.size <= MOST_STATES
    for number_of, stage in enumerate(experiment.stages(), start=1):
        kernel = stage.kernel.reshape(len(stage.messages), -1)[:, support]
        rows: list[list[Cell]] = []
        for message, given in zip(stage.messages, kernel, strict=True):
            last = len(message) - 1 if result.procedure != "simultaneous" else 0
            heard = [_told(game, *pair) for pair in message[:last]]
            said = [_told(game, *pair) for pair in message[last:]]
            row: list[Cell] = ["; ".join(heard) or "nothing"] if last else []
            row.append("; ".join(said))
            row += [float(p) for p in given] if few else [float(given @ _prior(experiment))]
            rows.append(row)
        several = len(experiment.stages()) > 1
        heads = (["heard before"] if several and number_of > 1 else []) + ["message"]
        heads += [game.state_names[k] for k in support] if few else ["on average"]
        caption = f"Stage {number_of}: " if several else ""
        words = "probability of each message in each state"
        yield table(f"{caption}{words}" if caption else words.capitalize(), heads, rows)


def _prior(experiment: Any) -> Any:
    return experiment.prior.ravel()[experiment.support]


def _told(game: GameLike, i: int, action: int) -> str:
    return f"{game.names[i]}: {action_names(game.receivers[i])[action]}"


def _messages(result: GameResult) -> Iterator[Table]:
    """Private messages: the probability of each recommendation by own state."""
    game = result.problem
    for i, sets in enumerate(result.information_sets):
        own = np.zeros(game.receivers[i].state_count)
        np.add.at(own, game.own_states[i], game.prior.ravel())
        rows = [
            [
                action_names(game.receivers[i])[known.action],
                known.probability,
                *(
                    float(known.probability * x / p) if p else None
                    for x, p in zip(known.posterior, own, strict=True)
                ),
            ]
            for known in sets
        ]
        few = own.size <= MOST_STATES
        heads = ["message", "probability", *(f"in {s}" for s in own_state_names(game, i))]
        shown = rows if few else [row[:2] for row in rows]
        caption = f"Private messages to {game.names[i]}"
        yield table(caption, heads if few else heads[:2], shown)


def own_state_names(game: Any, i: int) -> Sequence[str]:
    """A receiver's own states by the names of an axis of the prior, if they are one's."""
    labels, shape = game.state_labels, game.prior.shape
    for axis, along in enumerate(np.indices(shape).reshape(len(shape), -1)):
        if labels is not None and np.array_equal(along, game.own_states[i]):
            return labels if len(shape) == 1 else labels[axis]
    return [f"own state {s}" for s in range(game.receivers[i].state_count)]


def beliefs(result: GameResult) -> Iterator[str | Table]:
    """Each receiver's information sets: what he has heard, believes and does."""
    game = result.problem
    for i, sets in enumerate(result.information_sets):
        binary = game.receivers[i].state_count == 2
        rows = [
            (
                "; ".join(_told(game, *pair) for pair in known.seen if pair[0] != i) or "nothing",
                action_names(game.receivers[i])[known.action],
                known.probability,
                known.posterior[1] if binary else _vector(known.posterior),
            )
            for known in sets
        ]
        own = own_state_names(game, i)
        belief = f"belief in {own[1]}" if binary else "belief over own states"
        if not binary and game.state_labels is not None:
            belief = f"belief over {', '.join(own[:MOST_STATES])}"
        heads = ("hears of others", "is told and does", "probability", belief)
        yield table(f"{game.names[i]} when he acts", heads, rows)


def _vector(values: Floats) -> str:
    shown = ", ".join(number(float(x)) for x in values[:MOST_STATES])
    return f"({shown}{', …' if len(values) > MOST_STATES else ''})"


def _binding(result: GameResult) -> Iterator[str | Table]:
    found: list[tuple[Cell, ...]] = []
    game, programme = result.problem, result.programme
    least = smallest_price(result.multipliers)
    done: set[str] = set()
    for node in unfold(programme.splits):
        for place, i in enumerate(node.measure.acting):
            name, seen = node.informations[place]
            block = result.multipliers.get(name)
            if block is None or name in done:
                continue
            done.add(name)
            own = seen.index(len(node.history) + place)
            for index in np.argwhere(block > least):
                row = int(index[own])
                action = int(programme.obedience[i].action[row])
                within = int(programme.obedience[i].within[row])
                heard = [
                    _told(game, node.receivers[axis], int(k))
                    for axis, k in zip(seen, index, strict=True)
                    if node.receivers[axis] != i
                ]
                names = action_names(game.receivers[i])
                found.append(
                    (
                        game.names[i],
                        "; ".join(heard) or "nothing",
                        f"{names[action]} rather than {_other(game.receivers[i], action, within)}",
                        float(block[tuple(index)]),
                    )
                )
    heads = ("receiver", "hears of others", "is to take", "price")
    yield from binding_table(heads, found)
    prices = [
        (game.state_names[k], float(game.prior.flat[k]), float(result.prices.flat[k]))
        for k in game.support
    ]
    yield table("Value per unit of prior probability", ("state", "prior", "price"), prices)


def _other(receiver: Receiver, action: int, within: int) -> str:
    """What a row of an action's cone keeps the receiver from."""
    names = action_names(receiver)
    if receiver.utility is not None:
        return names[within + (within >= action)]
    if receiver.cutoffs is not None:
        below = action > 0 and within == 0
        return names[action - 1 if below else action + 1]
    return f"{names[0]} (condition {within})" if len(receiver.cones[1]) > 1 else names[0]
