"""Values of the catalogue's other entries, recomputed from the papers' ideas in fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, product
from math import log
from typing import Any

import numpy as np
import pytest

from persuasion_lp import catalog, solve
from persuasion_lp.catalog.belief_functions import ENTROPY_PRICE
from persuasion_lp.catalog.kks import KKS
from tests.support import assert_close

F = Fraction


def claimed(slug: str, procedure: str = "simultaneous") -> Any:
    (value,) = {c.value for c in catalog.get(slug).claims if c.procedure == procedure}
    return value


def persuaded(good: Fraction, bad: list[tuple[Fraction, Fraction]]) -> Fraction:
    """Mass accepted when a slack of ``good`` pays for masses at a cost each, cheapest first."""
    total = F(0)
    for mass, cost in sorted(bad, key=lambda one: one[1]):
        taken = min(mass, good / cost)
        total, good = total + taken, good - taken * cost
    return total


def test_there_are_many_instances_from_many_papers() -> None:
    assert len(catalog.INSTANCES) >= 50
    assert len({instance.citation for instance in catalog.INSTANCES.values()}) >= 14


@pytest.mark.parametrize("slug", catalog.INSTANCES)
def test_what_is_proved_here_has_its_derivation(slug: str) -> None:
    instance = catalog.get(slug)
    assert {claim.provenance for claim in instance.claims} <= {
        "printed in the paper",
        "proved here",
    }
    if any(claim.provenance == "proved here" for claim in instance.claims):
        assert len(instance.derivation) > 40
    if any(claim.provenance == "printed in the paper" for claim in instance.claims):
        assert instance.citation == KKS


def test_the_prosecutor_and_the_event() -> None:
    innocent, guilty = F(7, 10), F(3, 10)
    assert claimed("kamenica-gentzkow-prosecutor") == guilty + persuaded(guilty, [(innocent, F(1))])
    event, cutoff = F(1, 5), F(2, 5)
    others = [(1 - event, cutoff / (1 - cutoff))]
    assert claimed("kamenica-gentzkow-event") == event + persuaded(event, others)


def test_the_judge_with_a_prior_of_his_own() -> None:
    """The judge's obedience by his prior, the payoff by the sender's."""
    sender, judge = F(3, 10), F(1, 5)
    share = persuaded(judge, [(1 - judge, F(1))]) / (1 - judge)
    assert claimed("alonso-camara-skeptical-judge") == sender + share * (1 - sender)


def test_a_firm_with_and_without_private_information() -> None:
    gain, accuracy, half = F(9, 10), F(7, 10), F(1, 2)
    assert claimed("bergemann-morris-one-firm") == half + persuaded(half * gain, [(half, F(1))])
    value = F(0)
    for good in (accuracy * half, (1 - accuracy) * half):
        value += good + persuaded(good * gain, [(half - good, F(1))])
    assert claimed("bergemann-morris-one-firm-informed", "first_best") == value


SEGMENTS = {
    "": ([F(1, 3)] * 3, [(F(2, 3), (3, 1, 2)), (F(1, 6), (0, 1, 2)), (F(1, 6), (0, 1, 0))]),
    "rich-": (
        [F(1, 5), F(1, 5), F(3, 5)],
        [(F(2, 5), (3, 1, 2)), (F(2, 5), (0, 1, 2)), (F(1, 5), (0, 0, 1))],
    ),
}


@pytest.mark.parametrize("market", SEGMENTS)
def test_segments_in_which_every_price_earns_the_same(market: str) -> None:
    """Consumers get all that uniform pricing leaves of the surplus; or nothing."""
    masses, segments = SEGMENTS[market]
    values = (1, 2, 3)

    def demand(masses: list[Fraction], price: int) -> Fraction:
        return sum((m for m, v in zip(masses, values, strict=True) if v >= price), F(0))

    parts = [[size * F(w, sum(shape)) for w in shape] for size, shape in segments]
    assert [sum(column) for column in zip(*parts, strict=True)] == masses
    surplus = sum(v * m for v, m in zip(values, masses, strict=True))
    uniform = max(price * demand(masses, price) for price in values)
    consumers = {min: F(0), max: F(0)}
    for part in parts:
        served = [v for v, m in zip(values, part, strict=True) if m > 0]
        assert len({price * demand(part, price) for price in served}) == 1
        assert served[0] * sum(part) >= max(price * demand(part, price) for price in values)
        for choose in consumers:
            price = choose(served)
            consumers[choose] += sum(
                max(v - price, 0) * m for v, m in zip(values, part, strict=True)
            )
    name = f"bergemann-brooks-morris-{market}"
    assert claimed(f"{name}consumer-surplus") == consumers[min] == surplus - uniform
    assert consumers[max] == 0
    assert claimed(f"{name}least-surplus") == -uniform
    assert claimed("bergemann-brooks-morris-perfect-discrimination") == F(1 + 2 + 3, 3)


def test_the_lobby_with_three_policies() -> None:
    """Every split of the three states into posteriors at corners of the politician's regions."""
    states = policies = [F(0), F(1, 2), F(1)]
    wanted = [F(3, 4) * s + F(1, 2) for s in states]

    def payoff(mean: Fraction) -> Fraction:
        nearest = min(abs(mean - a) for a in policies)
        best = max(
            -a * a + 2 * a * (F(3, 4) * mean + F(1, 2))
            for a in policies
            if abs(mean - a) == nearest
        )
        return best - sum((w * w for w in wanted), F(0)) / 3

    attained = F(2, 3) * payoff(F(1, 4)) + F(1, 3) * payoff(F(1))
    corners = [F(0), F(1, 4), F(3, 4), F(1)]
    envelope = max(
        ((b - F(1, 2)) * payoff(a) + (F(1, 2) - a) * payoff(b)) / (b - a)
        for a, b in combinations(corners, 2)
        if a <= F(1, 2) <= b
    )
    assert claimed("kamenica-gentzkow-lobbying") == attained == envelope


def test_private_types() -> None:
    def payoff(mean: Fraction) -> Fraction:
        return F(int(mean >= F(1, 2)) + int(mean >= F(3, 4)), 2)

    assert all(payoff(m) <= F(4, 3) * m for m in (F(0), F(1, 2), F(3, 4)))
    attained = F(2, 3) * payoff((F(1, 2) + 1) / 2) + F(1, 3) * payoff(F(0))
    assert claimed("kolotilin-private-types") == attained == F(4, 3) * F(1, 2)
    known = [F(1), F(1, 3) + persuaded(F(1, 12), [(F(1, 3), F(1, 4)), (F(1, 3), F(3, 4))])]
    assert claimed("kolotilin-private-types", "first_best") == sum(known) / 2


def test_adopters() -> None:
    low, high = F(4, 5), F(1, 5)
    fooled = [high * (1 - c) / c for c in (F(1, 2), F(3, 5))]
    assert claimed("arieli-babichenko-any", "first_best") == high + min(low, sum(fooled))
    for procedure in ("simultaneous", "sequential", "flexible"):
        assert claimed("arieli-babichenko-any", procedure) == high + max(fooled)
    for procedure in ("simultaneous", "sequential", "first_best"):
        assert claimed("arieli-babichenko-all", procedure) == high + min(fooled)
    prior = F(1, 4)
    assert claimed("arieli-babichenko-majority") == prior / F(1, 2)
    assert claimed("arieli-babichenko-majority", "first_best") == prior + 3 * prior / 2


def test_pivotal_voters() -> None:
    """Coalitions by state that leave every voter just willing, and multipliers that bound them."""
    cutoffs, prior, pairs = [F(1, 2), F(3, 5), F(3, 4)], F(2, 5), list(combinations(range(3), 2))
    high = {(0, 1): F(3, 10), (1, 2): F(1, 10)}
    low = {(0, 1): F(4, 15), (0, 2): F(1, 30)}
    assert sum(high.values()) == prior
    assert sum(low.values()) <= 1 - prior
    for voter, cutoff in enumerate(cutoffs):
        good, bad = (sum(m for who, m in x.items() if voter in who) for x in (high, low))
        assert good == cutoff * (good + bad)
    multipliers = [F(1, 2), F(5, 4), F(1)]
    worth = {
        state: [1 + sum(multipliers[i] * (state - cutoffs[i]) for i in pair) for pair in pairs]
        for state in (0, 1)
    }
    assert max(worth[0]) == 0
    assert max(worth[1]) == F(7, 4)
    won = sum(high.values()) + sum(low.values())
    assert claimed("chan-gupta-li-wang-majority", "first_best") == won == F(7, 4) * prior
    assert claimed("chan-gupta-li-wang-majority") == prior / sorted(cutoffs)[1]


def divergence(x: float, a: float) -> float:
    return x * log(x / a) + (1 - x) * log((1 - x) / (1 - a))


def test_costly_investigation() -> None:
    """The tangency, its closed form, and a search over all pairs of posteriors on a grid."""
    assert ENTROPY_PRICE * divergence(3 / 4, 1 / 4) == pytest.approx(1, abs=1e-15)
    value = claimed("gentzkow-kamenica-entropy")
    assert value == pytest.approx(ENTROPY_PRICE * divergence(1 / 2, 1 / 4), abs=1e-15)
    x = np.linspace(0, 1, 401)
    inner = x[1:-1]
    entropy = np.zeros(401)
    entropy[1:-1] = -inner * np.log(inner) - (1 - inner) * np.log(1 - inner)
    net = (x >= 0.75) + ENTROPY_PRICE * entropy
    for prior, expected in ((200, value), (80, 0.0)):
        low, high = np.arange(prior + 1)[:, None], np.arange(prior + 1, 401)[None, :]
        share = (prior - low) / (high - low)
        best = float((share * net[high] + (1 - share) * net[low]).max()) - net[prior]
        assert best == pytest.approx(expected, abs=1e-12)
    assert claimed("gentzkow-kamenica-no-experiment") == 0


@pytest.mark.parametrize(
    "slug",
    [
        "gentzkow-kamenica-entropy",
        "gentzkow-kamenica-no-experiment",
        "alonso-camara-skeptic",
        "alonso-camara-believer",
        "aumann-maschler-nothing-revealed",
        "aumann-maschler-full-revelation",
    ],
)
def test_belief_functions_are_bracketed(slug: str) -> None:
    instance = catalog.get(slug)
    result = solve(instance.problem(), "simultaneous", tol=1e-6)
    value = float(instance.claims[0].value)
    assert result.upper is not None
    assert result.lower - 1e-12 <= value <= result.upper + 1e-12
    assert result.upper - result.lower <= 1e-6


def test_costly_investigation_induces_the_tangency_beliefs() -> None:
    result = solve(catalog.get("gentzkow-kamenica-entropy").problem(), "simultaneous")
    beliefs = result.experiment.stages[0].beliefs[:, 1]
    assert sorted(beliefs.tolist()) == pytest.approx([1 / 4, 3 / 4], abs=1e-12)


def weak_side(f: Callable[[Fraction], Fraction], prior: Fraction, sign: int) -> bool:
    """Whether every split of the prior on a grid pays no more (1) or no less (-1) than none."""
    grid = [F(k, 60) for k in range(61)]
    return all(
        sign * (f(a) + (f(b) - f(a)) * (prior - a) / (b - a) - f(prior)) <= 0
        for a, b in product(grid, grid)
        if a < prior < b
    )


def test_disagreement_and_repeated_games() -> None:
    """Concave payoffs are kept, convex ones are replaced by the chord from 0 to 1."""
    half, third = F(1, 2), F(1, 3)

    def receiver(prior: Fraction) -> Callable[[Fraction], Fraction]:
        return lambda x: prior * x / half / (prior * x / half + (1 - prior) * (1 - x) / half)

    assert weak_side(receiver(F(3, 4)), half, 1)
    assert not weak_side(receiver(F(1, 4)), half, 1)
    assert weak_side(receiver(F(1, 4)), half, -1)
    assert claimed("alonso-camara-believer") == receiver(F(3, 4))(half)
    assert (
        claimed("alonso-camara-skeptic") == (receiver(F(1, 4))(F(0)) + receiver(F(1, 4))(F(1))) / 2
    )
    assert weak_side(lambda p: p * (1 - p), third, 1)
    assert claimed("aumann-maschler-nothing-revealed") == third * (1 - third)
    assert claimed("aumann-maschler-full-revelation") == 0


def test_partial_revelation() -> None:
    """U(p) as the value of the average stage game, mixed rows against pure columns."""
    first = [[4, 0, 2], [4, 0, -2]]
    second = [[0, 4, -2], [0, 4, 2]]

    def u(p: Fraction) -> Fraction:
        game = [
            [p * a + (1 - p) * b for a, b in zip(*rows, strict=True)]
            for rows in zip(first, second, strict=True)
        ]
        mixes = [F(k, 20) for k in range(21)]
        return max(min(q * x + (1 - q) * y for x, y in zip(*game, strict=True)) for q in mixes)

    assert [u(F(1, 4)), u(F(1, 2)), u(F(3, 4))] == [1, 0, 1]
    assert max(u(F(k, 40)) for k in range(41)) == 1
    assert claimed("aumann-maschler-partial-revelation") == (u(F(1, 4)) + u(F(3, 4))) / 2


def test_prospects() -> None:
    """Prices of the prospects bound E[π] E[v] at every belief; the experiment attains them."""
    profits, values = [F(2), F(1), F(3)], [F(1, 4), F(3, 4), F(1)]

    def payoff(belief: list[Fraction]) -> Fraction:
        profit = sum((b * p for b, p in zip(belief, profits, strict=True)), F(0))
        return profit * sum((b * v for b, v in zip(belief, values, strict=True)), F(0))

    prices = [F(5, 8), F(7, 8), F(3)]
    for i, j in product(range(31), range(31)):
        if i + j <= 30:
            belief = [F(i, 30), F(j, 30), F(30 - i - j, 30)]
            assert payoff(belief) <= sum(b * p for b, p in zip(belief, prices, strict=True))
    pooled, alone = [F(1, 2), F(1, 2), F(0)], [F(0), F(0), F(1)]
    attained = F(2, 3) * payoff(pooled) + F(1, 3) * payoff(alone)
    assert claimed("rayo-segal-three-prospects") == attained == sum(prices) / 3
    result = solve(catalog.get("rayo-segal-three-prospects").problem(), "simultaneous")
    assert_close(result.value, 1.5, tolerance=1e-12)
    assert result.upper is not None
    assert result.upper >= 1.5
