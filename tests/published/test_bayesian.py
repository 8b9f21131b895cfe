"""Bayesian games: every number of the literature and of two independent computations, exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp

F = Fraction
SOLVE: Any = plp.solve
EVEN = [F(1, 2), F(1, 2)]


def investors(x: list[str], epsilon: str) -> list[Any]:
    """Utilities of firms: x or −1, and ε for each other investor."""
    n, more = len(x), F(epsilon)
    tables = []
    for i in range(n):
        table = np.full((2,) * n + (2,), F(0), dtype=object)
        for a in np.ndindex(*(2,) * n):
            if a[i]:
                table[a] = [F(x[i]) + more * (sum(a) - 1), F(-1) + more * (sum(a) - 1)]
        tables.append(table)
    return tables


def signals(n: int) -> Any:
    """Signals of accuracy 4/5."""
    prior = np.empty((2,) * (n + 1), dtype=object)
    for s, *t in np.ndindex(*prior.shape):
        right = sum(kind == s for kind in t)
        prior[(s, *t)] = F(1, 2) * F(4, 5) ** right * F(1, 5) ** (n - right)
    return prior


def share(a: Any) -> Fraction:
    return F(sum(a), len(a))


def three(epsilon: str, objective: Any = share) -> plp.BayesianGame:
    return plp.BayesianGame(EVEN, investors(["3/10"] * 3, epsilon), objective)


NUMBERS = [
    (three("1/20"), "bce", "max", F(13, 18)),
    (three("1/20"), "public", "max", F(13, 18)),
    (three("1/20"), "bce", "min", F(0)),
    (three("1/20", lambda a: int(any(a))), "bce", "max", F(1)),
    (three("-1/20"), "bce", "max", F(3, 5)),
    (three("-1/20"), "public", "max", F(13, 22)),
    (three("-1/20", lambda a: int(any(a))), "bce", "max", F(4, 5)),
    (three("-1/20", lambda a: int(all(a))), "bce", "max", F(13, 22)),
]
ONE = plp.BayesianGame(signals(1), investors(["11/20"], "0"), share)
TWO = plp.BayesianGame(signals(2), investors(["11/20"] * 2, "1/10"), share)
PAIR = plp.BayesianGame(EVEN, investors(["3/10"] * 2, "1/10"), share)
UNEQUAL = investors(["1/10", "1/2"], "1/5")
NUMBERS += [
    (ONE, "bce", "max", F(131, 200)),
    (ONE, "elicited", "max", F(1623, 2750)),
    (ONE, "unelicited", "max", F(1623, 2750)),
    (TWO, "bce", "max", F(121, 180)),
    (TWO, "elicited", "max", F(25198, 40775)),
    (TWO, "unelicited", "max", F(53463, 87034)),
    (PAIR, "adversarial", "max", F(13, 19)),
    (PAIR, "bce", "max", F(13, 18)),
    (plp.BayesianGame(EVEN, UNEQUAL, share), "adversarial", "max", F(23, 32)),
    (plp.BayesianGame(EVEN, UNEQUAL, share), "bce", "max", F(63, 80)),
    (plp.BayesianGame(EVEN, UNEQUAL, lambda a: int(all(a))), "adversarial", "max", F(11, 16)),
]


def buyers(n: int) -> plp.BayesianGame:
    tables = []
    for i in range(n):
        table = np.full((2,) * n + (5,), F(0), dtype=object)
        for a in np.ndindex(*(2,) * n):
            if a[i]:
                table[a] = [F(k - 1, 4) / sum(a) for k in range(5)]
        tables.append(table)
    return plp.BayesianGame([F(1, 5)] * 5, tables, lambda a: F(int(any(a)), 4))


CHICKEN = plp.BayesianGame.from_table([[(0, 0), (7, 2)], [(2, 7), (6, 6)]])
NUMBERS += [
    (buyers(2), "bce", "min", F(1, 10)),
    (buyers(3), "bce", "min", F(1, 10)),
    (CHICKEN, "bce", "max", F(21, 2)),
    (CHICKEN, "bce", "min", F(36, 5)),
]


@pytest.mark.parametrize(("game", "procedure", "sense", "expected"), NUMBERS)
def test_numbers_are_exact(game: Any, procedure: str, sense: str, expected: Fraction) -> None:
    settings = {} if procedure == "adversarial" else {"sense": sense}
    exact = SOLVE(game, procedure, exact=True, **settings)
    assert exact.value == expected
    assert exact.certificate.ok
    assert exact.certificate.verify().ok
    result = SOLVE(game, procedure, **settings)
    assert result.value == pytest.approx(float(expected), abs=1e-13)
    assert result.lower <= expected <= result.upper


def test_fifty_firms() -> None:
    firms = plp.AnonymousGame.from_rule(
        50,
        EVEN,
        lambda a, others, s: a * ((F(3, 10), F(-1))[s] + F(others, 200)),
        lambda investing: F(investing, 50),
    )
    assert plp.solve(firms, "bce", exact=True).value == F(130, 151)
    assert plp.solve(firms, "adversarial", exact=True).value == F(20, 27)


def test_payoff_sets() -> None:
    """Chicken's, and the triangle of price discrimination with values 1, 2, 3."""
    found = plp.frontier(CHICKEN, "bce", plp.Functional.utility(0), plp.Functional.utility(1))
    assert set(found.points) == {
        (F(7), F(2)),
        (F(21, 4), F(21, 4)),
        (F(2), F(7)),
        (F(18, 5), F(18, 5)),
    }
    assert all(certificate.ok for certificate in found.certificates)
    profit = [[p * (v >= p) for v in (1, 2, 3)] for p in (1, 2, 3)]
    consumer = plp.Functional([[max(v - p, 0) for v in (1, 2, 3)] for p in (1, 2, 3)])
    market = plp.BayesianGame(["1/3"] * 3, [profit])
    triangle = plp.frontier(market, "bce", consumer, plp.Functional.utility(0))
    corners = plp.theorems.bm.surplus_triangle([1, 2, 3], ["1/3"] * 3)
    assert set(triangle.points) == set(corners) == {(F(2, 3), F(4, 3)), (0, 2), (0, F(4, 3))}


def test_traces_ranges_and_constraints() -> None:
    traced: Any = plp.trace(PAIR, "bce", along=([0, 1], [1, 0]))
    assert traced.breakpoints == ((0, 0), (F(9, 13), 1), (1, 1))
    moved = plp.trace(PAIR, "bce", along=(plp.Functional.sender(), plp.Functional.utility(0)))
    assert moved(F(0)) == F(13, 18)
    with pytest.raises(plp.errors.PriorError, match="trace 'bce' or 'public'"):
        plp.trace(PAIR, "elicited", along=([0, 1], [1, 0]))
    with pytest.raises(plp.errors.PriorError, match="prior's shape"):
        plp.trace(PAIR, "bce", along=([0, 1, 0], [1, 0, 0]))
    both = SOLVE(PAIR, "bce").range(plp.Functional.probability(0, 1))
    assert both.determined
    wrong = plp.Functional.probability(0, 1, event=[False, True])
    bounded = plp.solve(PAIR, "bce", constraints=[plp.Constraint(wrong, upper="1/10")])
    assert bounded.value == F(131, 200)
    assert bounded.multipliers == (F(11, 20),)
    least = plp.Constraint(plp.Functional.probability(0, 1), lower="1/10")
    assert plp.solve(PAIR, "bce", constraints=[least], sense="min").value == F(1, 20)
    with pytest.raises(plp.errors.InfeasibleError, match="moved outwards"):
        plp.solve(PAIR, "bce", constraints=[plp.Constraint(wrong, lower=1)])
    with pytest.raises(plp.errors.PayoffError, match="players 0 to 1"):
        plp.solve(PAIR, "bce").range(plp.Functional.utility(2))
    with pytest.raises(plp.errors.OrderError):
        plp.frontier(PAIR, "bce", wrong, wrong, order=(0, 1))
