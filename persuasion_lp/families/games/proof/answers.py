r"""Answers with their brackets: in floats, and in rationals where floats do not prove enough.

In floats the solver's primal solution becomes an experiment, which is repaired and pays ``lower``;
its dual solution becomes prices, which prove ``upper``. Both hold whatever the solver was up to, so
a solution that cheats within the solver's tolerances shows as a wide bracket. Then the program is
solved in rationals. Its numbers are those written, also where they sum to 1 up to rounding only.
The bracket is the proved value rounded down and up; the experiment is its solution in floats, made
obedient for certain where that costs nothing. (It may cost: where obedience can only hold with
equality, as when two receivers must both be indifferent, no experiment in floats may be obedient.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping, frozen
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.core.exact import enclosed, nearest
from persuasion_lp.core.exact_orders import Order
from persuasion_lp.core.searched import Candidate
from persuasion_lp.errors import (
    CertificateError,
    ExactnessError,
    ExactSizeError,
    LimitError,
    SolveError,
)
from persuasion_lp.families.games.certificate import (
    BRACKET_TOLERANCE,
    GameCertificate,
    recomputed,
)
from persuasion_lp.families.games.decoding import (
    decode_experiment,
    decode_multipliers,
    decode_prices,
)
from persuasion_lp.families.games.exact import game_orders
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.programme import Programme
from persuasion_lp.families.games.proof.repair import repair
from persuasion_lp.families.games.runs import Decoded
from persuasion_lp.families.games.scale.reduced import ReducedProgramme
from persuasion_lp.lp.certificate import certify
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.highs import LPSolution
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.process import SOLVER
from persuasion_lp.lp.rational import RationalSolution
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["cut_short", "exact_decoded", "float_decoded", "in_floats", "unproved"]


def float_decoded(
    found: Candidate[Programme] | Candidate[ReducedProgramme],
    procedure: Procedure,
    *,
    memory_limit: int = MEMORY_LIMIT,
    width: float | None = None,
    changed: Callable[[Experiment], Experiment] | None = None,
) -> Decoded:
    """Experiment, prices, multipliers and bracket of a solution in floats.

    ``changed`` is what becomes of the experiment before it is made obedient, if anything.
    """
    programme, solution = found.programme, found.solution
    game = programme.game
    experiment = decode_experiment(programme, solution, procedure, memory_limit=memory_limit)
    if changed is not None:
        experiment = changed(experiment)
    obedient = repair(game, experiment)
    prices = decode_prices(programme, solution)
    upper = found.upper if found.searched else prices.bound
    certificate = GameCertificate(
        lp=solution.certificate,
        economic=recomputed(game, obedient.experiment, obedient.lower, obedient.duties),
        lower=obedient.lower,
        upper=upper,
        scale=game.at_stake,
        width=width,
    )
    multipliers = decode_multipliers(programme, solution)
    return Decoded(obedient.experiment, prices.prices, multipliers, certificate)


def exact_decoded(
    programme: Programme,
    procedure: Procedure,
    order: Order | None,
    *,
    searched: bool,
    layout: Layout = "nested",
    memory_limit: int = MEMORY_LIMIT,
) -> tuple[Candidate[Programme], Decoded]:
    """The same from the program solved in rationals.

    Parameters
    ----------
    programme
        The programme; of the order tried first, where the order is searched for.
    procedure
        The procedure.
    order
        The order, or first receiver, of the programme.
    searched
        Whether the order is to be proved the best of all.
    layout
        Of the programmes of other orders.
    memory_limit
        Bytes that a programme, or the experiment, may take.

    Raises
    ------
    ExactSizeError, ExactnessError
        If exact arithmetic is refused, or proves nothing.
    """
    game = programme.game
    if searched and order is not None:
        orders = game_orders(game, procedure, layout, memory_limit=memory_limit, as_written=True)
        answer = orders.prove(order, programme, searched=True)
        proved = answer.solution
        if answer.order is not None and answer.order != order:
            order = answer.order
            programme = orders.build(order)
    else:
        proved = solve_exactly(programme.as_written(), programme.lp)
    solution = in_floats(programme.lp, proved)
    lower, upper = enclosed(proved.value)
    experiment = decode_experiment(programme, proved, procedure, memory_limit=memory_limit)
    obedient = repair(game, experiment)
    if lower - obedient.lower <= BRACKET_TOLERANCE * game.at_stake:
        experiment = obedient.experiment
    certificate = GameCertificate(
        lp=solution.certificate,
        economic=recomputed(game, experiment, solution.value),
        lower=lower,
        upper=upper,
        scale=game.at_stake,
        route="exact",
    )
    decoded = Decoded(
        experiment,
        decode_prices(programme, solution).prices,
        decode_multipliers(programme, solution),
        certificate,
    )
    return Candidate(programme, solution, order, upper, searched), decoded


def unproved(
    failure: SolveError,
    refusal: ExactSizeError | ExactnessError,
    lp: LinearProgram,
    assessed: Callable[[LPSolution], GameCertificate],
) -> CertificateError:
    """The error that says what is known when neither floats nor rationals prove enough.

    Parameters
    ----------
    failure, refusal
        Why floats, and why rationals do not.
    lp
        The program.
    assessed
        From a pair of the program to the bracket it proves.
    """
    known = _known(failure, lp, assessed)
    advice = (
        "state it with fewer receivers, actions or states, or round its numbers so that tiny "
        "probabilities and extreme utilities become 0 or moderate"
    )
    return CertificateError(
        f"the value lies in [{known.lower!r}, {known.upper!r}]; floating point proves no more "
        f"({failure}), and exact arithmetic refuses: {refusal}; {advice}",
        known,
    )


def cut_short(
    failure: SolveError,
    limit: LimitError,
    lp: LinearProgram,
    assessed: Callable[[LPSolution], GameCertificate],
) -> LimitError:
    """The same where a limit ended exact arithmetic."""
    known = _known(failure, lp, assessed)
    return LimitError(
        limit.limit,
        best_bound=min(limit.best_bound, known.upper),
        best_value=max(limit.best_value, known.lower),
    )


def _known(
    failure: SolveError, lp: LinearProgram, assessed: Callable[[LPSolution], GameCertificate]
) -> GameCertificate:
    """The bracket that floats prove, if only that of no solution."""
    known = getattr(failure, "certificate", None)
    if isinstance(known, GameCertificate):
        return known
    m, n = lp.shape
    return assessed(_solution(lp, np.zeros(n), np.zeros(m), 0.0))


def in_floats(lp: LinearProgram, proved: RationalSolution) -> LPSolution:
    """A solution in rationals as one in floats."""
    x, y = (np.array([nearest(v) for v in values]) for values in (proved.x, proved.y))
    return _solution(lp, x, y, nearest(proved.value))


def _solution(lp: LinearProgram, x: Floats, y: Floats, value: float) -> LPSolution:
    certificate = replace(certify(lp, x, y), value=value)
    return LPSolution(
        lp=lp,
        x=frozen(x),
        y=frozen(y),
        value=value,
        certificate=certificate,
        algorithm="dual-simplex",
        iterations=0,
        times=FrozenMapping({}),
        solver=SOLVER,
    )
