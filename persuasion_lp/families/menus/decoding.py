"""The tests of a bracket as users see them: in floats, with the states and the types."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.core.exact import nearest
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.programmes.written import WrittenFrontier, written_types
from persuasion_lp.families.menus.proof.bracket import Numbers
from persuasion_lp.families.menus.proof.payment import Offer
from persuasion_lp.families.menus.screening import ProposalKind, ScreeningTest, screening_test
from persuasion_lp.primitives.states import StateGrid

__all__ = ["decoded"]


def decoded(
    problem: ManagerProblem, offers: tuple[Offer, ...], numbers: Numbers | None
) -> tuple[ScreeningTest, ...]:
    """The tests of a menu with the types that take them.

    Parameters
    ----------
    problem
        The problem.
    offers
        The tests by their exact numbers, by increasing p.
    numbers
        The problem's numbers, where states and types are finitely many.
    """
    types = numbers.types if numbers else None
    if types is None and problem.types is not None:
        types = written_types(problem)
    tests = []
    w = problem.written_payment
    for index, offer in enumerate(offers):
        after = offers[index + 1] if index + 1 < len(offers) else None
        if numbers is not None:
            test = _on_states(problem, numbers.frontier, offer)
        else:
            r = nearest(offer.u + w * offer.p)
            test = screening_test(problem.difficulty, nearest(offer.p), r)
        if types is not None:
            until = types.first(after.slope) if after else types.size
            takers = np.sort(problem.order[types.first(offer.slope) : until])
            listed = cast(Floats, problem.types)[takers]
            test = replace(test, types=tuple(listed.tolist()), takers=tuple(takers.tolist()))
        else:
            top = float(problem.type_distribution.support()[1])
            ends = [1 + one.slope / w for one in (offer, after) if one is not None]
            test = replace(
                test, types=(nearest(ends[0]), min(nearest(ends[1]), top) if after else top)
            )
        tests.append(test)
    return tuple(tests)


def _on_states(problem: ManagerProblem, frontier: WrittenFrontier, offer: Offer) -> ScreeningTest:
    """The threshold or interval test with p and u (LX, Lemma 3)."""
    grid = cast(StateGrid, problem.difficulty)
    kind: ProposalKind = "threshold" if offer.u == frontier.at(offer.p) else "interval"
    sigma = np.zeros(grid.size)
    possible = grid.masses > 0
    sigma[possible] = frontier.proposal(offer.p, offer.u)[::-1]
    on = np.flatnonzero(sigma > 0)
    ends = (float(grid.states[on[0]]), float(grid.states[on[-1]]))
    p = nearest(offer.p)
    q = nearest(offer.u / offer.p + problem.written_payment)
    return ScreeningTest(p, q, kind, ends, frozen(sigma))
