r"""The single-test programme over the acceptance cut-off (LX, Theorem 2).

With one test on offer a proposal is accepted by the types that accept its mean, those from a
cut-off type j on. Given j, with z_k the mass of state k on which the test proposes:

    maximize    G_j Σ_k (θ_k − w) z_k                     G_j = Pr(type ≥ x_j)
    subject to
    OB-W        Σ_k (x_j w − θ_k) z_k  ≥  0
    OB-M        Σ_k (θ_k − w) z_k  ≥  max(0, E[θ] − w)
    FSB         0 ≤ z_k ≤ f_k

K columns, 2 rows; the best cut-off gives the best test. A type below j may accept as well: then
the programme with that type as its cut-off pays more.
"""

from __future__ import annotations

from persuasion_lp.formulations.menu_data import MenuData
from persuasion_lp.lp.model import LinearProgram, LPBuilder

__all__ = ["build_cutoff"]


def build_cutoff(data: MenuData, j: int) -> LinearProgram:
    """The programme in which the types from j on accept."""
    builder = LPBuilder()
    z = builder.columns(
        "z", data.masses.shape, objective=data.tail[j] * data.slopes, upper=data.masses
    )
    accept = builder.rows("OB-W", (1,), ">=")
    builder.entries(accept, z, data.slack[j] - data.slopes)
    trust = builder.rows("OB-M", (1,), ">=", data.required)
    builder.entries(trust, z, data.slopes)
    return builder.build()
