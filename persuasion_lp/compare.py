"""All procedures side by side, with what theory says about their order checked."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.core.family import family_of
from persuasion_lp.core.ordering import Check
from persuasion_lp.core.result import Result
from persuasion_lp.core.settings import setting_names
from persuasion_lp.errors import CertificateError, InfeasibleError, OptionError
from persuasion_lp.extras import load
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.result import BeliefResult
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.result import MeansResult
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.inputs import did_you_mean, near_names
from persuasion_lp.limits.deadline import within
from persuasion_lp.solve import solve
from persuasion_lp.words import Cell, Described, Report, Section, speak, spoken, table, words_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Check", "Comparison", "compare"]

ResultT = TypeVar("ResultT", bound=Result)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Described, Generic[ResultT]):
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

    problem: Any
    results: Mapping[str, ResultT]
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
                "lower": result.lower,
                "upper": result.upper,
                "order": _order(result),
                "gap": result.certificate.gap,
                "columns": None if result.lp is None else result.lp.shape[1],
                "rows": None if result.lp is None else result.lp.shape[0],
                "seconds": sum(result.times.values()),
            }
            for name, result in self.results.items()
        ]

    def __repr__(self) -> str:
        values = ", ".join(f"{name} {_shown(result)}" for name, result in self.results.items())
        words = {True: "holds", False: "FAILS", None: "too close to tell"}
        lines = [f"Comparison: {values}"]
        for holds, word in words.items():
            listed = [check.statement for check in self.checks if check.holds is holds]
            if listed:
                lines.append(f"  {word}: {'; '.join(listed)}")
        return "\n".join(lines)


def comparison_words(comparison: Comparison[Any]) -> Report:
    """What a comparison says: the procedures side by side, and what theory says of them."""
    names = getattr(comparison.problem, "names", ())
    rows: list[tuple[Cell, ...]] = []
    for procedure, result in comparison.results.items():
        order = _order(result)
        told = ", ".join(names[i] for i in order) if order and names else ""
        rows.append((spoken(procedure), result.value, result.lower, result.upper, told))
    heads = ("procedure", "payoff", "at least", "at most", "order")
    words = {True: "holds", False: "fails", None: "too close to tell"}
    checks = [(check.statement, words[check.holds]) for check in comparison.checks]
    stated = words_of(comparison.problem)
    sections = [
        *stated.sections,
        Section("Procedures side by side", (table("The sender's payoff", heads, rows),)),
    ]
    if checks:
        told_by_theory = table("Statements", ("statement", "verdict"), checks)
        sections.append(Section("What theory says", (told_by_theory,)))
    return Report(f"{stated.title}: all procedures", tuple(sections))


speak(Comparison, comparison_words)


def _order(result: Any) -> list[int] | None:
    """The order that an answer is for, in families that have one."""
    order: tuple[int, ...] | None = getattr(result, "order", None)
    return None if order is None else list(order)


def _shown(result: Result) -> str:
    """The value, with its bracket unless that is as narrow as what is printed."""
    value, lower = f"{result.value:.9g}", f"{result.lower:.9g}"
    upper = "unknown" if result.upper is None else f"{result.upper:.9g}"
    return value if lower == value == upper else f"{value} in [{lower}, {upper}]"


@overload
def compare(problem: PersuasionGame | VotingGame, **settings: Any) -> Comparison[GameResult]: ...
@overload
def compare(problem: BeliefGame, **settings: Any) -> Comparison[BeliefResult]: ...
@overload
def compare(problem: ManagerProblem, **settings: Any) -> Comparison[MenuResult | MeansResult]: ...
@overload
def compare(problem: PosteriorMeanGame, **settings: Any) -> Comparison[MeansResult]: ...
@overload
def compare(problem: Any, **settings: Any) -> Comparison[Any]: ...
def compare(problem: Any, **settings: Any) -> Comparison[Any]:
    """Solve a problem under every procedure that is for it, and check their order.

    Checked in every game: simultaneous ≤ best sequential ≤ intermediate ≤ flexible ≤ first best.
    With additive payoffs and binary own states also KKS Theorem 2 (flexible = first best) and
    Theorem 1 (the best order is strictly better than a simultaneous signal if and only if that
    signal misses first best). In every vote: simultaneous ≤ best sequential ≤ first best, the first
    two equal under unanimity. In every manager's problem: single test ≤ menu
    and single test ≤ commitment. In every Bayesian game: unelicited ≤ elicited ≤ bce, public ≤ bce
    and adversarial ≤ bce; public is left out where no profiles are equilibria.

    Parameters
    ----------
    problem
        The problem.
    **settings
        Of :func:`persuasion_lp.solve`; each goes to the procedures that have it. A time limit is
        one for all procedures together.

    Raises
    ------
    InputError
        For what is no problem.
    OptionError
        For a setting that no procedure of the problem has, and for ``order`` or ``exact``: the best
        order is compared, in floating point.
    CertificateError
        If the proved values contradict a theorem.
    """
    family = family_of(problem)
    for name in ("order", "exact"):
        if name in settings:
            raise OptionError(name, "does not apply to a comparison", value=settings[name])
    own = {
        procedure: set(setting_names(spec.settings))
        for procedure, spec in family.procedures.items()
    }
    everywhere = set().union(*own.values())
    for name in sorted(settings.keys() - everywhere):
        rule = f"is no setting of these procedures; they have {', '.join(sorted(everywhere))}"
        rule += did_you_mean(near_names(everywhere, name))
        raise OptionError(name, rule, value=settings[name])
    listed: tuple[Any, ...] = family.procedures_for(problem)
    with within(getattr(settings.get("options"), "seconds", None)):
        results: dict[str, Any] = {}
        for procedure in listed:
            chosen = {name: settings[name] for name in settings.keys() & own[procedure]}
            with suppress(InfeasibleError):  # nothing to compare: it has no answer
                results[procedure] = solve(problem, procedure, **chosen)
    checks = family.ordering(problem, results)
    broken = [check.statement for check in checks if check.holds is False]
    comparison = Comparison(problem, FrozenMapping(results), checks)
    if broken:
        raise CertificateError("proved values contradict theory: " + "; ".join(broken), comparison)
    return comparison
