"""Solve a :class:`BayesianGame` under a procedure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from persuasion_lp.arrays import FrozenMapping, frozen
from persuasion_lp.core.clock import Clock
from persuasion_lp.core.exact import ExactResult, enclosed, nearest, proved_result
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import ExactnessError, InfeasibleError
from persuasion_lp.families.bayesian.certificate import (
    BayesianCertificate,
    BayesianEconomics,
    certify_recommendation,
)
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.base import Programme, Sense
from persuasion_lp.families.bayesian.programmes.registry import BayesianProcedure, programme_of
from persuasion_lp.families.bayesian.proof.attained import Proved, exact_optimum, prove
from persuasion_lp.families.bayesian.result import BayesianResult
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = [
    "AdversarialSettings",
    "BayesianSettings",
    "as_maximum",
    "certified",
    "check_feasible",
    "exact_answer",
    "no_pure_profile",
    "solve_adversarial",
    "solve_bayesian",
]


@dataclass(frozen=True, kw_only=True)
class BayesianSettings(Settings):
    """Settings of a Bayesian game.

    Attributes
    ----------
    sense
        Whether the objective is maximized or minimized.
    options
        Algorithm, limits, HiGHS options.
    memory_limit
        Bytes that the program may take.
    """

    sense: Sense = "max"
    options: SolverOptions | None = None
    memory_limit: int = MEMORY_LIMIT


@dataclass(frozen=True, kw_only=True)
class AdversarialSettings(Settings):
    """Settings of the worst equilibrium, of which the designer makes the most: one sense."""

    sense: Literal["max"] = "max"
    options: SolverOptions | None = None
    memory_limit: int = MEMORY_LIMIT


def solve_bayesian(
    procedure: BayesianProcedure, game: BayesianGame, settings: BayesianSettings
) -> BayesianResult:
    """Solve a game.

    Raises
    ------
    InfeasibleError
        If no profile can be recommended in public.
    """
    clock = Clock()
    programme = programme_of(game, procedure, settings.sense)
    programme.size.check(settings.memory_limit)
    with clock.phase("build"):
        lp = programme.build()
    with clock.phase("solve"):
        try:
            proved = prove(programme, lp, settings.options, game.at_stake)
        except InfeasibleError as infeasible:
            raise no_pure_profile(procedure) from infeasible
    with clock.phase("decode"):
        told = programme.decode(proved.kept, proved.x)
        worth = programme.sign * float(proved.value)
        economic = certify_recommendation(game, procedure, told, worth)
        value, certificate = certified(programme, proved, economic)
        multipliers = programme.multipliers(lp, proved.y)
        prices = programme.sign * programme.prices(told, multipliers)
    return BayesianResult(
        problem=game,
        procedure=procedure,
        sense=settings.sense,
        value=value,
        experiment=told,
        prices=frozen(prices.reshape(game.prior.shape)),
        multipliers=FrozenMapping(multipliers),
        certificate=certificate,
        lp=lp,
        algorithm=proved.algorithm,
        solver=proved.solver,
        iterations=proved.iterations,
        times=clock.times,
    )


def certified(
    programme: Programme, proved: Proved, economic: BayesianEconomics
) -> tuple[float, BayesianCertificate]:
    """The value of the problem, and the certificate of its answer.

    Raises
    ------
    CertificateError
        If a check does not hold.
    """
    below, above = enclosed(proved.value)
    if proved.route == "float":
        above = max(above, float(proved.upper))
    lower, upper = (below, above) if programme.sense == "max" else (-above, -below)
    certificate = BayesianCertificate(
        lp=proved.lp,
        economic=economic,
        lower=lower,
        upper=upper,
        scale=programme.game.at_stake,
        route=proved.route,
    )
    certificate.enforce()
    return nearest(programme.sign * proved.value), certificate


def exact_answer(
    procedure: BayesianProcedure, game: BayesianGame, settings: BayesianSettings
) -> ExactResult:
    """The optimum in fractions.

    Raises
    ------
    PriorError
        If the prior as it was written does not sum to 1 exactly.
    ExactSizeError, ExactnessError
        If exact arithmetic is refused, or proves nothing.
    InfeasibleError
        If no profile can be recommended in public.
    """
    _ = game.rational_prior
    programme = programme_of(game, procedure, settings.sense)
    programme.size.check(settings.memory_limit)
    lp = programme.build()
    try:
        solution = exact_optimum(programme, lp)
    except ExactnessError:
        check_feasible(lp, procedure)
        raise
    return proved_result(
        game,
        procedure,
        None,
        solution,
        value=programme.sign * solution.value,
        sense=settings.sense,
    )


def solve_adversarial(game: BayesianGame, settings: AdversarialSettings) -> BayesianResult:
    """The worst equilibrium under the best information."""
    return solve_bayesian("adversarial", game, as_maximum(settings))


def exact_adversarial(game: BayesianGame, settings: AdversarialSettings) -> ExactResult:
    """The same in fractions."""
    return exact_answer("adversarial", game, as_maximum(settings))


def as_maximum(settings: AdversarialSettings) -> BayesianSettings:
    """The same settings, the objective being maximized."""
    return BayesianSettings(options=settings.options, memory_limit=settings.memory_limit)


def check_feasible(lp: LinearProgram, procedure: str) -> None:
    """Say so if fractions found nothing because nothing is feasible."""
    try:
        solve_lp(lp)
    except InfeasibleError as infeasible:
        raise no_pure_profile(procedure) from infeasible


def no_pure_profile(procedure: str) -> InfeasibleError:
    """Why nothing can be recommended in public."""
    return InfeasibleError(
        f"no distribution of profiles is obedient under the {procedure} procedure: when a profile "
        "is announced, everybody must be willing to play it, and no profiles are equilibria that "
        "together exhaust the prior; equilibria in mixed actions are not public recommendations. "
        "'bce' recommends in private and always has an answer"
    )
