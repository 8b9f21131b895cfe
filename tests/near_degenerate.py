"""Random problems next to degenerate ones, of every family, and what floats make of them.

Probabilities from 1e-12 to 1; cutoffs within 1e-9 of 0, of 1, of each other and of the prior;
utilities from 1e-9 to 1e12 in one matrix; payoffs from 1e-8 to 1e8; types and states that are
nearly equal; x·w within 1e-13 of E[θ]. Numbers are drawn as fractions and written as fractions,
strings, decimals or floats, so that the problem means the fraction whatever the writing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from persuasion_lp import (
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    StateGrid,
    VotingGame,
    errors,
)
from tests.support import PROCEDURES, any_solve

Family = Literal["games", "votes", "beliefs", "menus", "means"]
FAMILIES: tuple[Family, ...] = get_args(Family)

Outcome = Literal["held", "violated", "refused", "too large", "crashed"]
"""``"refused"`` is a refusal although the exact programme is within its size."""

FAST = ("simultaneous", "sequential", "first_best")
"""Procedures whose exact programmes stay small with many receivers."""

Draw = np.random.Generator
F = Fraction


class Case(NamedTuple):
    """A problem, and how it is solved."""

    problem: Any
    procedure: str
    settings: dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """What became of one case."""

    family: Family
    seed: int
    outcome: Outcome
    message: str = ""
    seconds: float = field(default=0.0, compare=False)


def case(family: Family, seed: int) -> Case:
    """The case of a family with this number."""
    rng = np.random.default_rng([FAMILIES.index(family), seed])
    drawn: Case = DRAWS[family](rng)
    return drawn


def examine(family: Family, seed: int) -> Finding:
    """Solve a case in floats and in fractions, and compare."""
    drawn = case(family, seed)
    started = time.perf_counter()
    outcome, message = compared(drawn)
    return Finding(family, seed, outcome, message, time.perf_counter() - started)


def compared(drawn: Case) -> tuple[Outcome, str]:
    """What became of a case, and why."""
    problem, procedure, settings = drawn
    try:
        truth = any_solve(problem, procedure, exact=True, **settings).value
    except errors.TooLargeError:
        truth = None
    except Exception as error:
        return "crashed", f"exact: {error!r}"
    try:
        result = any_solve(problem, procedure, **settings)
    except errors.PersuasionError as error:
        return ("too large" if truth is None else "refused"), repr(error)
    except Exception as error:
        return "crashed", repr(error)
    return judged(truth, result.lower, result.value, result.upper)


def judged(truth: Fraction | None, lower: float, value: float, upper: float) -> tuple[Outcome, str]:
    """Whether a bracket holds, by comparison of fractions."""
    shown = f"[{lower!r}, {upper!r}] with value {value!r}"
    if not lower <= value <= upper:
        return "violated", f"the value is outside {shown}"
    if truth is not None and not F(lower) <= truth <= F(upper):
        return "violated", f"{float(truth)!r} is outside {shown}"
    return "held", ""


def failures(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that must not be."""
    return [found for found in findings if found.outcome not in ("held", "too large")]


def one_of(rng: Draw, *choices: Any) -> Any:
    """One of the choices, each as likely."""
    return choices[int(rng.integers(len(choices)))]


def whole(rng: Draw, low: int, high: int) -> int:
    """A whole number, both ends included."""
    return int(rng.integers(low, high + 1))


def size_between(rng: Draw, least: int, most: int) -> Fraction:
    """A number of two digits, its power of ten between two exponents."""
    return F(whole(rng, 1, 99), 10) * F(10) ** whole(rng, least, most)


def near(rng: Draw, number: Fraction) -> Fraction:
    """A number within 1e-9 of another, or that one."""
    return number + one_of(rng, -1, 0, 1) * F(whole(rng, 1, 9)) / 10 ** whole(rng, 10, 14)


def as_typed(rng: Draw, number: Fraction, style: str) -> Any:
    """A number in one of the ways in which it may be written."""
    if style == "mixed":
        style = one_of(rng, "fraction", "text", "decimal", "float")
    twos_and_fives = number.denominator
    for prime in (2, 5):
        while twos_and_fives % prime == 0:
            twos_and_fives //= prime
    if twos_and_fives != 1 or style == "fraction":
        return str(number) if style == "text" else number
    decimal = Decimal(number.numerator) / Decimal(number.denominator)
    if F(decimal) != number:
        return number
    if style == "float" and F(repr(float(decimal))) == number:
        return float(decimal)
    return str(decimal) if style == "text" else decimal


def typed(rng: Draw, numbers: Any, style: str | None = None) -> Any:
    """An array of fractions as nested lists of numbers as written."""
    style = style or one_of(rng, "fraction", "text", "decimal", "float", "mixed")
    if isinstance(numbers, np.ndarray):
        numbers = numbers.tolist()
    if isinstance(numbers, list | tuple):
        return [typed(rng, entry, style) for entry in numbers]
    return as_typed(rng, numbers, style)


def array(numbers: list[Fraction], shape: tuple[int, ...]) -> Any:
    """Fractions in a shape."""
    return np.array([*numbers, None], dtype=object)[:-1].reshape(shape)


def shares(rng: Draw, count: int) -> list[Fraction]:
    """Probabilities from 1e-12 to 1 that sum to 1: decimals, or fractions of their total."""
    rare = one_of(rng, 0, 4, 8, 12)
    weights = [
        F(whole(rng, 1, 9), 10 ** whole(rng, 0, rare)) * (rng.random() > 0.15) for _ in range(count)
    ]
    if count == 1 or sum(weights) == 0 or rng.random() < 0.5:
        weights[whole(rng, 0, count - 1)] += F(1)
        return [weight / sum(weights) for weight in weights]
    small = [weight / (10 * count) for weight in weights]
    small[whole(rng, 0, count - 1)] = F(0)
    small[small.index(F(0))] = 1 - sum(small, F(0))
    return small


def cutoff(rng: Draw, prior: Fraction) -> Fraction:
    """A cutoff in (0, 1), near the prior, near an end, or anywhere."""
    edge = F(whole(rng, 1, 9)) / 10 ** whole(rng, 3, 12)
    chosen = one_of(rng, near(rng, prior), edge, 1 - edge, F(whole(rng, 1, 19), 20))
    return chosen if 0 < chosen < 1 else F(whole(rng, 1, 6), 7)


def cutoffs(rng: Draw, prior: Fraction) -> list[Fraction]:
    """One to three increasing cutoffs, often next to each other."""
    first = cutoff(rng, prior)
    others = (one_of(rng, near(rng, first), cutoff(rng, prior)) for _ in range(whole(rng, 0, 2)))
    return sorted({first, *(c for c in others if 0 < c < 1)})


def payoffs(rng: Draw, shape: tuple[int, ...]) -> Any:
    """Payoffs of one size, or of all sizes in one table."""
    count = int(np.prod(shape))
    match whole(rng, 0, 3):
        case 0:
            return array([F(k) for k in range(count)], shape)
        case 1:
            unit = F(10) ** whole(rng, -8, 8)
            return array([whole(rng, -9, 9) * unit for _ in range(count)], shape)
        case _:
            signs = (one_of(rng, -1, 0, 1, 1) for _ in range(count))
            return array([sign * size_between(rng, -8, 7) for sign in signs], shape)


def utility(rng: Draw, actions: int, states: int) -> Any:
    """Utilities of all sizes in one matrix, some of them nearly equal."""
    entries = [one_of(rng, -1, 0, 1) * size_between(rng, -9, 11) for _ in range(actions * states)]
    if rng.random() < 0.5:
        entries = [F(whole(rng, -2, 2)) for _ in entries]
        entries[whole(rng, 0, len(entries) - 1)] *= F(10) ** whole(rng, 3, 12)
    table = array(entries, (actions, states))
    if rng.random() < 0.3:
        a, s = whole(rng, 1, actions - 1), whole(rng, 0, states - 1)
        table[a, s] = table[0, s] * near(rng, F(1))
    return table


def games(rng: Draw) -> Case:
    """Receivers by cutoffs or by utilities, on their own axes or about one common state."""
    n = one_of(rng, 1, 2, 2, 2, 3, 3, 4)
    kind = "cutoffs" if n == 4 else one_of(rng, "cutoffs", "cutoffs", "common", "utilities")
    if kind == "common":
        states, actions = whole(rng, 2, 3), whole(rng, 2, 3)
        shape: tuple[int, ...] = (states,)
        prior = array(shares(rng, states), shape)
        players = [_by_utility(rng, actions, states, 0) for _ in range(n)]
    elif kind == "utilities":
        n = min(n, 2)
        shape = (whole(rng, 2, 3),) * n
        prior = array(shares(rng, int(np.prod(shape))), shape)
        players = [_by_utility(rng, whole(rng, 2, 3), shape[0], None) for _ in range(n)]
    else:
        shape = (2,) * n
        prior = array(_binary(rng, n), shape)
        players = [_by_cutoffs(rng, prior, i, 1 if n > 2 else 3) for i in range(n)]
    counts = tuple(player.action_count for player in players)
    table = None
    if kind != "common" or n < 3:
        table = one_of(rng, None, None, payoffs(rng, counts), payoffs(rng, counts + shape))
    game = PersuasionGame(typed(rng, prior), players, None if table is None else typed(rng, table))
    larger = n > 2 or (n == 2 and max(counts) > 2 and kind != "cutoffs")
    procedure = one_of(rng, *(FAST if n == 4 else PROCEDURES))
    settings: dict[str, Any] = {"formulation": one_of(rng, "nested", "nested", "paths")}
    if procedure == "sequential" and (n == 4 or (larger and rng.random() < 0.5)):
        settings["order"] = tuple(int(i) for i in rng.permutation(n))
    if larger:
        settings["formulation"] = "nested"
    return Case(game, procedure, settings)


def high(prior: Any, i: int) -> Fraction:
    """Probability that a receiver's own binary state is H."""
    return sum(np.take(prior, 1, axis=i).ravel(), F(0)) if prior.ndim > 1 else prior[1]


def _by_cutoffs(rng: Draw, prior: Any, i: int, most: int) -> Receiver:
    chosen = cutoffs(rng, high(prior, i))[:most]
    width = one_of(rng, (), (2,))
    table = payoffs(rng, (len(chosen) + 1, *width))
    return Receiver(typed(rng, chosen), typed(rng, table))


def _by_utility(rng: Draw, actions: int, states: int, about: int | None) -> Receiver:
    width = one_of(rng, (), (states,))
    table = typed(rng, payoffs(rng, (actions, *width)))
    return Receiver.from_utility(typed(rng, utility(rng, actions, states)), table, about=about)


def _binary(rng: Draw, n: int) -> list[Fraction]:
    """A joint prior over binary states: any, or (nearly) perfectly correlated."""
    if rng.random() < 0.7:
        return shares(rng, 2**n)
    few = shares(rng, 2) if rng.random() < 0.5 else [F(1, 2) - F(3, 10**12), F(1, 2)]
    places = [0, 2**n - 1] if rng.random() < 0.5 else [1, 2**n - 2]
    prior = [F(0)] * 2**n
    for place, share in zip(places, few, strict=True):
        prior[place] += share
    prior[whole(rng, 0, 2**n - 1)] += 1 - sum(prior, F(0))
    return prior


def votes(rng: Draw) -> Case:
    """Two to four voters and any quota."""
    n = one_of(rng, 1, 2, 2, 3, 3, 4)
    prior = array(_binary(rng, n), (2,) * n)
    chosen = [cutoff(rng, high(prior, i)) for i in range(n)]
    if rng.random() < 0.3:
        chosen = [c if 0 < c < 1 else F(1, 2) for c in (near(rng, chosen[0]) for _ in chosen)]
    vote = VotingGame(typed(rng, prior), typed(rng, chosen), whole(rng, 1, n))
    procedure = one_of(rng, "simultaneous", "sequential", "first_best")
    settings: dict[str, Any] = {"formulation": one_of(rng, "nested", "nested", "paths")}
    if procedure == "sequential" and (n == 4 or rng.random() < 0.3):
        settings["order"] = tuple(int(i) for i in rng.permutation(n))
    return Case(vote, procedure, settings)


def function(rng: Draw, points: list[Fraction]) -> PiecewiseLinear:
    """A function with jumps, its breakpoints near some numbers and near each other."""
    inner = {near(rng, one_of(rng, *points)) for _ in range(whole(rng, 1, 4))}
    told_apart = {float(k): k for k in inner if 0 < k < 1}
    kinks = [F(0), *(told_apart[k] for k in sorted(told_apart) if 0 < k < 1), F(1)]
    if rng.random() < 0.3:
        return PiecewiseLinear(typed(rng, kinks), typed(rng, payoffs(rng, (len(kinks),))))
    return PiecewiseLinear(typed(rng, kinks), typed(rng, payoffs(rng, (len(kinks) - 1, 2))))


def beliefs(rng: Draw) -> Case:
    """One to three receivers or functions of one belief."""
    n = whole(rng, 1, 3)
    prior = shares(rng, 2)
    points = [prior[1], F(whole(rng, 1, 9), 10), F(1, 10**9), 1 - F(1, 10**9)]
    parts: list[Any] = []
    for _ in range(n):
        if rng.random() < 0.5:
            parts.append(function(rng, points))
        else:
            chosen = typed(rng, cutoffs(rng, prior[1]))
            mirrored = one_of(rng, None, [1, 0])
            parts.append(
                Receiver(chosen, typed(rng, payoffs(rng, (len(chosen) + 1,))), about=mirrored)
            )
    game = BeliefGame(typed(rng, prior), parts)
    settings: dict[str, Any] = {"formulation": one_of(rng, "envelopes", "envelopes", "lp")}
    procedure = one_of(rng, *(FAST if n == 3 else PROCEDURES))
    return Case(game, procedure, settings)


def grid(rng: Draw) -> tuple[StateGrid, Fraction]:
    """One to six states, some nearly equal, and their mean."""
    count = whole(rng, 1, 6)
    states = [F(whole(rng, 0, 20), 20)]
    for _ in range(count - 1):
        states.append(one_of(rng, F(whole(rng, 0, 20), 20), near(rng, states[-1])))
    states = [min(F(1), max(F(0), theta)) for theta in states]
    masses = shares(rng, count)
    mean = sum((t * f for t, f in zip(states, masses, strict=True)), F(0))
    return StateGrid(typed(rng, states), typed(rng, masses)), mean


def menus(rng: Draw) -> Case:
    """Types that are nearly equal, and next to those that accept unasked or only when sure."""
    difficulty, mean = grid(rng)
    payment = one_of(rng, F(whole(rng, 1, 19), 20), near(rng, F(whole(rng, 1, 19), 20)))
    types: list[Fraction] = []
    for _ in range(whole(rng, 1, 5)):
        knife = (mean + one_of(rng, -1, 0, 1) * F(whole(rng, 1, 9), 10**14)) / payment
        ordinary = 1 + F(whole(rng, 0, 24), 24) / payment
        same = near(rng, types[-1]) if types else F(1)
        chosen = one_of(rng, knife, ordinary, same, 1 + F(whole(rng, 1, 9), 10**9), 1 / payment)
        types.append(max(chosen, F(1, 100)))
    problem = ManagerProblem(
        difficulty,
        typed(rng, payment),
        typed(rng, types),
        typed(rng, shares(rng, len(types))),
        unrestricted=True,
    )
    procedure = one_of(rng, "menu", "menu", "single_test", "commitment")
    names = {
        "menu": ("rays", "rays", "reduced", "full"),
        "single_test": ("closed_form", "cutoffs"),
        "commitment": ("majorization", "transport"),
    }[procedure]
    return Case(problem, procedure, {"formulation": one_of(rng, *names)})


def means(rng: Draw) -> Case:
    """Jumps next to states and to the mean."""
    prior, mean = grid(rng)
    points = [mean, *(F(repr(float(t))) for t in prior.states), F(whole(rng, 1, 9), 10)]
    game = PosteriorMeanGame(prior, function(rng, points))
    return Case(game, "simultaneous", {"formulation": one_of(rng, "majorization", "transport")})


DRAWS: dict[Family, Any] = {
    "games": games,
    "votes": votes,
    "beliefs": beliefs,
    "menus": menus,
    "means": means,
}
