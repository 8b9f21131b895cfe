r"""One public signal, to a width that is asked for: the interior point method, stopped early.

Its prices are dual feasible all along, and its point is nearly feasible long before it is optimal:
rows of obedience hold with slack in the interior. So the method can end at any gap. The point is
made Bayes plausible, state by state, and obedient for certain, as every experiment is, and pays
``lower``; the prices prove ``upper``. Nothing is asked of a linear programming solver, so this is
the way for what is too large for one: the arrays are those of the block programme, ten or so of
|A|^n · S numbers.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from persuasion_lp.arrays import FrozenMapping, frozen
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.searched import Candidate
from persuasion_lp.errors import LimitError
from persuasion_lp.families.games.certificate import GameCertificate, recomputed
from persuasion_lp.families.games.decoding import decode_multipliers, decode_prices
from persuasion_lp.families.games.proof.repair import repair
from persuasion_lp.families.games.runs import Decoded
from persuasion_lp.families.games.scale.public import Public
from persuasion_lp.families.games.scale.reduced import ReducedProgramme
from persuasion_lp.limits.deadline import unlimited, within
from persuasion_lp.lp.certificate import LPCertificate, LPPoint, LPSolution
from persuasion_lp.lp.interior.blocks import InteriorPoint
from persuasion_lp.lp.interior.iterates import interior_point
from persuasion_lp.lp.process import SOLVER

__all__ = ["cushioned", "early_answer"]

CUSHION = 1e-10
"""Share of an experiment with slack that is mixed in where rounding cannot be repaired."""

CUSHION_GAP = 0.1
"""Gap of the interior point that it is, relative to the range of payoffs."""

SHARES = (0.4, 1e-3)
"""Gaps of the interior point that are tried, as shares of the width asked for."""


def early_answer(public: Public) -> tuple[Candidate[ReducedProgramme], Decoded] | None:
    """An answer whose bracket is as narrow as asked; ``None`` if stopping early proves none.

    Raises
    ------
    LimitError
        If the time limit was reached, with the bracket that is proved by then.
    """
    width = public.tol
    if width is None:
        return None
    scale = public.blocks.range * float(public.mass.sum())
    for share in SHARES:
        started = time.perf_counter()
        with within(public.options.seconds):
            point = interior_point(public.blocks, share * width / scale)
        inside = time.perf_counter() - started
        with unlimited():
            found = _answer(public, point, width, inside)
        certificate = found[1].certificate
        if certificate.ok:
            return found
        if point.ended == "time":
            raise LimitError("time", best_bound=certificate.upper, best_value=certificate.lower)
    return None


def _answer(
    public: Public, point: InteriorPoint, width: float, seconds: float
) -> tuple[Candidate[ReducedProgramme], Decoded]:
    game = public.game
    duals = public.duals(public.blocks.spread(point.multipliers))
    programme = public.reduced(np.empty(0, dtype=np.int64))
    prices = LPPoint(programme.laid_out, np.empty(0), frozen(duals))
    proved = decode_prices(programme, prices)
    obedient = repair(game, _experiment(public, point))
    gap = proved.bound - obedient.lower
    lp = LPCertificate(
        value=obedient.lower,
        bound=proved.bound,
        gap=gap,
        primal_residual=0.0,
        dual_residual=0.0,
        complementarity=point.gap,
        scale=game.at_stake,
    )
    solution = LPSolution(
        lp=programme.laid_out,
        x=prices.x,
        y=prices.y,
        value=obedient.lower,
        certificate=lp,
        algorithm="blocks",
        iterations=point.iterations,
        times=FrozenMapping({"interior": seconds}),
        solver=SOLVER,
    )
    certificate = GameCertificate(
        lp=lp,
        economic=recomputed(game, obedient.experiment, obedient.lower, obedient.duties),
        lower=obedient.lower,
        upper=proved.bound,
        scale=game.at_stake,
        width=width,
    )
    multipliers = decode_multipliers(programme, solution)
    decoded = Decoded(obedient.experiment, proved.prices, multipliers, certificate)
    return Candidate(programme, solution, None, proved.bound), decoded


def _experiment(public: Public, point: InteriorPoint) -> Experiment:
    """The point as an experiment, each state's messages scaled to its probability."""
    game, states = public.game, public.mass.size
    joint = np.zeros((public.profiles, states))
    joint[:, public.common] = point.x
    joint[public.revealed[public.rare], public.rare] = 1.0
    joint *= public.mass / joint.sum(axis=0)
    labels = public.classes.labels[game.support]
    place = np.searchsorted(public.classes.possible, labels)
    share = game.prior.ravel()[game.support] / public.mass[place]
    used = np.flatnonzero(joint.any(axis=1))
    actions = np.stack(np.unravel_index(used, game.action_counts), axis=1)
    return Experiment(
        "simultaneous",
        game.prior,
        frozen(np.tile(np.arange(game.n), (used.size, 1))),
        frozen(actions),
        game.support,
        frozen(joint[used][:, place] * share),
    )


def cushioned(public: Public, experiment: Experiment) -> Experiment:
    """The experiment with some of one in which everybody obeys with slack.

    Where rows of several receivers hold with equality in the same messages, closing one that is
    missed by rounding opens another, and what cannot be repaired is emptied. In an interior point
    far from the optimum every row has slack; a share of :data:`CUSHION` of it lets all rows of all
    messages hold, and costs no more than that share. Messages that the experiment does not send are
    left out; what they would have taken is revealed.
    """
    with unlimited():
        point = interior_point(public.blocks, CUSHION_GAP)
    loose = _experiment(public, point)
    shape = public.game.action_counts
    place = np.full(public.profiles, -1)
    place[np.ravel_multi_index(tuple(loose.actions.T), shape)] = np.arange(len(loose.actions))
    same = place[np.ravel_multi_index(tuple(experiment.actions.T), shape)]
    mixed = (1 - CUSHION) * experiment.joint + CUSHION * loose.joint[same]
    return replace(experiment, joint=frozen(mixed))
