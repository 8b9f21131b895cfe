r"""LX, Lemma 3 and Theorem 3: which tests there are, and which of them a menu needs.

Difficulty θ ~ F with top-p mean function R(p).

* **Lemma 3.** A test that proposes with probability p at expected difficulty q exists iff
  E[θ] − R(1 − p) ≤ p q ≤ R(p). Equality on the right makes it a threshold test; strictly below, an
  interval test does. (The paper needs the right side only, for q ≥ E[θ] implies the left one.)
  Where F has atoms, a test may split them.
* **Theorem 3**, a menu. At most three distinct tests are needed: one threshold test and up to two
  interval tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from persuasion_lp.arrays import Numbers, Rationals, Written, written
from persuasion_lp.core.closed_form import ClosedForm
from persuasion_lp.errors import PayoffError, ProcedureError
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.menus.screening import ScreeningTest, screening_test
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid, as_difficulty
from persuasion_lp.theorems.lx.threshold_tests import PAPER

__all__ = ["Inducible", "lemma_3", "theorem_3"]

ROUNDING = 1e-12
"""Of p and q in floats, which may be those of a test that was computed, and of the functions of a
continuous difficulty, relative to the moments compared: within it a test counts as being on the
frontier R. Fractions and finitely many states are compared exactly."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Inducible(ClosedForm):
    """Whether a test with given proposals exists; ``value`` is the most that p q can be, R(p).

    Attributes
    ----------
    lowest
        The least that p q can be, E[θ] − R(1 − p).
    room
        R(p) − p q: how far the test is below the frontier.
    kind
        ``"threshold"``, ``"interval"``, or ``None`` if there is no such test.
    test
        Such a test; ``None`` if there is none, or if it never proposes.
    """

    lowest: float
    room: float
    kind: Literal["threshold", "interval"] | None
    test: ScreeningTest | None


def lemma_3(difficulty: Any, p: Numbers, q: Numbers) -> Inducible:
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
    shares = _share("p", p), _share("q", q)
    source = as_difficulty(difficulty)
    room, above, rounding = _rooms(source, *shares)
    p, q = (float(share.floats) for share in shares)
    highest = float(source.top_mean(p))
    lowest = source.mean - float(source.top_mean(1.0 - p))
    exists = min(room, above) >= -rounding
    on_frontier = abs(room) <= rounding
    kind: Literal["threshold", "interval"] | None = None
    if exists:
        kind = "threshold" if on_frontier else "interval"
    return Inducible(
        name="LX Lemma 3",
        value=highest,
        claims={},
        conditions={"inducible": exists, "on the frontier": on_frontier},
        source=f"{PAPER}, Lemma 3",
        lowest=lowest,
        room=float(room),
        kind=kind,
        test=screening_test(source, p, p * q) if exists and p > 0 else None,
    )


def _rooms(source: StateGrid | StateDistribution, p: Written, q: Written) -> tuple[Any, Any, float]:
    """R(p) − p q, p q − (E[θ] − R(1 − p)), and the rounding of both."""
    highest: Any
    lowest: Any
    if isinstance(source, StateGrid):
        states, masses = source.settled_numbers
        share = p.rationals().item()
        moment = share * q.rationals().item()
        highest = _first(share, states[::-1], masses[::-1])
        lowest = _first(share, states, masses)
    else:
        moment = float(p.floats) * float(q.floats)
        highest = float(source.top_mean(p.floats))
        lowest = source.mean - float(source.top_mean(1.0 - p.floats))
    written_out = p.entries is not None and q.entries is not None
    exactly = written_out and isinstance(source, StateGrid)
    rounding = 0.0 if exactly else ROUNDING * float(highest + moment)
    return highest - moment, moment - lowest, rounding


def _first(p: Fraction, states: Rationals, masses: Rationals) -> Fraction:
    """The integral of the state over the first p of the masses."""
    taken, left = Fraction(0), p
    for state, mass in zip(states.tolist(), masses.tolist(), strict=True):
        share = min(mass, left)
        taken += share * state
        left -= share
    return taken


def _share(name: str, given: Numbers) -> Written:
    number = written(name, given, PayoffError)
    if number.floats.ndim or not 0 <= number.rationals().item() <= 1:
        raise PayoffError(name, "must be a number in [0, 1]", value=given)
    return number


def theorem_3(result: MenuResult) -> ClosedForm:
    """What an optimal menu looks like: at most one threshold test and two interval tests.

    Parameters
    ----------
    result
        Of ``solve(problem, "menu")``; ``conditions`` say whether its tests are so. The value is
        this result's, and a single test can only do worse.

    Raises
    ------
    ProcedureError
        For the result of another procedure.
    """
    if not isinstance(result, MenuResult) or result.procedure != "menu":
        given = getattr(result, "procedure", type(result).__name__)
        raise ProcedureError("result", "must be that of a menu", value=given)
    kinds = [test.kind for test in result.tests]
    return ClosedForm(
        name="LX Theorem 3",
        value=result.value,
        claims={"menu": "==", "single_test": "<="},
        conditions={
            "at most one threshold test": kinds.count("threshold") <= 1,
            "at most two interval tests": kinds.count("interval") <= 2,
            "no other test": kinds.count("general") == 0,
        },
        source=f"{PAPER}, Theorem 3",
    )
