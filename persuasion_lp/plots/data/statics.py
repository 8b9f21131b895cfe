"""Comparative statics of the manager's problem, with their phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.extras import load
from persuasion_lp.plots.fitting import check_fits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["statics"]


def statics(of: Any) -> pd.DataFrame:
    """Payoffs and thresholds along a parameter, and the phases that it passes.

    Parameters
    ----------
    of
        A :class:`Statics`.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``parameter``, ``end``, ``manager``, ``worker``, ``threshold``, ``phase``.
        Parts: ``point`` (one for each parameter), ``phase`` (from ``parameter`` to ``end``).

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("statics", of)
    points = pd.DataFrame(
        {
            "part": "point",
            "parameter": of.values,
            "end": np.nan,
            "manager": of.manager,
            "worker": of.worker,
            "threshold": of.thresholds,
            "phase": of.phases,
        }
    )
    ends = [float(of.values[0]), *(at for _, _, at in of.changes), float(of.values[-1])]
    names = [of.phases[0], *(after for _, after, _ in of.changes)]
    spans = pd.DataFrame({"part": "phase", "parameter": ends[:-1], "end": ends[1:], "phase": names})
    return pd.concat([points, spans], ignore_index=True)
