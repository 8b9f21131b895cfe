r"""The optimum on finitely many states and types, over every lowest served type or cut-off.

Menus: the ray programme in closed form, or the reduced or full programme for every servable type
in turn, since V_s is not unimodal in s. Single tests (LX, Theorem 2): among tests that the types
from j on accept, the best is the ray programme with j as the only type and weight G_j = Pr(x ≥ x_j)
— a threshold test at max{ p : U(p) ≥ a_j p } or at θ = w, whichever proposes more — or the
programme over cut-offs of :mod:`~persuasion_lp.families.menus.programmes.cutoffs`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from persuasion_lp.arrays import Floats, ReadOnly
from persuasion_lp.errors import CertificateError, InfeasibleError
from persuasion_lp.families.menus.programmes.chains import RayPrices, best_rays
from persuasion_lp.families.menus.programmes.cutoffs import build_cutoff
from persuasion_lp.families.menus.programmes.data import Chain, MenuData, Step
from persuasion_lp.families.menus.programmes.full import (
    IncentiveRows,
    build_full,
    build_reduced,
    check_pair,
    read_full,
    read_reduced,
)
from persuasion_lp.families.menus.programmes.rays import (
    RayProgramme,
    cutoff_values,
    solve_rays,
)
from persuasion_lp.lp.certificate import LPCertificate
from persuasion_lp.lp.highs import LPSolution, solve_lp
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import SolverOptions

__all__ = [
    "MenuFormulation",
    "Optimum",
    "Programme",
    "SingleFormulation",
    "best_menu",
    "best_single",
]

MenuFormulation = Literal["rays", "reduced", "full"]
SingleFormulation = Literal["closed_form", "cutoffs"]

FINE_TOLERANCE = 1e-10
"""Feasibility tolerance for the programmes with a row per pair of types, ten times finer than the
engine's: types that nearly coincide divide violations by their distance."""

TIGHT_RAY = 1e-12
"""A ray is optimal when its reduced cost, relative to what it costs, is no more than rounding."""


class Programme(Protocol):
    """A programme that was solved, in closed form or by HiGHS."""

    @property
    def lp(self) -> LinearProgram:
        """The linear program."""

    @property
    def certificate(self) -> LPCertificate:
        """The certificate of its solution."""


@dataclass(frozen=True, eq=False)
class Optimum(ReadOnly):
    """An optimal chain with its proof; types by sorted position.

    Attributes
    ----------
    chain, value
        The chain and its value.
    upper
        Proved bound over every lowest served type or cut-off.
    programme
        The programme for the chain's lowest type, with the certificate of its solution.
    multipliers
        By block of rows, never negative.
    prices
        Prices of the ray programme.
    alternatives
        Types whose ray is optimal though no step begins with them.
    marginals
        Surpluses t of marginal states whose prices bound the value: of menus each for all lowest
        types, of single tests one for each cut-off.
    algorithm, programmes
        How it was solved, and for how many lowest types.
    """

    chain: Chain
    value: float
    upper: float
    programme: Programme
    multipliers: dict[str, Floats]
    prices: RayPrices
    alternatives: tuple[int, ...]
    marginals: Floats
    algorithm: str
    programmes: int


def best_menu(
    data: MenuData,
    formulation: MenuFormulation = "rays",
    incentives: IncentiveRows = "neighbours",
    options: SolverOptions | None = None,
    *,
    memory_limit: int,
) -> Optimum | None:
    """Optimal menu by the chosen programme; ``None`` if no type can be served."""
    if formulation == "rays":
        return _by_rays(data)
    options = options or SolverOptions(tolerance=FINE_TOLERANCE)
    best: tuple[int, LPSolution] | None = None
    upper = -math.inf
    if formulation == "full":
        check_pair(data, incentives, memory_limit)
    for s in data.servable.tolist():
        lp = (
            build_full(data, s, incentives, memory_limit=memory_limit)
            if formulation == "full"
            else build_reduced(data, s)
        )
        try:
            solution = solve_lp(lp, options)
        except InfeasibleError:
            continue
        upper = max(upper, solution.certificate.bound)
        if best is None or solution.value > best[1].value:
            best = (s, solution)
    if best is None:
        return None
    s, solution = best
    read = read_full if formulation == "full" else read_reduced
    chain = read(data, s, solution)
    again, everywhere = best_rays(data, s), solve_rays(data)
    if again is None or everywhere is None:
        raise CertificateError("a programme has an optimum that its rays do not have")
    return Optimum(
        chain=chain,
        value=solution.value,
        upper=upper,
        programme=solution,
        multipliers={name: np.abs(solution.duals(name)) for name in solution.lp.rows},
        prices=again[1],
        alternatives=_alternatives(data, chain, again[1]),
        marginals=np.array([again[1].marginal, *everywhere.marginals]),
        algorithm=solution.algorithm,
        programmes=data.servable.size,
    )


def best_single(
    data: MenuData,
    formulation: SingleFormulation = "closed_form",
    options: SolverOptions | None = None,
) -> Optimum | None:
    """Optimal single test over every acceptance cut-off; ``None`` if no type can be served.

    With required surplus 0 every type with positive slack may be the cut-off.
    """
    if not data.servable.size:
        return None
    cutoffs = np.arange(data.servable[0], data.slack.size)
    values, bounds, marginals = cutoff_values(data, cutoffs)
    if formulation == "closed_form":
        best = _cutoff(data, int(cutoffs[np.argmax(values)]), formulation, options)
        upper = max(best.upper, float(bounds.max()))
        return replace(best, upper=upper, marginals=marginals, programmes=cutoffs.size)
    found: Optimum | None = None
    proved, solved = -math.inf, 0
    for place in np.argsort(-bounds, kind="stable").tolist():
        if found is not None and bounds[place] <= found.value:
            proved = max(proved, float(bounds[place]))
            break
        solved += 1
        try:
            other = _cutoff(data, int(cutoffs[place]), formulation, options)
        except InfeasibleError:  # a test that just exists is none for the solver
            continue
        proved = max(proved, other.upper)
        if found is None or other.value > found.value:
            found = other
    if found is None:
        return None
    return replace(found, upper=proved, marginals=marginals, programmes=solved)


def _cutoff(
    data: MenuData, j: int, formulation: SingleFormulation, options: SolverOptions | None
) -> Optimum:
    """Best test that the types from j on accept."""
    alone = replace(
        data,
        slack=data.slack[j : j + 1],
        probs=data.tail[j : j + 1],
        tail=data.tail[j : j + 1],
        servable=np.zeros(1, dtype=np.int64),
    )
    found = best_rays(alone, 0)
    if found is None:
        raise CertificateError("an optimistic type does not accept a proposal of no information")
    chain, prices = found
    if formulation == "cutoffs":
        solution = solve_lp(build_cutoff(data, j), options)
        z = solution.values("z")
        p, u = float(z.sum()), float(z @ data.slopes)
        return Optimum(
            chain=Chain(j, (Step(j, p, u),) if u > 0 else ()),
            value=solution.value,
            upper=solution.certificate.bound,
            programme=solution,
            multipliers={name: np.abs(solution.duals(name)) for name in solution.lp.rows},
            prices=prices,
            alternatives=(),
            marginals=np.array([prices.marginal]),
            algorithm=solution.algorithm,
            programmes=1,
        )
    return Optimum(
        chain=Chain(j, tuple(Step(j, step.p, step.u) for step in chain.steps[-1:])),
        value=chain.value(alone),
        upper=prices.bound,
        programme=RayProgramme(alone, chain, prices),
        multipliers=_ray_multipliers(alone, 0, prices),
        prices=prices,
        alternatives=(),
        marginals=np.array([prices.marginal]),
        algorithm="closed form",
        programmes=1,
    )


def _by_rays(data: MenuData) -> Optimum | None:
    """Closed form."""
    found = solve_rays(data)
    if found is None:
        return None
    return Optimum(
        chain=found.chain,
        value=found.value,
        upper=float(found.bounds.max()),
        programme=RayProgramme(data, found.chain, found.prices),
        multipliers=_ray_multipliers(data, found.chain.lowest, found.prices),
        prices=found.prices,
        alternatives=_alternatives(data, found.chain, found.prices),
        marginals=np.array(found.marginals),
        algorithm="closed form",
        programmes=len(found.marginals),
    )


def _ray_multipliers(data: MenuData, s: int, prices: RayPrices) -> dict[str, Floats]:
    """Multipliers of the reduced programme that the prices of the ray programme imply.

    In increments Δ, type j's terms of the Lagrangian are c_j Δu_j − μ Δp_j with c_j = G_j − ν (+ λ
    at s), and the neighbours' constraints a_{j-1} Δp ≤ Δu ≤ a_j Δp take multipliers ζ, η with
    c = η − ζ and μ = a_j η − a_{j-1} ζ.
    """
    own = data.slack[s:]
    below = np.concatenate([[data.slack_below(s)], own[:-1]])
    worth = data.tail[s:] - prices.height
    worth[0] += prices.trust
    gap = own - below
    upward, downward = (
        np.maximum(
            np.divide(prices.mass - slope * worth, gap, out=np.zeros_like(gap), where=gap > 0), 0.0
        )
        for slope in (below, own)
    )
    return {
        "upward": upward[1:],
        "downward": downward[1:],
        "excluded": downward[:1] if s else np.empty(0),
        "OB-W": upward[:1],
        "OB-M": np.array([prices.trust]),
        "FSB height": np.array([prices.height]),
    }


def _alternatives(data: MenuData, chain: Chain, prices: RayPrices) -> tuple[int, ...]:
    """Types whose ray is optimal though no step begins with them."""
    s = chain.lowest
    a = data.slack[s:]
    weight = data.tail[s:].copy()
    weight[0] += prices.trust
    paid = prices.mass + prices.height * a
    tight = paid - weight * a <= TIGHT_RAY * paid
    used = {step.first for step in chain.steps}
    return tuple(s + j for j in np.flatnonzero(tight).tolist() if s + j not in used)
