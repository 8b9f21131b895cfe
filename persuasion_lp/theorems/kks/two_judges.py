r"""KKS §8.1, Proposition 4: when a public signal suffices for two receivers with one cutoff α.

With x_jk the prior of ω_1 = j, ω_2 = k and x_2 ≤ x_1 < α, one public signal pays first best if and
only if

    (i)   x_HH ≥ x_LH (2α − 1)/(1 − α),     or
    (ii)  x_HL + x_LH ≤ x_LL α/(1 − α) + 2 x_HH (1 − α)/(2α − 1),

(i) holding whenever α ≤ ½. The signal recommends the actions in its name; its joint distribution
with the state is

    =======  ======  ==========  ==========  ====
    signal   ω_HH    ω_HL        ω_LH        ω_LL
    =======  ======  ==========  ==========  ====
    s_HH     x_HH    b           b           c
    s_HL     0       x_HL − b    0           d
    s_LH     0       0           x_LH − b    e
    s_LL     0       0           0           g
    =======  ======  ==========  ==========  ====

    under (i)    b = x_LH,  c = x_HH (1−α)/α + x_LH (1−2α)/α,  d = (x_HL − x_LH)(1−α)/α,  e = 0
    under (ii)   b = x_HH (1−α)/(2α−1),  c = 0,  d = (x_HL − b)(1−α)/α,  e = (x_LH − b)(1−α)/α
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import SupportsFloat

import numpy as np

from persuasion_lp.arrays import Floats, Numbers, Rationals, written
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.closed_form import ClosedForm, grant, must_be
from persuasion_lp.errors import PriorError, ReceiverError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.theorems.kks.games import PAPER, first_best_value, own_priors

__all__ = ["proposition_4", "signal_table"]


def proposition_4(game: PersuasionGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """Whether a public signal pays first best, with the signal that does (KKS Proposition 4).

    Parameters
    ----------
    game
        Two receivers who accept at one cutoff, for one constant gain, each about his own axis.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.
    ReceiverError
        For a game without two receivers with cutoffs.
    """
    must_be("game", game, PersuasionGame)
    if game.n != 2 or any(r.cutoffs is None or not r.cutoffs.size for r in game.receivers):
        raise ReceiverError("receivers", "must be two, stated by cutoffs", value=game.n)
    one, other = game.receivers
    reject, accept = one.rational_cones()[-1][0]
    alpha = reject / (reject - accept)
    gain = float(one.payoffs[-1, 0] - one.payoffs[0, 0])
    x = [own[1] for own in own_priors(game)]
    hypotheses = {
        "additive payoffs": game.additive,
        "accept or reject": one.action_count == other.action_count == 2,
        "one gain for both": gain > 0
        and all(np.array_equal(r.payoffs[1] - r.payoffs[0], [gain, gain]) for r in game.receivers),
        "one cutoff for both": np.array_equal(np.asarray(one.cutoffs), np.asarray(other.cutoffs)),
        "priors below the cutoff": max(x) < alpha,
    }
    grant("KKS Proposition 4", hypotheses, assume)
    swapped = x[0] < x[1]
    joint = _joint_prior(game)
    table, cases = signal_table(joint.T if swapped else joint, alpha)
    experiment = None if table is None else _experiment(game, table, swapped=swapped)
    return ClosedForm(
        name="KKS Proposition 4",
        value=first_best_value(game),
        claims={"simultaneous": "<" if table is None else "=="},
        conditions={**hypotheses, **cases},
        source=f"{PAPER}, Proposition 4 and §8.1",
        scale=game.payoff_scale,
        experiment=experiment,
    )


def signal_table(prior: Numbers, alpha: SupportsFloat) -> tuple[Floats | None, dict[str, bool]]:
    """Joint distribution of signals and states of §8.1.

    Parameters
    ----------
    prior
        Shape ``(2, 2)``, index 1 = H, with the second receiver's belief the lower one.
    alpha
        The cutoff. Both conditions are decided in the numbers as written.

    Returns
    -------
    tuple
        The table, rows s_HH, s_HL, s_LH, s_LL and columns ω_HH, ω_HL, ω_LH, ω_LL, or ``None`` if no
        public signal pays first best; and which of (i) and (ii) holds.
    """
    (ll, lh), (hl, hh) = written("prior", prior, PriorError).rationals().tolist()
    (cutoff,) = written("alpha", [alpha], ReceiverError).rationals().tolist()
    odds = (1 - cutoff) / cutoff
    first = bool((1 - cutoff) * hh >= lh * (2 * cutoff - 1))
    shared = hh * (1 - cutoff) / (2 * cutoff - 1) if 2 * cutoff > 1 else Fraction(0)
    second = 2 * cutoff <= 1 or bool(hl + lh <= ll / odds + 2 * shared)
    cases = {"(i)": first, "(ii)": second}
    if first:
        b, c = lh, hh * odds + lh * (1 - 2 * cutoff) / cutoff
        d, e = (hl - lh) * odds, 0
    elif second:
        b, c = shared, 0
        d, e = (hl - b) * odds, (lh - b) * odds
    else:
        return None, cases
    rows = [[hh, b, b, c], [0, hl - b, 0, d], [0, 0, lh - b, e], [0, 0, 0, ll - c - d - e]]
    return np.array(rows, dtype=np.float64), cases


def _joint_prior(game: PersuasionGame) -> Rationals:
    joint = np.full((2, 2), Fraction(0), dtype=object)
    np.add.at(joint, tuple(game.own_states), game.written_numbers.prior)
    return joint


def _experiment(game: PersuasionGame, table: Floats, *, swapped: bool) -> Experiment:
    """Say in each state of the game what the table says in its pair of own states."""
    profiles = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
    totals = table.sum(axis=0)
    kernel = np.divide(table, totals, out=np.full_like(table, 0.25), where=totals > 0)
    own = np.stack(game.own_states[::-1] if swapped else game.own_states)[:, game.support]
    column = 3 - 2 * own[0] - own[1]
    joint = kernel[:, column] * game.prior.ravel()[game.support]
    occurs = joint.sum(axis=1) > 0
    actions = profiles[:, ::-1] if swapped else profiles
    orders = np.tile(np.arange(2), (int(occurs.sum()), 1))
    return Experiment(
        "simultaneous", game.prior, orders, actions[occurs], game.support, joint[occurs]
    )
