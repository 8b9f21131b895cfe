"""The answer for several workers: a test for every profile of reports, and its certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats, Rationals, ReadOnly, frozen
from persuasion_lp.checks import Checked
from persuasion_lp.core.closed_form import Comparable
from persuasion_lp.core.exact import ExactResult, proved_result
from persuasion_lp.extras import load
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.profile.optimum import optimum
from persuasion_lp.families.menus.profile.programme import Profile, ProfileData
from persuasion_lp.lp.certificate import LPCertificate
from persuasion_lp.lp.model import LinearProgram

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ProfileCertificate", "ProfileEconomics", "ProfileResult", "ProfileTest", "recomputed"]


@dataclass(frozen=True, eq=False)
class ProfileTest(ReadOnly):
    """The test that is run after a profile of reports.

    Attributes
    ----------
    profile
        The reports, types by number in the caller's order.
    p, q
        Probability of a proposal, and expected difficulty given one (``None`` if p = 0), exactly.
    masses
        Mass of each state, increasing, on which the plan is proposed, exactly.
    """

    profile: Profile
    p: Fraction
    q: Fraction | None
    masses: Rationals

    @classmethod
    def of(cls, data: ProfileData, profile: Profile, masses: Rationals) -> ProfileTest:
        """From the masses of the states."""
        p = sum(masses, Fraction(0))
        r = sum(masses * data.states, Fraction(0))
        return cls(profile, p, r / p if p else None, frozen(masses))

    @property
    def r(self) -> Fraction:
        """Difficulty of what is proposed: p q."""
        return self.p * (self.q or Fraction(0))


@dataclass(frozen=True)
class ProfileEconomics(ReadOnly):
    """What has been recomputed from the tests alone, in fractions: violations, 0 where all holds.

    Attributes
    ----------
    value
        What the tests pay the manager.
    feasibility, obedience, honesty, trust
        Largest violations of FSB, OB-W, IC-W (each misreport with the best acceptance) and OB-M.
    """

    value: Fraction
    feasibility: Fraction
    obedience: Fraction
    honesty: Fraction
    trust: Fraction


@dataclass(frozen=True, eq=False)
class ProfileCertificate(Checked):
    """The proof: both ends are exact.

    Attributes
    ----------
    lp
        ``None``: the program is solved in fractions.
    economic
        What has been recomputed from the tests alone.
    value
        What is claimed.
    lower, upper
        Bracket on the optimum.
    scale
        Of the payoffs.
    """

    lp: LPCertificate | None
    economic: ProfileEconomics
    value: float
    lower: float
    upper: float
    scale: float

    route = "exact"

    @property
    def gap(self) -> float:
        """Width of the bracket."""
        return self.upper - self.lower

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words; they are exact."""
        economic = self.economic
        checks = (
            ("feasibility", economic.feasibility),
            ("obedience of a worker", economic.obedience),
            ("honesty of a worker", economic.honesty),
            ("trust in the manager", economic.trust),
        )
        found = tuple(f"{what} fails by {float(by):.3g}" for what, by in checks if by > 0)
        inside = all(self.lower <= one <= self.upper for one in (economic.value, self.value))
        return found if inside else (*found, "the value is another")


def recomputed(data: ProfileData, tests: tuple[ProfileTest, ...]) -> ProfileEconomics:
    """Every constraint, from the tests alone, in fractions."""
    by_profile = {test.profile: test for test in tests}
    zero = Fraction(0)

    def surplus(worker: int, kind: int, test: ProfileTest) -> Fraction:
        return data.accepts(worker, kind) * test.p - test.r

    feasibility = zero
    for test in tests:
        for mass, most in zip(test.masses, data.masses, strict=True):
            feasibility = max(feasibility, -mass, mass - most)
    obedience = max(
        -surplus(i, profile[i], test) for profile, test in by_profile.items() for i in range(data.n)
    )
    honesty = zero
    for i, count in enumerate(data.counts):
        for own in range(count):
            for told in range(count):
                gain = zero
                for profile, test in by_profile.items():
                    if profile[i] != own:
                        continue
                    lied = by_profile[(*profile[:i], told, *profile[i + 1 :])]
                    best = max(zero, surplus(i, own, lied))
                    gain += data.chance(profile, i) * (best - surplus(i, own, test))
                honesty = max(honesty, gain)
    required = max(zero, data.mean - data.payment)
    trust = max(
        (required - (test.r - data.payment * test.p) for test in tests if test.p), default=zero
    )
    value = sum(
        (data.chance(test.profile) * (test.r - data.payment * test.p) for test in tests), zero
    )
    return ProfileEconomics(value, feasibility, max(zero, obedience), honesty, max(zero, trust))


@dataclass(frozen=True, eq=False, repr=False)
class ProfileResult(Comparable):
    """The best tests for several workers, proved.

    Attributes
    ----------
    problem, procedure
        What was solved.
    value
        The manager's expected payoff.
    tests
        For each profile of reports the test that is run, in C order of the types as stated.
    certificate
        What has been recomputed, and the bracket.
    lp
        The program, in floats.
    programs
        Programs solved: more than one where the manager must be trusted (E[θ] > W).
    times
        Seconds by phase.
    """

    problem: ManagerProblem
    procedure: str
    value: float
    tests: tuple[ProfileTest, ...]
    certificate: ProfileCertificate
    lp: LinearProgram
    programs: int
    times: Mapping[str, float]

    @property
    def lower(self) -> float:
        """Lower end of the bracket."""
        return self.certificate.lower

    @property
    def upper(self) -> float:
        """Upper end of the bracket."""
        return self.certificate.upper

    @property
    def prices(self) -> None:
        """The prior stands in bounds of many columns: nothing prices a state alone."""
        return None

    @property
    def experiment(self) -> tuple[ProfileTest, ...]:
        """The tests."""
        return self.tests

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved."""
        _, solution, programs = optimum(self.problem)
        return proved_result(self.problem, self.procedure, None, solution, programs=programs)

    @cached_property
    def no_information(self) -> float:
        """The manager's payoff when nothing is tested: the plan is launched if all accept it."""
        numbers = self.problem.rational_numbers
        mean = sum(numbers.states * numbers.masses, Fraction(0))
        return float(self._launched(mean))

    @cached_property
    def full_information(self) -> float:
        """The manager's payoff when difficulty is revealed: she proposes what all accept."""
        numbers = self.problem.rational_numbers
        listed = zip(numbers.states, numbers.masses, strict=True)
        return float(sum((mass * self._launched(state) for state, mass in listed), Fraction(0)))

    def _launched(self, difficulty: Fraction) -> Fraction:
        """Her payoff from a plan of this difficulty, if she likes it and all accept."""
        numbers = self.problem.rational_numbers
        pairs = zip(numbers.types, numbers.type_probs, strict=True)
        share = sum((g for x, g in pairs if difficulty <= x * numbers.payment), Fraction(0))
        return share * max(Fraction(0), difficulty - numbers.payment)

    @cached_property
    def probabilities(self) -> Floats:
        """Probability of each profile, in the order of ``tests``."""
        workers = self.problem.workers
        shares = [g.floats for _, g in (workers.types if workers else None) or ()]
        chances = [[g[t] for g, t in zip(shares, one.profile, strict=True)] for one in self.tests]
        return frozen(np.prod(chances, axis=1))

    def to_frame(self) -> pd.DataFrame:
        """One row for each profile: capabilities, its probability, p and q of its test."""
        pandas = load("pandas", extra="frames", feature="tables")
        return pandas.DataFrame(self._rows())

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain Python types, ready for JSON."""
        return {
            "procedure": self.procedure,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "no_information": self.no_information,
            "full_information": self.full_information,
            "tests": self._rows(),
            "masses": [[float(m) for m in test.masses] for test in self.tests],
            "certificate": {"ok": self.certificate.ok, "gap": self.certificate.gap},
            "programs": self.programs,
            "times": dict(self.times),
        }

    def _rows(self) -> list[dict[str, Any]]:
        workers = self.problem.workers
        types = [x.floats for x, _ in (workers.types if workers else None) or ()]
        return [
            {
                "capabilities": [float(x[t]) for x, t in zip(types, test.profile, strict=True)],
                "probability": float(chance),
                "p": float(test.p),
                "q": None if test.q is None else float(test.q),
            }
            for test, chance in zip(self.tests, self.probabilities, strict=True)
        ]

    def __repr__(self) -> str:
        listed = [
            f"{tuple(row['capabilities'])}: "
            + ("no plan" if row["q"] is None else f"p {row['p']:.6g}, q {row['q']:.6g}")
            for row in self._rows()[:6]
        ]
        more = "" if len(self.tests) <= 6 else f", … ({len(self.tests)} profiles)"
        return "\n".join(
            [
                f"ProfileResult: profile_menu, {len(self.problem.workers.types or ())} workers"
                if self.problem.workers
                else "ProfileResult: profile_menu",
                f"  value        {self.value:.9g}",
                f"  tests        {'; '.join(listed)}{more}",
                f"  certificate  {'ok' if self.certificate.ok else 'FAILED'}: "
                f"gap {self.certificate.gap:.1e}, proved in rational arithmetic",
            ]
        )
