"""The theorems of KKS, as statements to check."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from persuasion_lp.core.closed_form import Agreement, ClosedForm, grant
from persuasion_lp.families.games.certificate import certify_experiment
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.laboratory import draws
from persuasion_lp.laboratory.statements.statement import Statement, claim, judge_claims
from persuasion_lp.solve import solve
from persuasion_lp.theorems.kks.acceptance import proposition_3
from persuasion_lp.theorems.kks.committees import proposition_2
from persuasion_lp.theorems.kks.games import lemma_1, lemma_2, theorem_1, theorem_2
from persuasion_lp.theorems.kks.orders import (
    corollary_1,
    proposition_1,
    section_5_2_any_correlation,
    section_5_2_positive_correlation,
)
from persuasion_lp.theorems.kks.two_judges import proposition_4

__all__ = ["kks_statements"]


def _lemma_2(signal: draws.ConditionalSignal, assume: Collection[str]) -> ClosedForm:
    game, kernel = signal.game, signal.kernel
    form = lemma_2(game, 0, 1)
    high = game.own_states[0].reshape(game.prior.shape) == 1
    depends = any(
        float(np.ptp(kernel[:, side & (game.prior > 0)], axis=1).max()) > 0
        for side in (high, ~high)
    )
    hypotheses = {"independent of the other states given its own": not depends}
    grant("KKS Lemma 2", hypotheses, assume)
    return replace(form, conditions={**form.conditions, **hypotheses})


def _judge_lemma_2(signal: draws.ConditionalSignal, form: ClosedForm) -> Iterator[Agreement]:
    """Posteriors by Bayes' rule after each realization, against h(p); and the slope."""
    game = signal.game
    response = lemma_2(game, 0, 1)
    for realization in signal.kernel:
        measure = (realization * game.prior).ravel()
        total = float(measure.sum())
        if total > 0:
            p, q = (float(measure[game.own_states[i] == 1].sum()) / total for i in (0, 1))
            yield claim(form.name, "posterior", "==", response(p)).judge("posterior", q)
    yield claim(form.name, "slope", "<=", 1.0).judge("slope", abs(form.value))


def _theorem_1(game: PersuasionGame, assume: Collection[str]) -> ClosedForm:
    grant(
        "KKS Theorem 1", {"additive payoffs": game.additive, "binary states": game.binary}, assume
    )
    return theorem_1(solve(game, "simultaneous"), assume=assume)


def _proposition_2(game: VotingGame, assume: Collection[str]) -> ClosedForm:
    grant("KKS Proposition 2", {"unanimity": game.quota == game.n}, assume)
    return proposition_2(solve(game, "simultaneous"), assume=assume)


def _judge_proposition_3(game: PersuasionGame, form: ClosedForm) -> Iterator[Agreement]:
    """Part 1, part 2, and whether first best is paid."""
    nesting = solve(game, "sequential", order=form.order)
    simultaneous = solve(game, "simultaneous").value
    best = solve(game, "sequential").value
    part_1 = claim(f"{form.name}, part 1", "simultaneous", "<", nesting.value, form.scale)
    yield part_1.judge("simultaneous", simultaneous)
    part_2 = claim(f"{form.name}, part 2", "sequential", "==", best, form.scale)
    yield part_2.judge("sequential", nesting.value)
    yield nesting.compare(form)


def _judge_experiment(game: PersuasionGame, form: ClosedForm) -> Iterator[Agreement]:
    """What is claimed; and obedience and value of the experiment that is constructed."""
    yield from judge_claims(game, form)
    experiment = form.experiment
    if experiment is not None:
        economic = certify_experiment(game, experiment, form.value)
        yield claim(form.name, "obedience", "<=", 0.0).judge(
            "obedience", max(economic.obedience_residual, economic.bayes_residual)
        )
        yield form.judge(experiment.procedure, economic.value)


def kks_statements() -> Iterator[Statement]:
    """The theorems of KKS."""
    yield Statement(
        "lemma-1",
        draws.general_game,
        lambda game, assume: lemma_1(game, assume=assume),
        without={"additive payoffs": draws.game_with_payoff_table},
    )
    yield Statement(
        "lemma-2",
        draws.signal_on_one_state,
        _lemma_2,
        _judge_lemma_2,
        without={"independent of the other states given its own": draws.signal_on_all_states},
    )
    yield Statement(
        "theorem-1",
        draws.general_game,
        _theorem_1,
        _judge_experiment,
        without={"binary states": draws.touching_receivers},
    )
    yield Statement(
        "theorem-2",
        draws.general_game,
        lambda game, assume: theorem_2(game, assume=assume),
        without={"binary states": draws.receivers_of_many_states},
    )
    yield Statement(
        "proposition-1",
        draws.one_state_game,
        lambda game, assume: proposition_1(game, assume=assume),
        _judge_experiment,
        without={"perfectly correlated states": draws.opposed_receivers},
    )
    yield Statement(
        "proposition-2",
        draws.unanimous_committee,
        _proposition_2,
        without={"unanimity": draws.committee},
    )
    yield Statement(
        "proposition-3",
        draws.nested_receivers,
        lambda game, assume: proposition_3(game, assume=assume),
        _judge_proposition_3,
        without={"strictly nested": draws.touching_receivers},
    )
    yield Statement(
        "proposition-4",
        draws.two_judges,
        lambda game, assume: proposition_4(game, assume=assume),
        _judge_experiment,
        without={
            "one cutoff for both": draws.two_cutoffs,
            "priors below the cutoff": draws.two_judges,
        },
    )
    yield Statement(
        "corollary-1",
        draws.aligned_judges,
        lambda game, assume: corollary_1(game, assume=assume),
        _judge_experiment,
        without={
            "positively correlated states": draws.opposed_judges,
            "two receivers, or perfect correlation": draws.aligned_judges,
        },
    )
    yield Statement(
        "section-5.2-positive",
        draws.two_receivers,
        lambda game, assume: section_5_2_positive_correlation(game, assume=assume),
        _judge_experiment,
        without={
            "positively correlated states": draws.opposed_receivers,
            "one order sorts Δ^L and Δ^R": draws.alike_receivers,
        },
    )
    yield Statement(
        "section-5.2-any",
        draws.two_receivers,
        lambda game, assume: section_5_2_any_correlation(game, assume=assume),
        _judge_experiment,
        without={
            "Δ_i^R ≤ Δ_j^L": draws.opposed_receivers,
            "Δ_i^L ≤ Δ_j^R": draws.opposed_receivers,
        },
    )
