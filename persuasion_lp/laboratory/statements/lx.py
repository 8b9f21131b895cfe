"""The theorems of LX, as statements to check.

The other side is a linear program throughout: the menu programme in its reduced or full form, or
one of :mod:`~persuasion_lp.laboratory.statements.lx_programmes`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import reduce

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.core.closed_form import Agreement, ClosedForm, grant
from persuasion_lp.families.menus.certificate import certify_menu
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.screening import ScreeningTest
from persuasion_lp.laboratory import draws
from persuasion_lp.laboratory.statements.lx_lines import judge_corollary_1, judge_corollary_2
from persuasion_lp.laboratory.statements.lx_programmes import best_single_test, greatest, nearest
from persuasion_lp.laboratory.statements.statement import (
    Statement,
    all_equal,
    claim,
    counted,
    judge_claims,
)
from persuasion_lp.solve import solve
from persuasion_lp.theorems import lx

__all__ = ["lx_statements"]


def _rest(theorem: str, hypotheses: Mapping[str, bool], assume: Collection[str]) -> tuple[str, ...]:
    """Grant these hypotheses; those assumed that are not among them are the closed form's."""
    grant(theorem, hypotheses, [name for name in assume if name in hypotheses])
    return tuple(name for name in assume if name not in hypotheses)


def _judge_theorem_1(plan: ManagerProblem, form: lx.ThresholdTest) -> Iterator[Agreement]:
    """What a closed form claims, and that its test is trusted and pays it."""
    yield from judge_claims(plan, form)
    yield from _certified(plan, () if form.test is None else (form.test,), form)


def _certified(
    plan: ManagerProblem, tests: tuple[ScreeningTest, ...], form: ClosedForm
) -> Iterator[Agreement]:
    """That tests are feasible, trusted, and pay the value."""
    economic = certify_menu(plan, tests)
    yield counted(f"the tests are proved ({form.name})", len(economic.failures))
    yield from all_equal(form, "payoff from the tests", [economic.value], form.value)


def _theorem_2(offer: draws.Offer, assume: Collection[str]) -> ClosedForm:
    hypotheses = {
        "one test": offer.procedure != "menu",
        "no commitment": offer.procedure != "commitment",
    }
    grant("LX Theorem 2", hypotheses, assume)
    form = lx.theorem_2(offer.problem)
    return replace(form, conditions={**form.conditions, **hypotheses})


def _judge_theorem_2(offer: draws.Offer, form: lx.ThresholdTest) -> Iterator[Agreement]:
    """The single test, by a program over cut-offs too; then what is offered instead of it."""
    if offer.procedure == "single_test":
        yield from _judge_theorem_1(offer.problem, form)
        yield solve(offer.problem, "single_test", formulation="cutoffs").compare(form)
    else:
        yield form.judge("single_test", solve(offer.problem, offer.procedure).value)


def _theorem_3(offer: draws.Offer, assume: Collection[str]) -> ClosedForm:
    hypotheses = {"no commitment": offer.procedure != "commitment"}
    grant("LX Theorem 3", hypotheses, assume)
    form = lx.theorem_3(solve(offer.problem, "menu"))
    return replace(form, conditions={**form.conditions, **hypotheses})


def _judge_theorem_3(offer: draws.Offer, form: ClosedForm) -> Iterator[Agreement]:
    """The tests' shape, and that they pay what the best of all menus, of any shape, does."""
    if offer.procedure == "commitment":
        yield form.judge("menu", solve(offer.problem, "commitment").value)
        return
    shape = [holds for name, holds in form.conditions.items() if "test" in name]
    yield counted(f"one threshold test, two interval tests ({form.name})", shape.count(False))
    yield from _certified(offer.problem, solve(offer.problem, "menu").tests, form)
    every = solve(offer.problem, "menu", formulation="full", incentives="all")
    yield every.compare(form)
    yield solve(offer.problem, "single_test").compare(form)


def _lemma_3(proposed: draws.ProposedTest, assume: Collection[str]) -> ClosedForm:
    hypotheses = {"states may be split": proposed.splits}
    grant("LX Lemma 3", hypotheses, assume)
    form = lx.lemma_3(proposed.grid, proposed.p, proposed.q)
    return replace(form, conditions={**form.conditions, **hypotheses})


def _judge_lemma_3(proposed: draws.ProposedTest, form: lx.Inducible) -> Iterator[Agreement]:
    """Over all m_k ∈ [0, f_k] with Σ m_k = p: the ends of Σ θ_k m_k, and distances to p q.

    Or, where states are not split, over all sets of states.
    """
    grid, p, r = proposed.grid, proposed.p, proposed.p * proposed.q
    exists, threshold = form.kind is not None, form.kind == "threshold"
    if not proposed.splits:
        sets = np.array(list(itertools.product((0.0, 1.0), repeat=grid.size))) * grid.masses
        misses = np.maximum(abs(sets.sum(axis=1) - p), abs(sets @ grid.states - r))
        yield _distance(form.name, "to the nearest set of states", exists, float(misses.min()))
        return
    most, least = (sign * greatest(grid, p, sign * grid.states) for sign in (1.0, -1.0))
    yield from all_equal(form, "the most that p q can be", [most], form.value)
    yield from all_equal(form, "the least that p q can be", [least], form.lowest)
    yield _distance(form.name, "to the nearest test", exists, nearest(grid, p, r, None))
    if exists:
        top = grid.quantile_interval(0.0, p)
        away = nearest(grid, p, r, top)
        yield _distance(form.name, "to the nearest threshold test", threshold, away)
    if form.test is not None and form.test.proposal is not None:
        taken = form.test.proposal * grid.masses
        yield from all_equal(form, "p", [float(taken.sum())], p)
        yield from all_equal(form, "p q", [float(taken @ grid.states)], r)
        on = np.flatnonzero(taken > 0)
        inside = slice(on[0] + 1, None if threshold else on[-1])
        left_out = float((grid.masses - taken)[inside].sum())
        yield from all_equal(form, "mass left out inside the interval", [left_out], 0.0)


def _distance(name: str, what: str, none: bool, distance: float) -> Agreement:
    """That a distance is zero, or that it is not."""
    what = f"distance {what}"
    return claim(name, what, "==" if none else ">", 0.0).judge(what, distance)


def _corollary_2(line: draws.PropensityLine, assume: Collection[str]) -> ClosedForm:
    hypotheses = {"F(θ) = θ^a": line.second == 1.0}
    own = _rest("LX Corollary 2", hypotheses, assume)
    form = lx.corollary_2(line.payment, line.capability, assume=own)
    return replace(form, conditions={**form.conditions, **hypotheses})


def _proposition_1(offers: draws.PaymentOffers, assume: Collection[str]) -> ClosedForm:
    hypotheses = {"the manager chooses the payment": offers.chosen}
    own = _rest("LX Proposition 1", hypotheses, assume)
    form = lx.proposition_1(offers.difficulty, offers.types, offers.type_probs, assume=own)
    return replace(form, conditions={**form.conditions, **hypotheses})


def _judge_proposition_1(
    offers: draws.PaymentOffers, form: lx.ChosenPayment
) -> Iterator[Agreement]:
    """No procedure pays more at any payment; the best payment tried pays as much.

    Always proposing pays it at w*.
    """

    def plan(payment: float) -> ManagerProblem:
        return ManagerProblem(
            offers.difficulty, payment, offers.types, offers.type_probs, unrestricted=True
        )

    payments = offers.payments.tolist()
    if offers.chosen and form.payment < 1:
        payments.append(form.payment)
        best = plan(form.payment)
        accepting = math.fsum(offers.type_probs[best.optimistic])
        yield _attained(form, accepting * (best.mean - best.payment))
    singles = [solve(plan(w), "single_test", formulation="cutoffs") for w in payments]
    yield _attained(form, max(result.value for result in singles))
    for result in singles:
        yield result.compare(form)
    for w in payments:
        yield solve(plan(w), "menu").compare(form)
        yield solve(plan(w), "commitment").compare(form)


def _attained(form: ClosedForm, value: float) -> Agreement:
    """That the value is attained."""
    return claim(form.name, "the best payment", "==", form.value).judge("the best payment", value)


def _pivotal_worker(team: draws.Team, assume: Collection[str]) -> ClosedForm:
    own = [_marginal(team.joint, i) for i in range(team.joint.ndim)]
    product = reduce(np.multiply.outer, own)
    hypotheses = {
        "all must accept": team.quota == team.joint.ndim,
        "independent capabilities": bool(np.allclose(team.joint, product, rtol=0, atol=1e-12)),
    }
    grant("LX pivotal worker", hypotheses, assume)
    form = lx.pivotal_worker(team.difficulty, team.payments.tolist(), team.types, own)
    return replace(form, conditions={**form.conditions, **hypotheses})


def _marginal(joint: Floats, i: int) -> Floats:
    return np.asarray(joint.sum(axis=tuple(k for k in range(joint.ndim) if k != i)))


def _judge_pivotal_worker(team: draws.Team, form: lx.PivotalWorker) -> Iterator[Agreement]:
    """The best single test by every worker's own obedience; and the pivotal worker's problem."""
    yield form.judge("single_test", best_single_test(team))
    yield from judge_claims(form.problem, form)
    yield from _judge_theorem_1(form.problem, form.single_test)
    if form.worker is not None:
        accepted = [float(x[0]) * w for x, w in zip(team.types, team.payments, strict=True)]
        least = form.single_test.capability * math.fsum(team.payments)
        yield from all_equal(
            form, "what the pivotal worker accepts", [least, accepted[form.worker]], min(accepted)
        )


def lx_statements() -> Iterator[Statement]:
    """The theorems of LX."""
    yield Statement(
        "lx-theorem-1",
        draws.known_worker,
        lambda plan, assume: lx.theorem_1(plan, assume=assume),
        _judge_theorem_1,
        without={"known type": draws.workers, "capability at least 1": draws.incapable_worker},
    )
    yield Statement(
        "lx-theorem-2",
        draws.single_offer,
        _theorem_2,
        _judge_theorem_2,
        without={"one test": draws.menu_offer, "no commitment": draws.committed_offer},
    )
    yield Statement(
        "lx-theorem-3",
        draws.menu_offer,
        _theorem_3,
        _judge_theorem_3,
        without={"no commitment": draws.committed_offer},
    )
    yield Statement(
        "lx-lemma-3",
        draws.proposed_test,
        _lemma_3,
        _judge_lemma_3,
        without={"states may be split": draws.unsplit_test},
    )
    yield Statement(
        "lx-corollary-1",
        draws.capability_line,
        lambda line, assume: lx.corollary_1(line.difficulty, line.payment, assume=assume),
        judge_corollary_1,
        without={"E[θ] ≥ w": draws.capability_line},
    )
    yield Statement(
        "lx-corollary-2",
        draws.power_line,
        _corollary_2,
        judge_corollary_2,
        without={"F(θ) = θ^a": draws.beta_line, "capability above 1": draws.idle_line},
    )
    yield Statement(
        "lx-proposition-1",
        draws.payment_offers,
        _proposition_1,
        _judge_proposition_1,
        without={
            "the manager chooses the payment": draws.fixed_payment,
            "capabilities at least 1": draws.incapable_workers,
        },
    )
    yield Statement(
        "lx-pivotal-worker",
        draws.independent_team,
        _pivotal_worker,
        _judge_pivotal_worker,
        without={
            "all must accept": draws.majority_team,
            "independent capabilities": draws.related_team,
        },
    )
