r"""A group of alike receivers as one receiver, who counts.

In a group of m receivers with the same rule, j accept and k are in state H; l of those who accept
are. Given a message that says *which* j accept, nobody among them is more likely to be in H than
another, so all of them obey if for each row d of acceptance

    Σ_k π(j, k) D_j(k) ≥ 0,      D_j(k) = l d_H + (j − l) d_L,

and it is best to let as many as possible be in the state that speaks for acceptance: l = min(j, k)
if d_H ≥ d_L, l = max(0, j + k − m) if d_H ≤ d_L. Nothing is asked of those who reject: if they were
willing to accept, all of them would be, and the sender does not lose by it. So the group is a
receiver with actions j = 0 … m and own states k = 0 … m.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import numpy as np

from persuasion_lp.arrays import Floats, Integers, Rationals
from persuasion_lp.core.exact import nearest
from persuasion_lp.errors import PayoffError, ReceiverError
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["check_member", "group_of", "overlap"]

REJECT, ACCEPT = 0, 1
LOW, HIGH = 0, 1


def check_member(index: int, member: Receiver, *, additive: bool) -> None:
    """Refuse a receiver whose group cannot be counted.

    Raises
    ------
    ReceiverError
        If he has not two actions and two own states, or rows that state H speaks for and against.
    PayoffError
        If the sender gains more from acceptance in the state that speaks against it.
    """
    field = f"members[{index}]"
    if (member.action_count, member.state_count) != (2, 2):
        raise ReceiverError(
            field,
            "must have two actions and two own states to be counted",
            value=(member.action_count, member.state_count),
        )
    slopes = member.rational_cones()[ACCEPT] @ np.array([-1, 1])
    if (slopes > 0).any() and (slopes < 0).any():
        raise ReceiverError(
            field, "must have conditions of acceptance that the same state speaks for"
        )
    if additive and _gain(member) * _sign(member) < 0:
        raise PayoffError(
            f"{field}.payoffs",
            "must pay no less for acceptance in the state that speaks for it: counts say who "
            "accepts only if receivers and sender agree on who is to",
        )


def overlap(member: Receiver, size: int) -> Integers:
    """l[j, k]: how many of those who accept are in state H."""
    j, k = np.indices((size + 1, size + 1))
    return np.minimum(j, k) if _sign(member) >= 0 else np.maximum(0, j + k - size)


def group_of(member: Receiver, size: int) -> Receiver:
    """The group as a receiver: acts j if j members accept, own state k if k of them are in H."""
    exactly = partial(_cones, member, size)
    group = Receiver.__new__(Receiver)
    group._set(
        [_rounded(cone) for cone in exactly()],
        _payoffs(member, size),
        (size + 1,),
        None,
        (member.name, None),
        convex=False,
        exactly=exactly,
    )
    return group


def _sign(member: Receiver) -> int:
    """1 if state H speaks for acceptance, -1 if it speaks against it."""
    slopes = member.rational_cones()[ACCEPT] @ np.array([-1, 1])
    if (slopes < 0).any():
        return -1
    return 1 if (slopes > 0).any() or _gain(member) >= 0 else -1


def _gain(member: Receiver) -> Fraction:
    """What the sender gains from acceptance in state H beyond what he gains in state L."""
    pays = member.rational_payoffs()
    steps = pays[ACCEPT] - pays[REJECT]
    return Fraction(steps[HIGH] - steps[LOW])


def _cones(member: Receiver, size: int) -> list[Rationals]:
    """D_j over k for each j; no rows where nobody accepts."""
    rows = member.rational_cones()[ACCEPT]
    met = overlap(member, size)
    j = np.arange(size + 1)[:, None]
    cones = [np.empty((0, size + 1), dtype=object)]
    for accepting in range(1, size + 1):
        high = met[accepting].astype(object)
        low = (j[accepting] - met[accepting]).astype(object)
        cones.append(rows[:, [HIGH]] * high + rows[:, [LOW]] * low)
    return cones


def _payoffs(member: Receiver, size: int) -> Rationals:
    """The sender's payoff from the group, by j and k."""
    pays = member.rational_payoffs()
    j, k = np.indices((size + 1, size + 1)).astype(object)
    met = overlap(member, size).astype(object)
    total = met * pays[ACCEPT, HIGH] + (j - met) * pays[ACCEPT, LOW]
    return np.asarray(
        total + (k - met) * pays[REJECT, HIGH] + (size - j - k + met) * pays[REJECT, LOW]
    )


def _rounded(cone: Rationals) -> Floats:
    return np.array([[nearest(x) for x in row] for row in cone]).reshape(cone.shape)
