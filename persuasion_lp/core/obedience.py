r"""Obedience that holds with certainty: checked, and repaired, in floats with error bounds.

An information set holds a measure μ over own states, and obedience of the action recommended in it
is D μ ≥ 0. Split every row by sign, D = D⁺ − D⁻: what is *gained* by obeying is D⁺μ, what is *lost*
D⁻μ, and both are sums of positive terms, which floating point evaluates to a known relative
precision whatever their size. So

    violation of a row  =  (D⁻μ − D⁺μ) / (D⁺μ + D⁻μ)  =  −D μ / Σ_s |D_s μ_s|

lies between −1 and 1, is free of the units of probability, utility and payoff, and a row holds for
certain if  D⁻μ (1 + ε) ≤ D⁺μ (1 − ε),  where ε bounds the rounding of both sums and that of the
coefficients, which are the numbers as they were written, rounded to a few units.

Repair. A row that does not hold for certain is closed by shrinking, in its information set, the
mass of the own states that hurt it (D_s < 0) by one factor,

    φ = D⁺μ (1 − ε) (1 − m) / (D⁻μ (1 + ε)),

a margin m more than needed. That never hurts the row, but may hurt another row that the shrunk
states help: of another receiver who shares the path, or of the same one. So from the third pass on
all rows close to broken are first helped together: with A the matrix of their terms D_s μ_s over
paths and states, each row scaled to Σ |A| = 1, and w ≥ 0 what the rows lack, shares σ of least norm
are taken from

    A σ = −w.

They may have any sign. But a row close to broken has Σ_s D_s μ_s = 0 up to rounding, so adding a
constant to all shares does not change A σ, and the shift that makes them at least 0 makes them
shares to be taken away; it is chosen for each component of paths that information sets connect.
What is still broken is closed one by one as before, from states that help no row close to broken
where there are enough of them. Passes are repeated with growing margins until one finds nothing to
do: rounding takes two or three. (Where rows are each other's negative, no measure satisfies them
with a margin, and floating point cannot repair it.) What is still violated
then is emptied, one information set after the other; and an empty experiment is obedient, so this
ends.

Mass is only ever taken away. What has been taken of a state is to be *revealed* in a branch of its
own: everybody is told what is best for him at the degenerate belief. This adds to information sets
only own states with D_s ≥ 0, so it never hurts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.limits.deadline import check_time
from persuasion_lp.primitives.cones import Sides

__all__ = ["Duty", "repaired", "worst_violation"]

EPS = float(np.finfo(np.float64).eps)

COEFFICIENT_ULPS = 5
"""Bound on the relative rounding of a coefficient against the number as written, in ``EPS``."""

ROUNDS = 10
"""Passes that shrink; the margin doubles with each."""

EMPTYING = 6
"""Passes that empty information sets; after them the experiment is empty."""

MOST_CONTRACTED = 1e-9
"""Largest share of anything taken away when all rows are helped together."""

RIDGE = 1e-13
"""Added to the diagonal of the normal equations, whose own is about 1: rows may be dependent."""

DENSE = 1 << 14
"""Entries up to which all rows are helped together by dense algebra."""

CLOSE = 1e-6
"""A row with less slack than this share of what is gained is not to be hurt by a repair."""

SMALLEST_MASS = 1e-140
"""Less is taken to be nothing (and revealed), so that no product with a coefficient underflows."""

_UNDERFLOW = 1e-300

CHUNK = 1 << 20
"""Products formed at once."""


@dataclass(frozen=True, eq=False)
class Duty:
    """What one receiver is asked to do in an experiment, and when.

    Attributes
    ----------
    paths
        Paths on which he is asked to obey, those of an information set next to each other.
    starts
        Where each information set begins in ``paths``.
    told
        The action recommended in each information set.
    own
        His own state in each possible state, shape ``(S,)``.
    sides
        His rows.
    """

    paths: Integers
    starts: Integers
    told: Integers
    own: Integers
    sides: Sides

    @classmethod
    def of(
        cls,
        labels: Integers,
        actions: Integers,
        own: Integers,
        sides: Sides,
        asked: NDArray[np.bool_] | None = None,
    ) -> Duty:
        """Collect information sets from a label for each path, and the action he takes there.

        ``asked`` tells on which paths obedience is asked of him; on all if left out.
        """
        paths = np.argsort(labels, kind="stable")
        if asked is not None:
            paths = paths[asked[paths]]
        sorted_labels = labels[paths]
        new = np.ones(paths.size, dtype=np.bool_)
        new[1:] = sorted_labels[1:] != sorted_labels[:-1]
        starts = np.flatnonzero(new)
        return cls(paths, starts, actions[paths[starts]], own, sides)

    def error(self, states: int) -> float:
        """Relative error of either side of a row."""
        longest = int(self.lengths.max(initial=0))
        terms = states + longest + self.sides.gain.shape[2]
        return (terms / 2 + COEFFICIENT_ULPS + 3) * EPS

    def measures(self, joint: Floats) -> Floats:
        """Measure over own states in each information set, shape ``(sets, K)``."""
        by_path = joint[self.paths] @ self._member
        if self.starts.size == self.paths.size:
            return by_path
        return np.asarray(np.add.reduceat(by_path, self.starts, axis=0))

    def balance(self, joint: Floats) -> tuple[Floats, Floats]:
        """What is gained and lost by obeying, by information set and row, shapes ``(sets, R)``."""
        measures = self.measures(joint)
        gain, loss = self.sides.gain, self.sides.loss

        def balanced(told: Integers, measure: Floats) -> tuple[Floats, Floats]:
            spread = measure[:, :, None]
            return (gain[told] @ spread)[..., 0], (loss[told] @ spread)[..., 0]

        step = max(1, CHUNK // max(1, gain[0].size))
        if self.told.size <= step:
            return balanced(self.told, measures)
        starts = range(0, self.told.size, step)
        parts = [balanced(self.told[k : k + step], measures[k : k + step]) for k in starts]
        return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])

    @cached_property
    def _member(self) -> Floats:
        """1 where a possible state has an own state, shape ``(S, K)``."""
        member = np.zeros((self.own.size, self.sides.gain.shape[2]))
        member[np.arange(self.own.size), self.own] = 1.0
        return member

    @cached_property
    def lengths(self) -> Integers:
        """Number of paths of each information set."""
        return np.diff(self.starts, append=self.paths.size)

    @cached_property
    def set_of_path(self) -> Integers:
        """Number of the information set for each entry of ``paths``."""
        return np.repeat(np.arange(self.starts.size), self.lengths)


def worst_violation(joint: Floats, duty: Duty) -> tuple[float, int]:
    """Largest violation relative to what is at stake (0 if none), and the action told there."""
    if not duty.paths.size:
        return 0.0, -1
    gained, lost = duty.balance(joint)
    short = lost - gained
    at_stake = lost + gained
    relative = np.divide(short, at_stake, out=np.zeros_like(short), where=at_stake > 0)
    place = int(relative.max(axis=1).argmax())
    return max(0.0, float(relative[place].max())), int(duty.told[place])


def repaired(joint: Floats, duties: Sequence[Duty]) -> Floats:
    """Take mass away until every row of everybody holds for certain.

    Parameters
    ----------
    joint
        Probability of each path and possible state, shape ``(P, S)``.
    duties
        What each receiver is asked to do.

    Returns
    -------
    Floats
        At most ``joint``, entry by entry.
    """
    joint = np.where(joint < SMALLEST_MASS, 0.0, joint)
    duties = [duty for duty in duties if duty.paths.size]
    errors = [duty.error(joint.shape[1]) for duty in duties]
    spare: NDArray[np.bool_] | None = None
    for round_ in range(ROUNDS + EMPTYING):
        clean = True
        if 1 < round_ < ROUNDS:
            _help_together(joint, duties, [error * 2.0**round_ for error in errors])
        for duty, error in zip(duties, errors, strict=True):
            check_time()
            gained, lost = duty.balance(joint)
            most = gained * (1 - error)
            least = np.where(lost > 0, lost * (1 + error) + _UNDERFLOW, 0.0)
            broken = np.asarray(least > most, dtype=np.bool_)
            if not broken.any():
                continue
            clean = False
            if round_ < ROUNDS:
                if round_ and spare is None:
                    spare = _spare(joint, duties)
                margin = min(1.0, error * 2.0**round_)
                _shrink(joint, duty, least, most * (1 - margin), spare)
            else:
                emptied = np.asarray(broken.any(axis=1))[duty.set_of_path]
                joint[duty.paths[emptied]] = 0.0
        if clean:
            return joint
    return np.zeros_like(joint)


def _help_together(joint: Floats, duties: Sequence[Duty], margins: Sequence[float]) -> None:
    """Give all rows close to broken their margins at once, in place."""
    entry = np.full(joint.shape, -1)
    entry[joint > 0] = np.arange(np.count_nonzero(joint))
    values, rows, columns, wanted, count = [], [], [], [], 0
    for duty, margin in zip(duties, margins, strict=True):
        gained, lost = duty.balance(joint)
        close = (lost > 0) & (lost > gained * (1 - CLOSE))
        number = np.full(close.shape, -1)
        number[close] = np.arange(count, count + np.count_nonzero(close))
        count += int(np.count_nonzero(close))
        slack = (gained - lost)[close] / (gained + lost)[close]
        wanted.append(np.minimum(slack - margin, 0.0))
        which = duty.set_of_path
        for row in range(close.shape[1]):
            kept = np.flatnonzero(close[which, row])
            sets, paths = which[kept], duty.paths[kept]
            coefficients = (duty.sides.gain - duty.sides.loss)[duty.told[sets], row][:, duty.own]
            size = (gained + lost)[sets, row][:, None]
            terms = coefficients * joint[paths] / size
            used = (entry[paths] >= 0) & (terms != 0)
            values.append(terms[used])
            rows.append(np.broadcast_to(number[sets, row][:, None], used.shape)[used])
            columns.append(entry[paths][used])
    if not count:
        return
    places = (np.concatenate(rows), np.concatenate(columns))
    terms_of = sparse.coo_array((np.concatenate(values), places), (count, int(entry.max()) + 1))
    shares = _least_norm(terms_of, np.concatenate(wanted))
    label = _components(duties, len(joint))[np.nonzero(joint > 0)[0]]
    least, most = np.full(len(joint), np.inf), np.full(len(joint), -np.inf)
    np.minimum.at(least, label, shares)
    np.maximum.at(most, label, shares)
    small = (most - least <= MOST_CONTRACTED)[label]
    joint[joint > 0] *= 1 - np.where(small, shares - least[label], 0.0)


def _least_norm(terms: sparse.coo_array, wanted: Floats) -> Floats:
    """Solution of least norm of A σ = ``wanted``, the diagonal of A Aᵀ raised by ``RIDGE``."""
    count, entries = terms.shape
    if count * entries <= DENSE:
        dense = terms.toarray()
        return np.asarray(
            dense.T @ np.linalg.solve(dense @ dense.T + RIDGE * np.eye(count), wanted)
        )
    from scipy.sparse.linalg import spsolve  # imports much that most answers do without

    matrix = terms.tocsr()
    normal = (matrix @ matrix.T + RIDGE * sparse.eye_array(count)).tocsc()
    return np.asarray(matrix.T @ np.atleast_1d(spsolve(normal, wanted)))


def _components(duties: Sequence[Duty], paths: int) -> NDArray[np.int32]:
    """Component of each path, where the paths of an information set belong together."""
    from scipy.sparse.csgraph import connected_components  # a tenth of the import time

    first = [duty.paths[duty.starts][duty.set_of_path] for duty in duties]
    pairs = (np.concatenate(first), np.concatenate([duty.paths for duty in duties]))
    links = sparse.coo_array((np.ones(pairs[0].size), pairs), shape=(paths, paths))
    return np.asarray(connected_components(links, directed=False)[1])


def _spare(joint: Floats, duties: Sequence[Duty]) -> NDArray[np.bool_]:
    """Which states on which paths help no row that is close to broken, shape ``(P, S)``."""
    spare = np.ones(joint.shape, dtype=np.bool_)
    for duty in duties:
        gained, lost = duty.balance(joint)
        close = lost > gained * (1 - CLOSE)
        which = duty.set_of_path
        for row in range(close.shape[1]):
            helped = (duty.sides.gain[duty.told, row] > 0) & close[:, row, None]
            spare[duty.paths] &= ~helped[which][:, duty.own]
    return spare


def _shrink(
    joint: Floats, duty: Duty, lost: Floats, kept: Floats, spare: NDArray[np.bool_] | None
) -> None:
    """Close the rows that lose more than ``kept`` by shrinking what hurts them, in place.

    Only spare mass is taken where there is enough of it.
    """
    which = duty.set_of_path
    for row in range(lost.shape[1]):
        broken = np.asarray(lost > kept)[:, row]
        touched = np.flatnonzero(broken[which])
        if not touched.size:
            continue
        paths, sets = duty.paths[touched], which[touched]
        weight = duty.sides.loss[duty.told, row][sets][:, duty.own]
        factor = (kept[:, row] / np.where(broken, lost[:, row], 1.0))[sets]
        cut = np.where(weight > 0, factor[:, None], 1.0)
        if spare is not None:
            free = np.where(spare[paths], weight * joint[paths], 0.0)
            total = np.bincount(sets, weights=free.sum(axis=1), minlength=len(lost))
            excess = lost[:, row] - kept[:, row]
            enough = broken & (total >= excess)
            share = 1 - np.divide(excess, total, out=np.zeros_like(total), where=enough)
            cut = np.where(
                enough[sets][:, None], np.where(free > 0, share[sets][:, None], 1.0), cut
            )
        shrunk = joint[paths] * cut
        joint[paths] = np.where(shrunk < SMALLEST_MASS, 0.0, shrunk)
