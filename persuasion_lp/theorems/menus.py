r"""Li and Xu's theorems on one problem: a value, what it says about each procedure, and when.

Difficulty θ ~ F with top-p mean function R(p), payment w, types x.

* **Lemma 3.** A test that proposes with probability p at expected difficulty q exists iff
  E[θ] − R(1 − p) ≤ p q ≤ R(p). Equality on the right makes it a threshold test; strictly below, an
  interval test does.
* **Theorem 1**, type known. The optimum is a threshold test, and commitment adds nothing for an
  optimistic worker.
* **Theorem 2**, one test. With the type x as the least one to accept, the best threshold is that of
  Theorem 1 for x, so

      value = max_x  Pr(type ≥ x) · (manager's payoff from the optimal test for x).

* **Theorem 3**, a menu. At most three distinct tests are needed: one threshold test and up to two
  interval tests.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from persuasion_lp.arrays import frozen_floats
from persuasion_lp.closed_form import ClosedForm, Relation, grant
from persuasion_lp.errors import PayoffError, WorkerTypeError
from persuasion_lp.problems.manager import ManagerProblem
from persuasion_lp.problems.states import as_difficulty
from persuasion_lp.solving.menu_result import MenuResult
from persuasion_lp.theorems.lx import known_type

__all__ = ["Inducible", "lemma_3", "theorem_1", "theorem_2", "theorem_3"]

INDUCIBLE_TOLERANCE = 1e-12
"""Rounding of means within which a test counts as being on the frontier R."""


@dataclass(frozen=True)
class Inducible:
    """Whether a test with given proposals exists.

    Attributes
    ----------
    kind
        ``"threshold"``, ``"interval"``, or ``None`` if there is no such test.
    room
        R(p) − p q: how far the test is below the frontier.
    source
        Where it is proved.
    """

    kind: Literal["threshold", "interval"] | None
    room: float
    source: str = "LX, Lemma 3"


def lemma_3(difficulty: Any, p: float, q: float) -> Inducible:
    """Tell whether a test proposes with probability p at expected difficulty q.

    Parameters
    ----------
    difficulty
        As in :class:`ManagerProblem`.
    p, q
        In [0, 1].

    Raises
    ------
    PayoffError
        For p or q outside [0, 1].
    """
    for name, number in (("p", p), ("q", q)):
        if not 0.0 <= float(frozen_floats(name, number, PayoffError)) <= 1.0:
            raise PayoffError(name, "must lie in [0, 1]", value=number)
    source = as_difficulty(difficulty)
    room = float(source.top_mean(p)) - p * q
    below = p * q - (source.mean - float(source.top_mean(1.0 - p)))
    if min(room, below) < -INDUCIBLE_TOLERANCE:
        return Inducible(None, room)
    return Inducible("threshold" if room <= INDUCIBLE_TOLERANCE else "interval", room)


def theorem_1(problem: ManagerProblem, *, assume: Collection[str] = ()) -> ClosedForm:
    """The optimal test for a worker of known capability (the most capable type, if assumed).

    Parameters
    ----------
    problem
        With one type.
    assume
        Hypotheses to take for granted; see :func:`persuasion_lp.closed_form.grant`.

    Raises
    ------
    HypothesisError
        If there are several types.
    WorkerTypeError
        For a continuous distribution of types.
    """
    types = _listed(problem)
    hypotheses = {"known type": len(types) == 1}
    grant("LX Theorem 1", hypotheses, assume)
    known = known_type(problem.difficulty, problem.payment, max(types))
    claims: dict[str, Relation] = {"menu": "==", "single_test": "=="}
    claims["commitment"] = "==" if known.phase != "pessimistic" else ">="
    return ClosedForm(
        name="LX Theorem 1",
        value=known.manager,
        claims=claims,
        conditions={**hypotheses, "ex-ante optimistic": known.phase != "pessimistic"},
        source="Li and Xu, Theorem 1",
    )


def theorem_2(problem: ManagerProblem) -> ClosedForm:
    """The optimal single test, a threshold test; a menu and commitment can only do better.

    Raises
    ------
    WorkerTypeError
        For a continuous distribution of types.
    """
    types = _listed(problem)
    value = max(
        problem.share_at_least(x) * known_type(problem.difficulty, problem.payment, x).manager
        for x in types
    )
    return ClosedForm(
        name="LX Theorem 2",
        value=value,
        claims={"single_test": "==", "menu": ">=", "commitment": ">="},
        conditions={"some type is ex-ante optimistic": bool(problem.optimistic.any())},
        source="Li and Xu, Theorem 2",
    )


def theorem_3(result: MenuResult) -> ClosedForm:
    """What an optimal menu looks like: at most one threshold test and two interval tests.

    Parameters
    ----------
    result
        Of ``solve(problem, "menu")``; ``conditions`` say whether its tests are so.
    """
    kinds = [test.kind for test in result.tests]
    return ClosedForm(
        name="LX Theorem 3",
        value=result.value,
        claims={"menu": "=="},
        conditions={
            "at most one threshold test": kinds.count("threshold") <= 1,
            "at most two interval tests": kinds.count("interval") <= 2,
            "no other test": kinds.count("general") == 0,
        },
        source="Li and Xu, Theorem 3",
    )


def _listed(problem: ManagerProblem) -> list[float]:
    if problem.types is None:
        raise WorkerTypeError("types", "must be listed: the closed form is for finitely many")
    return [float(x) for x in problem.types]
