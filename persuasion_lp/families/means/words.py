"""Posterior-mean games and their answers in words: what is pooled, and what is revealed."""

from __future__ import annotations

from collections.abc import Iterator

from persuasion_lp.core.said import benchmarks, payoff_table, proof_of
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.result import MeansResult
from persuasion_lp.words import Report, Section, Table, number, table

__all__ = ["means_words", "result_words"]


def means_words(game: PosteriorMeanGame) -> Report:
    """What a game is."""
    return Report("A payoff of the posterior mean", _stated(game))


def result_words(result: MeansResult) -> Report:
    """What an answer says."""
    title = "A payoff of the posterior mean"
    if result.procedure == "commitment":
        title = "A manager who cannot misreport: the commitment benchmark"
    worth = payoff_table("The sender's payoff", benchmarks(result, "this signal"))
    proof = proof_of(result, "by a convex price function above the payoff")
    return Report(
        title,
        (
            *_stated(result.game),
            Section("What the sender does", tuple(_signal(result))),
            Section("What it is worth", (worth,)),
            Section("How it is proved", (proof,)),
        ),
    )


def _stated(game: PosteriorMeanGame) -> tuple[Section, ...]:
    return (Section("The problem", (f"{game!r}.",)),)


def _signal(result: MeansResult) -> Iterator[str | Table]:
    if not result.segments:
        yield "Every state is revealed."
    else:
        rows = [
            (s.low, s.high, s.kind, ", ".join(number(mean) for mean in s.means))
            for s in result.segments
        ]
        yield "States outside the intervals are revealed."
        yield table("Pooled states", ("from", "to", "kind", "posterior means"), rows)
    payoffs = result.game.values(result.means).tolist()
    prices = result.price(result.means).tolist()
    means = zip(result.means.tolist(), result.probabilities.tolist(), payoffs, prices, strict=True)
    heads = ("mean", "probability", "payoff", "price")
    yield table("Posterior means", heads, [row for row in means if row[1] > 0])
