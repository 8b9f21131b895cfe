"""Solve an :class:`AnonymousGame`, and recompute its answer from the counts alone."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.arrays import FrozenMapping, frozen
from persuasion_lp.core.clock import Clock
from persuasion_lp.core.exact import ExactResult, proved_result
from persuasion_lp.errors import ExactnessError, InfeasibleError
from persuasion_lp.families.bayesian.certificate import BayesianEconomics
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.counts.programme import Counted
from persuasion_lp.families.bayesian.counts.registry import CountProcedure, counts_programme
from persuasion_lp.families.bayesian.counts.result import AnonymousResult
from persuasion_lp.families.bayesian.incentives import ULPS
from persuasion_lp.families.bayesian.programmes.base import Sense
from persuasion_lp.families.bayesian.proof.attained import exact_optimum, prove
from persuasion_lp.families.bayesian.solve import (
    AdversarialSettings,
    BayesianSettings,
    as_maximum,
    certified,
    check_feasible,
    no_pure_profile,
)
from persuasion_lp.lp.certificate import EPS

__all__ = ["exact_counts", "recomputed", "solve_chain", "solve_counts"]


def solve_counts(
    procedure: CountProcedure, game: AnonymousGame, settings: BayesianSettings
) -> AnonymousResult:
    """Solve a game in counts.

    Raises
    ------
    InfeasibleError
        If no profile can be recommended in public.
    """
    clock = Clock()
    programme = counts_programme(game, procedure, settings.sense)
    programme.size.check(settings.memory_limit)
    with clock.phase("build"):
        lp = programme.build()
    with clock.phase("solve"):
        try:
            proved = prove(programme, lp, settings.options, game.at_stake)
        except InfeasibleError as infeasible:
            raise no_pure_profile(procedure) from infeasible
    with clock.phase("decode"):
        told = programme.decode(proved.kept, proved.x)
        economic = recomputed(game, procedure, told, programme.sign * float(proved.value))
        value, certificate = certified(programme, proved, economic)
        multipliers = programme.multipliers(lp, proved.y)
        prices = programme.sign * programme.prices(told, multipliers)
    return AnonymousResult(
        problem=game,
        procedure=procedure,
        sense=settings.sense,
        value=value,
        experiment=told,
        prices=frozen(prices),
        multipliers=FrozenMapping(multipliers),
        no_information=_worth(_expected(game, list(range(game.states))), procedure, settings.sense),
        full_information=math.fsum(
            float(game.prior[k]) * _worth(_expected(game, [k]), procedure, settings.sense)
            for k in game.support.tolist()
        ),
        certificate=certificate,
        lp=lp,
        algorithm=proved.algorithm,
        solver=proved.solver,
        iterations=proved.iterations,
        times=clock.times,
    )


def solve_chain(game: AnonymousGame, settings: AdversarialSettings) -> AnonymousResult:
    """The worst equilibrium under the best information."""
    return solve_counts("adversarial", game, as_maximum(settings))


def exact_counts(procedure: CountProcedure, game: AnonymousGame, settings: Any) -> ExactResult:
    """The optimum in fractions.

    Raises
    ------
    PriorError
        If the prior as it was written does not sum to 1 exactly.
    ExactSizeError, ExactnessError
        If exact arithmetic is refused, or proves nothing.
    """
    _ = game.rational_prior
    sense: Sense = settings.sense
    programme = counts_programme(game, procedure, sense)
    programme.size.check(settings.memory_limit)
    lp = programme.build()
    try:
        solution = exact_optimum(programme, lp)
    except ExactnessError:
        check_feasible(lp, procedure)
        raise
    value = programme.sign * solution.value
    return proved_result(game, procedure, None, solution, value=value, sense=sense)


def recomputed(
    game: AnonymousGame, procedure: CountProcedure, told: Counted, value: float
) -> BayesianEconomics:
    """Bayes plausibility, gains from deviating and value, from the counts alone."""
    joint = told.joint
    missed = np.abs(joint.sum(axis=0) - game.prior) - 4 * len(joint) * EPS * game.prior
    missed = np.maximum(missed, -joint.min(axis=0))
    bayes = np.divide(missed, game.prior, out=np.abs(missed), where=game.prior > 0)
    gains: dict[tuple[Any, ...], list[tuple[float, float]]] = {}
    paid = []
    for row, state in np.argwhere(joint > 0).tolist():
        counts, mass = told.counts[row], float(joint[row, state])
        paid.append(mass * game.objective_at(counts, state, exact=False).item())
        for a in np.flatnonzero(counts).tolist():
            if procedure == "adversarial" and a == 1:
                continue
            others = counts.copy()
            others[a] -= 1
            now, *rest = (
                game.utility_at(d, others, state, exact=False).item()
                for d in (a, *range(game.actions))
            )
            for d, then in enumerate(rest):
                told_to = {"bce": a, "public": (row, a), "coarse": 0, "adversarial": a}[procedure]
                weight = mass * counts[a] / game.players
                pair = (weight * (then - now), weight * (abs(then) + abs(now)))
                gains.setdefault((told_to, d), []).append(pair)
    if told.flow is not None:
        for k, state in np.argwhere(told.flow > 0).tolist():
            others = np.array([game.players - 1 - k, k])
            stay, act = (game.utility_at(d, others, state, exact=False).item() for d in (0, 1))
            weight = float(told.flow[k, state])
            pair = (weight * (stay - act), weight * (abs(stay) + abs(act)))
            gains.setdefault(("acting", 0), []).append(pair)
        into = np.vstack([game.prior, told.flow])
        out = np.vstack([told.flow, np.zeros(game.states)])
        stops = np.zeros((game.players + 1, game.states))
        stops[told.counts[:, 1]] = joint
        apart = np.abs(into - out - stops) - 8 * EPS * game.prior
        bayes = np.maximum(bayes, (apart / np.where(game.prior > 0, game.prior, 1.0)).max(axis=0))
    violation = 0.0
    for listed in gains.values():
        size = math.fsum(abs(gain) for gain, _ in listed)
        rounding = ULPS * EPS * math.fsum(terms for _, terms in listed)
        gain = math.fsum(gain for gain, _ in listed) - rounding
        violation = max(violation, gain / size if size else 0.0)
    pays = math.fsum(paid)
    return BayesianEconomics(
        value=pays,
        bayes_residual=max(0.0, float(bayes.max())),
        incentive_residual=violation,
        value_residual=abs(pays - value) / game.at_stake,
        worst="obedience" if violation else None,
    )


def _expected(game: AnonymousGame, states: list[int]) -> AnonymousGame:
    """The game of expected utilities over some states."""
    weight = game.written_prior[states]
    total = sum(weight)

    def mean(table: Any, axes: int) -> Any:
        if table.ndim == axes:
            return table
        found: Any = sum(w * table[..., k] for w, k in zip(weight, states, strict=True))
        return found / total

    utility = game._written_utility.rationals()
    aim = game._written_objective
    objective = None if aim is None else mean(aim.rationals(), game.actions - 1)
    return AnonymousGame(game.players, [Fraction(1)], mean(utility, game.actions), objective)


def _worth(game: AnonymousGame, procedure: CountProcedure, sense: Sense) -> float:
    """What a procedure pays without a state."""
    if procedure == "adversarial":
        acting = 0
        while acting < game.players:
            others = np.array([game.players - 1 - acting, acting])
            stay, act = (game.utility_at(d, others, 0, exact=True).item() for d in (0, 1))
            if act <= stay:
                break
            acting += 1
        counts = np.array([game.players - acting, acting])
        return float(game.objective_at(counts, 0, exact=True).item())
    programme = counts_programme(game, procedure, sense)
    try:
        proved = prove(programme, programme.build(), None, game.at_stake)
    except InfeasibleError:
        return math.nan
    return programme.sign * float(proved.value)
