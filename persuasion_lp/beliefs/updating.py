r"""How a belief moves when a signal is about one receiver's own state.

Such a signal s is independent of everything else given ω_i (Khantadze, Kremer and Skrzypacz,
*Persuasion with Multiple Actions*, Lemma 2 and the proofs of Proposition 1 and Theorems 1 and 2).
By Bayes' rule

    μ'(ω)  =  μ(ω) · Pr(s | ω_i) / Pr(s)  =  μ(ω) · Pr'(ω_i) / Pr(ω_i),

so that the move is known once it is known where it leaves the belief in ω_i = H: from x to x' the
probability of every state with ω_i = H is multiplied by x'/x, that of all others by
(1 − x')/(1 − x).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from persuasion_lp.arrays import Floats

__all__ = ["own_state_factors"]


def own_state_factors(high: NDArray[np.bool_], before: ArrayLike, after: ArrayLike) -> Floats:
    """Factors by which a signal on ω_i multiplies the probability of each state.

    Parameters
    ----------
    high
        Whether ω_i = H in each state, shape ``(S,)``, or ``(P, S)`` if that differs by belief.
    before, after
        Belief in ω_i = H before and after the signal, scalars or of shape ``(P,)``.

    Returns
    -------
    Floats
        Shape ``(S,)`` for one belief, ``(P, S)`` for several. A value of ω_i that had probability
        zero keeps it.

    Examples
    --------
    Bad news halves the belief in ω_i = H from 1/2 to 1/4:

    >>> own_state_factors(np.array([True, False]), 0.5, 0.25)
    array([0.5, 1.5])
    """
    x, moved = np.broadcast_arrays(
        np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    )
    if_high, if_low = _ratio(moved, x), _ratio(1 - moved, 1 - x)
    return np.where(high, if_high[..., None], if_low[..., None])


def _ratio(after: Floats, before: Floats) -> Floats:
    return np.divide(after, before, out=np.zeros_like(before), where=before > 0)
