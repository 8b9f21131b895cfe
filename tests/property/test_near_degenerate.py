"""Brackets of near-degenerate problems hold the truth; nothing is refused that can be proved."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from persuasion_lp import VotingGame, errors
from persuasion_lp.arrays import written
from tests import near_degenerate as nd
from tests.support import any_solve

FEW: dict[nd.Family, int] = {"games": 60, "votes": 120, "beliefs": 25, "menus": 120, "means": 120}

LONG, SLICES = 20_000, 8
"""Of all families together, in the nightly runs."""


@pytest.mark.parametrize("family", nd.FAMILIES)
def test_near_degenerate_problems_are_bracketed(family: nd.Family) -> None:
    assert nd.failures(nd.examine(family, seed) for seed in range(FEW[family])) == []


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("family", nd.FAMILIES)
def test_twenty_thousand_near_degenerate_problems_are_bracketed(
    family: nd.Family, part: int
) -> None:
    count = LONG // len(nd.FAMILIES) // SLICES
    first = max(FEW.values()) + part * count
    assert nd.failures(nd.examine(family, seed) for seed in range(first, first + count)) == []


TRUTH = Fraction(1, 3)


@pytest.mark.parametrize(
    ("bracket", "outcome"),
    [
        ((0.3, 0.3, 0.4), "held"),
        ((0.3, 0.35, 0.34), "violated"),
        ((0.3, 0.29, 0.34), "violated"),
        ((0.33, 0.33, 0.3333333333333333), "violated"),
        ((0.33333333333333337, 0.33333333333333337, 0.4), "violated"),
        ((1 / 3, 1 / 3, 0.33333333333333337), "held"),
    ],
)
def test_brackets_are_judged_without_rounding(
    bracket: tuple[float, float, float], outcome: str
) -> None:
    assert nd.judged(TRUTH, *bracket)[0] == outcome


@pytest.mark.parametrize(
    ("exactly", "in_floats", "outcome"),
    [
        (None, errors.CertificateError("not proved"), "refused"),
        (None, errors.PriorError("prior", "is refused"), "refused"),
        (None, ZeroDivisionError(), "crashed"),
        (ValueError(), None, "crashed"),
        (errors.PriorError("prior", "is refused"), None, "crashed"),
        (errors.ExactSizeError("program", counted="rows", limit=1, rows=2), None, "held"),
        (
            errors.ExactSizeError("program", counted="rows", limit=1, rows=2),
            errors.CertificateError("not proved"),
            "too large",
        ),
    ],
)
def test_refusals_and_failures_are_told_apart(
    exactly: Exception | None,
    in_floats: Exception | None,
    outcome: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stubborn(*problem: Any, exact: bool = False, **settings: Any) -> Any:
        error = exactly if exact else in_floats
        if error is not None:
            raise error
        return any_solve(*problem, exact=exact, **settings)

    monkeypatch.setattr(nd, "any_solve", stubborn)
    found = nd.examine("votes", 0)
    assert found.outcome == outcome
    assert (nd.failures([found]) == []) == (outcome in ("held", "too large"))


@pytest.mark.parametrize("style", ["fraction", "text", "decimal", "float", "mixed"])
def test_a_number_means_the_same_in_every_writing(style: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        number = nd.size_between(rng, -12, 12) / nd.one_of(rng, 1, 1, 3, 7)
        number = nd.one_of(rng, number, nd.near(rng, number))
        typed = nd.typed(rng, [number], style)
        assert written("number", typed, errors.PriorError).rationals().tolist() == [number]


def test_the_draws_are_near_degenerate() -> None:
    """In all the ways named: probabilities, cutoffs, utilities, payoffs, types, trust."""
    seen: Counter[str] = Counter()
    for seed in range(200):
        vote: VotingGame = nd.case("votes", seed).problem
        prior, cutoffs = vote.written_numbers
        own = [nd.high(prior.reshape(vote.prior.shape), i) for i in range(vote.n)]
        seen["rare state"] += any(0 < p < Fraction(1, 10**10) for p in prior)
        seen["cutoff near 0"] += any(c < Fraction(1, 10**9) for c in cutoffs)
        seen["cutoff near 1"] += any(1 - c < Fraction(1, 10**9) for c in cutoffs)
        seen["cutoff near the prior"] += any(
            0 < abs(c - x) < Fraction(1, 10**9) for c, x in zip(cutoffs, own, strict=True)
        )
        seen["cutoff at the prior"] += any(c == x for c, x in zip(cutoffs, own, strict=True))
        game = nd.case("games", seed).problem
        for receiver in game.receivers:
            sizes = np.abs(receiver.payoffs[receiver.payoffs != 0])
            seen["payoffs of all sizes"] += bool(sizes.size and sizes.max() > 1e8 * sizes.min())
            if receiver.cutoffs is None:
                sizes = np.concatenate([np.abs(c[c != 0]) for c in receiver.cones])
                seen["utilities of all sizes"] += sizes.max(initial=0) > 1e12 * sizes.min(initial=1)
            else:
                seen["cutoffs near each other"] += bool((np.diff(receiver.cutoffs) < 1e-9).any())
        seen["four receivers"] += game.n == 4
        seen["three states"] += any(r.state_count == 3 for r in game.receivers)
        manager = nd.case("menus", seed).problem
        payment, types, _ = manager.rational_workers
        states, masses = manager.difficulty.rational_numbers
        surplus = [abs(x * payment - states @ masses) for x in types]
        seen["trust is tight"] += any(0 < s < Fraction(1, 10**13) for s in surplus)
        gaps = [b - a for a, b in pairwise(types)]
        seen["types nearly equal"] += any(0 < gap < Fraction(1, 10**9) for gap in gaps)
    names = {
        "rare state",
        "cutoff near 0",
        "cutoff near 1",
        "cutoff near the prior",
        "cutoff at the prior",
        "payoffs of all sizes",
        "utilities of all sizes",
        "cutoffs near each other",
        "four receivers",
        "three states",
        "trust is tight",
        "types nearly equal",
    }
    assert {name for name, count in seen.items() if count >= 3} == names, seen
