r"""A prosecutor persuades a judge of a suspect's guilt (Kamenica and Gentzkow 2011).

With x = Pr(H) and a judge who convicts at beliefs from c on, let z_ω be the probability that the
state is ω and conviction is recommended. The best signal solves

    maximize    z_L + z_H
    subject to
    obedience   (1 − c) z_H − c z_L  ≥  0
                0 ≤ z_L ≤ 1 − x,   0 ≤ z_H ≤ x

and pays cav f (x) = min(1, x / c), f = 1[belief ≥ c].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping, Written, written
from persuasion_lp.checks import Checked
from persuasion_lp.core.clock import Clock
from persuasion_lp.core.closed_form import Comparable
from persuasion_lp.core.documents.base import ProblemDocument
from persuasion_lp.core.documents.numbers import Number
from persuasion_lp.core.exact import ExactResult, exact_result
from persuasion_lp.core.family import Family, ProcedureSpec, register
from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.core.forms.numbers import digits, each_rounded, entry, number, rational, texts
from persuasion_lp.core.ordering import Check, chain
from persuasion_lp.core.result import Result
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import ExactnessError, PriorError
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.primitives.content import Content

ECONOMIC_TOLERANCE = 1e-8
"""In probability: ten times the solver's feasibility tolerance."""


class Prosecutor(Content):
    """Frozen economics: a prior and a cutoff, kept as they were written."""

    def __init__(self, prior: Any, cutoff: Any) -> None:
        self._numbers: Written = written("numbers", [prior, cutoff], PriorError)
        self.prior, self.cutoff = self._numbers.floats.tolist()
        if not (0 <= self.prior <= 1 and 0 < self.cutoff <= 1):
            raise PriorError("numbers", "must be probabilities, the cutoff positive")

    def rationals(self) -> tuple[Fraction, Fraction]:
        """Prior and cutoff as they were written."""
        prior, cutoff = self._numbers.rationals()
        return prior, cutoff

    def __repr__(self) -> str:
        return f"Prosecutor({self.prior:g}, {self.cutoff:g})"


def programme(prior: Any, cutoff: Any, dtype: Any) -> LPBuilder:
    """The programme, in floats or in fractions (``dtype=object``)."""
    builder = LPBuilder(np.dtype(dtype))
    z = builder.columns("z", (2,), objective=1, upper=np.array([1 - prior, prior]))
    obedience = builder.rows("obedience", (1,), ">=")
    builder.entries(obedience, z, np.array([-cutoff, 1 - cutoff]))
    return builder


@dataclass(frozen=True)
class ProsecutorSettings(Settings):
    """Both procedures' settings."""

    options: SolverOptions | None = None


@dataclass(frozen=True)
class ProsecutorCertificate(Checked):
    """LP part, economic part (Bayes plausibility, obedience, value recomputed), bracket."""

    lp: LPCertificate | None
    economic: Mapping[str, float]
    value: float
    upper: float
    scale: float = 1.0

    @property
    def gap(self) -> float:
        """Distance of the upper bound from the value."""
        return self.upper - self.value

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""
        own = tuple(
            f"{what} fails by {by:.3g}"
            for what, by in self.economic.items()
            if not by <= ECONOMIC_TOLERANCE
        )
        wide = () if self.gap <= GAP_TOLERANCE else (f"gap {self.gap:.3g}",)
        return own + wide + (() if self.lp is None else self.lp.failures)


@dataclass(frozen=True, eq=False)
class ProsecutorResult(Comparable):
    """A certified answer; ``experiment[ω]`` is the probability of state ω and a conviction."""

    problem: Prosecutor
    procedure: str
    value: float
    certificate: ProsecutorCertificate
    lp: LinearProgram | None
    experiment: Floats
    prices: Floats
    times: Mapping[str, float]

    @property
    def lower(self) -> float:
        """The value: the experiment pays it."""
        return self.value

    @property
    def upper(self) -> float:
        """The bound proved."""
        return self.certificate.upper

    @property
    def no_information(self) -> float:
        """Conviction at the prior or not."""
        return float(self.problem.prior >= self.problem.cutoff)

    @property
    def full_information(self) -> float:
        """The guilty are convicted."""
        return self.problem.prior

    def exact(self) -> ExactResult:
        """The value in fractions, proved."""
        if self.procedure != "signal":
            raise ExactnessError("silence has no programme")
        return solve_exactly(self.problem, ProsecutorSettings())

    def to_frame(self) -> Any:
        """One row per state."""
        import pandas as pd

        return pd.DataFrame({"convicted": self.experiment, "price": self.prices}, index=["L", "H"])

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types."""
        return {"procedure": self.procedure, "value": self.value, "upper": self.upper}

    def __repr__(self) -> str:
        return f"ProsecutorResult: {self.procedure}, {self.problem}, value {self.value:.9g}"


def certified(
    problem: Prosecutor, z: Floats, value: float, upper: float, lp: LPCertificate | None
) -> ProsecutorCertificate:
    """Recompute from z and the problem alone, and refuse what does not hold."""
    x, c = problem.prior, problem.cutoff
    economic = {
        "Bayes plausibility": float(np.max([-z, z - [1 - x, x]])),
        "obedience": float(c * z.sum() - z[1]),
        "value": abs(float(z.sum()) - value),
    }
    certificate = ProsecutorCertificate(lp, FrozenMapping(economic), value, upper)
    certificate.enforce()
    return certificate


def solve_signal(problem: Prosecutor, settings: ProsecutorSettings) -> ProsecutorResult:
    """The best signal."""
    clock = Clock()
    with clock.phase("build"):
        lp = programme(problem.prior, problem.cutoff, float).build()
    solution = solve_lp(lp, settings.options)
    clock.add(solution.times)
    z = solution.values("z")
    prices = np.maximum(0, 1 - solution.duals("obedience") * [-problem.cutoff, 1 - problem.cutoff])
    part = solution.certificate
    certificate = certified(problem, z, solution.value, part.bound, part)
    return ProsecutorResult(
        problem, "signal", solution.value, certificate, lp, z, prices, clock.times
    )


def solve_nothing(problem: Prosecutor, settings: ProsecutorSettings) -> ProsecutorResult:
    """Silence: the judge acts at the prior."""
    value = float(problem.prior >= problem.cutoff)
    z = value * np.array([1 - problem.prior, problem.prior])
    certificate = certified(problem, z, value, value, None)
    prices = np.full(2, value)
    return ProsecutorResult(problem, "nothing", value, certificate, None, z, prices, {})


def solve_exactly(problem: Prosecutor, settings: ProsecutorSettings) -> ExactResult:
    """The best signal in fractions."""
    rational = programme(*problem.rationals(), object).build_rational(offset=Fraction(0))
    floats = programme(problem.prior, problem.cutoff, float).build()
    return exact_result(problem, "signal", None, rational, floats)


@dataclass(frozen=True)
class RationalProsecutor(RationalInstance, kind=Prosecutor):
    """What the instance file says."""

    prior: Fraction
    cutoff: Fraction

    @classmethod
    def read(cls, problem: Prosecutor) -> RationalProsecutor:
        """Read a problem."""
        return cls(*(rational(x) for x in problem.rationals()))

    def build(self) -> Prosecutor:
        """The problem."""
        return Prosecutor(self.prior, self.cutoff)

    @property
    def size(self) -> tuple[int, ...]:
        """Digits."""
        return (digits(self.prior, self.cutoff),)

    def simpler(self) -> Iterator[RationalProsecutor]:
        """Rounded numbers."""
        for prior, cutoff in each_rounded((self.prior, self.cutoff)):
            yield replace(self, prior=prior, cutoff=cutoff)

    def entries(self) -> dict[str, Any]:
        """Prior and cutoff."""
        return {"prior": texts(self.prior), "cutoff": texts(self.cutoff)}

    @classmethod
    def from_entries(cls, data: Mapping[str, Any]) -> RationalProsecutor:
        """Read what :meth:`entries` wrote."""
        return cls(*(number(key, entry(data, key)) for key in ("prior", "cutoff")))


class ProsecutorDocument(ProblemDocument, tag="Prosecutor", kw_only=True):
    """A prosecutor persuades a judge."""

    prior: Number
    cutoff: Number

    @classmethod
    def from_problem(cls, problem: Prosecutor) -> ProsecutorDocument:
        """Write a problem down."""
        prior, cutoff = problem.rationals()
        return cls(prior=Number.of("prior", prior), cutoff=Number.of("cutoff", cutoff))

    def to_problem(self) -> Prosecutor:
        """Make the problem."""
        return Prosecutor(self.prior.number, self.cutoff.number)


def ordering(problem: Prosecutor, results: Mapping[str, Result]) -> tuple[Check, ...]:
    """A signal can say nothing."""
    return chain(results, ("nothing", "signal"))


PROSECUTORS = register(
    Family(
        kind=Prosecutor,
        procedures={
            "nothing": ProcedureSpec(ProsecutorSettings, solve_nothing),
            "signal": ProcedureSpec(ProsecutorSettings, solve_signal, solve_exactly),
        },
        form=RationalProsecutor,
        ordering=ordering,
        document=lambda: ProsecutorDocument,
    )
)
