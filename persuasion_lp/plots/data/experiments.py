"""What is recommended in each state: an experiment's profiles as a table.

Paths that end in the same actions are one profile, whoever acted first. States of probability
zero, in which anything may be said, are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.extras import load
from persuasion_lp.plots.fitting import check_fits
from persuasion_lp.primitives.labels import action_names

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["experiment"]


def experiment(of: Any) -> pd.DataFrame:
    """Probability of each profile of recommendations given each state.

    Parameters
    ----------
    of
        The answer to a :class:`PersuasionGame` or a :class:`VotingGame`.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``state``, ``profile``, ``actions``, ``probability``, ``prior``.
        ``profile`` is the tuple of recommended actions, receiver by receiver, ``actions`` the same
        by number. Parts: ``cell`` (``probability`` given
        ``state``, whose own is ``prior``), by state and within it by profile; ``overall``
        (unconditional, with no state). Profiles are in order of their overall probability, the
        likeliest first.

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("experiment", of)
    told = of.experiment
    words = [action_names(receiver) for receiver in of.problem.receivers]
    found, where = np.unique(told.actions, axis=0, return_inverse=True)
    joint = np.zeros((len(found), told.support.size))
    np.add.at(joint, where.ravel(), told.joint)
    overall = joint.sum(axis=1)
    ranked = np.argsort(-overall, kind="stable")
    actions = [tuple(found[k].tolist()) for k in ranked]
    profiles = [tuple(words[i][a] for i, a in enumerate(profile)) for profile in actions]
    prior = told.prior.ravel()[told.support]
    states = [of.problem.state_names[s] for s in told.support.tolist()]
    cells = pd.DataFrame(
        {
            "part": "cell",
            "state": np.repeat(states, len(profiles)),
            "profile": profiles * len(states),
            "actions": actions * len(states),
            "probability": (joint[ranked] / prior).T.ravel(),
            "prior": np.repeat(prior, len(profiles)),
        }
    )
    total = pd.DataFrame(
        {
            "part": "overall",
            "state": None,
            "profile": profiles,
            "actions": actions,
            "probability": overall[ranked],
            "prior": np.nan,
        }
    )
    return pd.concat([cells, total.astype({"state": cells["state"].dtype})], ignore_index=True)
