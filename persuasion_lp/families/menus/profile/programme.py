r"""Tests that depend on the whole profile of reports (LX §5.2, without the pivotal worker).

Worker i of capability x_i is paid w_i and gets w_i − θ/x_i from a plan, the manager θ − W with
W = Σ w_i; all must accept. Workers report their capabilities t = (t_1, …, t_n), which are private
and independent, with probabilities g; the manager runs a test that depends on t, in front of
everybody, and proposes the plan or not. m(t, k) is the mass of state k on which she proposes,

    p(t) = Σ_k m(t, k),    r(t) = Σ_k θ_k m(t, k),    s_i(x, t) = x w_i p(t) − r(t)

the probability, the difficulty, and x times the surplus of worker i whose capability is x. He knows
his own capability, and the test when he decides about the plan; if he has misreported he may reject
it. With t | i = t_i' for the reports after his misreport:

    maximize    Σ_t g(t) (r(t) − W p(t))
    subject to
    OB-W   s_i(t_i, t) ≥ 0                                                  every t, i
    IC-W   Σ_{t_−i} g s_i(t_i, t) ≥ Σ_{t_−i} g z_i(t_i', t)                 every i, t_i ≠ t_i'
           z_i(t_i', t) ≥ s_i(t_i, t | i = t_i'),   z ≥ 0                   every t, i, t_i'
    OB-M   r(t) − W p(t) ≥ max(0, E[θ] − W)                                 every t that is served
    FSB    0 ≤ m(t, k) ≤ f_k

OB-M binds only where the plan is ever proposed. If E[θ] ≤ W it holds of p = r = 0 as well, and this
is one linear program; otherwise it is one for each set of profiles that are served, and the best of
them is found by branching: profiles that are undecided satisfy r − W p ≥ 0 only, which relaxes
both cases, so a program bounds all those below it.

With N profiles, K states: N K + Σ_i N (T_i − 1) columns, N (n + 1) + Σ_i (T_i − 1)(N + T_i) rows.

Every menu of the pivotal worker is among these: m(t, ·) that of the lowest normalized capability.
Somebody above the pivotal one who reports less gets a lower item, which he likes less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from persuasion_lp.arrays import Rationals, ReadOnly
from persuasion_lp.lp.model import LPBuilder
from persuasion_lp.lp.rational import RationalProgram
from persuasion_lp.lp.size import ProgramSize

__all__ = ["Profile", "ProfileData", "build_profiles", "profiles_size"]

Profile = tuple[int, ...]
"""A type of each worker, by its number."""


@dataclass(frozen=True, eq=False)
class ProfileData(ReadOnly):
    """The numbers of the programme, in fractions.

    Attributes
    ----------
    states, masses
        θ_k and f_k, shape ``(K,)``.
    payments
        w_i.
    types
        For each worker his capabilities and their probabilities.
    """

    states: Rationals
    masses: Rationals
    payments: Rationals
    types: tuple[tuple[Rationals, Rationals], ...]

    @property
    def n(self) -> int:
        """Number of workers."""
        return len(self.types)

    @property
    def counts(self) -> tuple[int, ...]:
        """Number of types of each."""
        return tuple(len(x) for x, _ in self.types)

    @property
    def profiles(self) -> list[Profile]:
        """All profiles of types."""
        return list(product(*map(range, self.counts)))

    @property
    def payment(self) -> Fraction:
        """W."""
        return sum(self.payments, Fraction(0))

    @property
    def mean(self) -> Fraction:
        """E[θ]."""
        return sum(self.states * self.masses, Fraction(0))

    def chance(self, profile: Profile, without: int | None = None) -> Fraction:
        """Probability of a profile, or of the others' part of it."""
        total = Fraction(1)
        for i, ((_, g), t) in enumerate(zip(self.types, profile, strict=True)):
            if i != without:
                total *= g[t]
        return total

    def accepts(self, worker: int, kind: int) -> Fraction:
        """The highest expected difficulty x w_i that a worker accepts."""
        return Fraction(self.types[worker][0][kind] * self.payments[worker])


def profiles_size(counts: tuple[int, ...], states: int) -> ProgramSize:
    """Columns, rows and nonzeros, before anything is laid out."""
    profiles, n = math.prod(counts), len(counts)
    lies = sum(profiles * (t - 1) for t in counts)
    honest = sum(t * (t - 1) for t in counts)
    rows = profiles * (n + 1) + lies + honest
    dense = profiles * states * (n + 1 + 3 * sum(t - 1 for t in counts))
    return ProgramSize(profiles * states + lies, rows, dense + 2 * lies)


def build_profiles(data: ProfileData, served: Mapping[Profile, bool]) -> RationalProgram:
    """Lay out the program in which some profiles are known to be served, or not to be.

    Columns ``m`` of shape ``(N, K)`` and ``z[i]``; rows by the names of the module's docstring.
    """
    states, masses, profiles = data.states, data.masses, data.profiles
    place = {profile: k for k, profile in enumerate(profiles)}
    builder = LPBuilder(np.dtype(object))
    upper = np.array(
        [masses * (0 if served.get(profile) is False else 1) for profile in profiles], dtype=object
    )
    gain = states - data.payment
    worth = np.array([data.chance(profile) * gain for profile in profiles], dtype=object)
    m = builder.columns("m", (len(profiles), states.size), objective=worth, upper=upper)
    for i, count in enumerate(data.counts):
        obey = builder.rows(f"OB-W[{i}]", (len(profiles),), ">=")
        z = builder.columns(f"z[{i}]", (len(profiles), max(count - 1, 1)))
        reject = builder.rows(f"reject[{i}]", z.shape, ">=")
        honest = builder.rows(f"IC-W[{i}]", (count, max(count - 1, 1)), ">=")
        for profile in profiles:
            k, own = place[profile], profile[i]
            surplus = data.accepts(i, own) - states
            builder.entries(obey[k], m[k], surplus)
            others = data.chance(profile, i)
            for slot, kind in enumerate(t for t in range(count) if t != own):
                lied = place[(*profile[:i], kind, *profile[i + 1 :])]
                builder.entries(reject[k, slot], z[k, slot], 1)
                builder.entries(reject[k, slot], m[lied], -surplus)
                builder.entries(honest[own, slot], m[k], others * surplus)
                builder.entries(honest[own, slot], z[k, slot], -others)
    required = max(Fraction(0), data.mean - data.payment)
    least = np.array([required if served.get(one) else Fraction(0) for one in profiles])
    trusted = builder.rows("OB-M", (len(profiles),), ">=", least)
    builder.entries(trusted[:, None], m, np.broadcast_to(gain, m.shape))
    return builder.build_rational(offset=Fraction(0))
