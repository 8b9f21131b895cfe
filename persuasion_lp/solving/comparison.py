"""All procedures side by side, with what theory says about their order checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, overload

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.errors import CertificateError, InputError, OptionError
from persuasion_lp.extras import load
from persuasion_lp.problems.belief_game import BeliefGame
from persuasion_lp.problems.game import PersuasionGame
from persuasion_lp.solving.belief_result import BeliefResult
from persuasion_lp.solving.door import solve
from persuasion_lp.solving.result import GameResult

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Check", "Comparison", "compare"]

COMPARISON_TOLERANCE = 1e-8
"""Two proved values count as equal up to this share of their scale: each is proved to 1e-9, and
differences of several of them are taken."""


Result = TypeVar("Result", GameResult, BeliefResult)


@dataclass(frozen=True)
class Check:
    """A statement of theory about the values of a game.

    Attributes
    ----------
    statement
        The statement, with its source.
    holds
        True or False when the values decide it; ``None`` when they are too close to tell.
    """

    statement: str
    holds: bool | None


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Generic[Result]):
    """Every procedure of one game, solved and ordered.

    Attributes
    ----------
    problem
        The game.
    results
        By procedure, from the most to the least constrained.
    checks
        The statements of theory that apply to the game.
    """

    problem: PersuasionGame | BeliefGame
    results: Mapping[str, Result]
    checks: tuple[Check, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row per procedure: value, share of first best, order, gap, size, time."""
        pd = load("pandas", extra="frames", feature="tables")

        return pd.DataFrame(self._rows()).set_index("procedure")

    def to_dict(self) -> dict[str, Any]:
        """Rows and checks in plain Python types, ready for JSON."""
        return {
            "rows": self._rows(),
            "checks": [{"statement": c.statement, "holds": c.holds} for c in self.checks],
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "procedure": name,
                "value": result.value,
                "order": None if result.order is None else list(result.order),
                "gap": result.certificate.gap,
                "columns": None if result.lp is None else result.lp.shape[1],
                "rows": None if result.lp is None else result.lp.shape[0],
                "seconds": sum(result.times.values()),
            }
            for name, result in self.results.items()
        ]

    def __repr__(self) -> str:
        values = ", ".join(f"{name} {result.value:.9g}" for name, result in self.results.items())
        words = {True: "holds", False: "FAILS", None: "too close to tell"}
        lines = [f"Comparison: {values}"]
        for holds, word in words.items():
            listed = [check.statement for check in self.checks if check.holds is holds]
            if listed:
                lines.append(f"  {word}: {'; '.join(listed)}")
        return "\n".join(lines)


@overload
def compare(game: PersuasionGame, **settings: Any) -> Comparison[GameResult]: ...
@overload
def compare(game: BeliefGame, **settings: Any) -> Comparison[BeliefResult]: ...
def compare(game: PersuasionGame | BeliefGame, **settings: Any) -> Comparison[Any]:
    """Solve a game under every procedure and check their order.

    Checked in every game: simultaneous ≤ best sequential ≤ intermediate ≤ flexible ≤ first best.
    With additive payoffs and binary own states also KKS Theorem 2 (flexible = first best) and
    Theorem 1 (the best order is strictly better than a simultaneous signal if and only if that
    signal misses first best).

    Parameters
    ----------
    game
        The game, of recommendations or on one belief.
    **settings
        ``options``, ``formulation`` and ``memory_limit`` of :func:`persuasion_lp.solve`; of a game
        on one belief also ``tol`` and ``progress``.

    Raises
    ------
    InputError
        For a problem that is no such game.
    OptionError
        For ``order`` or ``exact``: the best order is compared, in floating point.
    CertificateError
        If the proved values contradict a theorem.
    """
    if not isinstance(game, (PersuasionGame, BeliefGame)):
        raise InputError(
            "game", "must be a PersuasionGame or a BeliefGame", value=type(game).__name__
        )
    for name in ("order", "exact"):
        if name in settings:
            raise OptionError(name, "does not apply to a comparison", value=settings[name])
    results: dict[str, Any] = {name: solve(game, name, **settings) for name in get_args(Procedure)}
    checks = [
        _at_most(results, low, high)
        for low, high in zip(get_args(Procedure), get_args(Procedure)[1:], strict=False)
    ]
    if game.on_interval if isinstance(game, BeliefGame) else game.additive and game.binary:
        checks.append(_theorem_2(results))
        checks.append(_theorem_1(results))
    broken = [check.statement for check in checks if check.holds is False]
    comparison = Comparison(game, FrozenMapping(results), tuple(checks))
    if broken:
        raise CertificateError("proved values contradict theory: " + "; ".join(broken), comparison)
    return comparison


def _at_most(results: dict[str, Any], low: str, high: str) -> Check:
    excess = results[low].value - results[high].value
    return Check(f"{low} ≤ {high}", excess <= _tolerance(results))


def _theorem_2(results: dict[str, Any]) -> Check:
    missing = abs(results["first_best"].value - results["flexible"].value)
    return Check("flexible = first_best (KKS Theorem 2)", missing <= _tolerance(results))


def _theorem_1(results: dict[str, Any]) -> Check:
    simultaneous, sequential = results["simultaneous"], results["sequential"]
    misses = results["first_best"].value - simultaneous.value > _tolerance(results)
    gains = sequential.value - simultaneous.value
    if misses:
        holds = True if gains > _tolerance(results) else None
        return Check(
            "simultaneous < sequential, since simultaneous < first_best (KKS Theorem 1)", holds
        )
    return Check(
        "simultaneous = sequential = first_best (KKS Theorem 1)", gains <= _tolerance(results)
    )


def _tolerance(results: dict[str, Any]) -> float:
    scales = (
        result.certificate.scale
        if isinstance(result, BeliefResult)
        else result.certificate.lp.scale
        for result in results.values()
    )
    return COMPARISON_TOLERANCE * max(scales)
