"""What is said alike of games, votes and games on one belief: priors, receivers, worth, proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from persuasion_lp.core.family import family_of
from persuasion_lp.errors import PersuasionError
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.primitives.labels import action_names
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.words import Cell, Table, listed, number, spoken, table

__all__ = [
    "benchmarks",
    "binding_table",
    "first_best",
    "order_of",
    "payoff_table",
    "prior_table",
    "proof_of",
    "receiver_table",
    "smallest_price",
    "worth",
]

SMALLEST_PRICE = 1e-9
"""Of the largest one: less is the solver's rounding."""

PATIENCE = 5.0
"""Seconds granted to first best, which is solved to compare with."""


def prior_table(game: Any) -> Table:
    """Possible states and their probabilities."""
    named = zip(game.state_names, game.prior.ravel().tolist(), strict=True)
    rows = [(name, probability) for name, probability in named if probability]
    return table("Prior", ("state", "probability"), rows)


def receiver_table(
    names: Sequence[str], receivers: Sequence[Receiver], *, with_payoffs: bool = True
) -> Table:
    """Each receiver: what he is about, when he does what, what that pays the sender."""
    rows: list[list[Cell]] = []
    for name, receiver in zip(names, receivers, strict=True):
        row: list[Cell] = [name, receiver.rule]
        if with_payoffs:
            row.append(_payoffs(receiver))
        rows.append(row)
    heads = ("receiver", "rule", *(["payoffs from his actions"] if with_payoffs else []))
    return table("Receivers", heads, rows)


def _payoffs(receiver: Receiver) -> str:
    names = action_names(receiver)
    told = []
    for name, row in zip(names, receiver.payoffs, strict=True):
        same = bool((row == row[0]).all())
        amounts = number(row[0]) if same else "/".join(number(x) for x in row)
        told.append(f"{name}: {amounts}")
    return ", ".join(told)


def benchmarks(result: Any, name: str) -> list[tuple[Cell, ...]]:
    """What saying nothing, saying everything and the answer pay, each with its bracket."""
    return [
        ("no information", *[result.no_information] * 3),
        ("full information", *[result.full_information] * 3),
        (name, result.value, result.lower, result.upper),
    ]


def payoff_table(caption: str, rows: list[tuple[Cell, ...]]) -> Table:
    """Payoffs with their brackets."""
    return table(caption, ("", "payoff", "at least", "at most"), rows)


def order_of(result: Any) -> str:
    """Who acts when, in a sentence; empty where signals say so."""
    if result.order is None:
        return ""
    names = [result.problem.names[i] for i in result.order]
    found = ", the best of all orders" if result.searched else ""
    if result.procedure == "intermediate":
        return f"First is {names[0]}{found}."
    return f"The order is {', then '.join(names)}{found}."


def worth(result: Any) -> Iterator[str | Table]:
    """The value beside the benchmarks."""
    rows = benchmarks(result, f"{spoken(result.procedure)} procedure")
    itself = result.procedure == "first_best"
    itself = itself or "first_best" not in family_of(result.problem).procedures
    best = result if itself else first_best(result.problem)
    if best is not None and best is not result:
        rows.append(("first best", best.value, best.lower, best.upper))
    yield payoff_table("The sender's payoff", rows)
    if best is None:
        yield f"First best is not computed within {PATIENCE:g} seconds."
    utilities = getattr(result, "receiver_payoffs", ())
    told = [(result.problem.names[i], u) for i, u in enumerate(utilities) if u is not None]
    if told:
        yield table("Receivers' expected utilities", ("receiver", "utility"), told)


def first_best(problem: Any) -> Any:
    """The benchmark in which everybody can be told apart, or ``None`` if it takes long."""
    family = family_of(problem)
    settings = family.spec("first_best").settings(options=SolverOptions(time_limit=PATIENCE))
    try:
        return family.answer(problem, "first_best", settings)
    except PersuasionError:
        return None


def smallest_price(multipliers: Any) -> float:
    """Below which a multiplier is nothing but rounding."""
    return SMALLEST_PRICE * max(
        (float(b.max(initial=0.0)) for b in multipliers.values()), default=0
    )


def binding_table(heads: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Iterator[str | Table]:
    """Constraints with a price, dearest first."""
    if not rows:
        yield "No obedience constraint has a price: everybody does what he is told anyway."
        return
    yield table("Obedience constraints that bind", heads, _dearest_first(rows))


def _dearest_first(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    prices: list[Any] = [row[-1] for row in rows]
    return [rows[k] for k in sorted(range(len(rows)), key=lambda k: -prices[k])]


def proof_of(result: Any, found: str | None = None) -> str:
    """The bracket, and how it was found: in words, or by the route that the certificate names."""
    certificate = result.certificate
    upper = "nothing bounds the optimum from above" if result.upper is None else ""
    bracket = upper or f"the optimum lies in [{result.lower:.12g}, {result.upper:.12g}]"
    route = found or {
        "float": "found in floating point and recomputed from the answer and its prices alone",
        "exact": "proved in rational arithmetic",
    }.get(getattr(certificate, "route", "float"), "")
    checks = "every check holds" if certificate.ok else f"it fails: {listed(certificate.failures)}"
    return f"The value is {result.value:.9g}; {bracket}, {route}; {checks}."
