r"""What a receiver does, in words, so that what was stated can be read back.

With two own states the action changes with the belief x that the state is H: action a is taken
where each row of D_a has d_L (1 − x) + d_H x ≥ 0, an interval. With more states it is said what he
does when he is certain of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from persuasion_lp.arrays import Floats

__all__ = ["grouped_rules", "rule_in_words"]

MOST_STATES = 6
"""States that are listed, and receivers whose rules are."""


def rule_in_words(
    cones: Sequence[Floats],
    *,
    convex: bool,
    states: int,
    actions: Sequence[str] | None = None,
    state_labels: Sequence[str] | None = None,
) -> str:
    """The rule by which a receiver acts.

    Parameters
    ----------
    cones
        D_a for each action, shapes ``(rows, K)``.
    convex
        Whether action 0 has a cone of its own, and is not what is done outside that of action 1.
    states
        Number K of own states.
    actions, state_labels
        Their names; numbers if left out.

    Examples
    --------
    >>> rows = [np.array([[0.8, -0.2]]), np.array([[-0.8, 0.2]])]
    >>> rule_in_words(rows, convex=True, states=2)
    'acts 1 from belief 0.8 on'
    """
    names = actions or [str(a) for a in range(len(cones))]
    acts = "" if actions else "acts "
    if states == 2:
        return _by_belief(cones, convex, names, acts)
    willing = np.stack([(cone >= 0).all(axis=0) for cone in cones])
    if not convex:
        willing[0] = ~willing[1]
    told = [
        " or ".join(names[a] for a in np.flatnonzero(willing[:, s]).tolist()) for s in range(states)
    ]
    more = " …" if states > MOST_STATES else ""
    listed = state_labels or [str(s) for s in range(states)]
    where = ", ".join(listed[:MOST_STATES])
    return f"{acts}{', '.join(told[:MOST_STATES])}{more} when certain of state {where}{more}"


def _by_belief(cones: Sequence[Floats], convex: bool, names: Sequence[str], acts: str) -> str:
    ends = [_interval(cone) for cone in cones]
    taken = [(low, action) for action, (low, high) in enumerate(ends) if low <= high]
    if not convex:
        low, high = ends[1]
        until = "on" if high == 1 else f"to {high:.6g}"
        accepts = f"{acts}{names[1]} from belief {low:.6g} {until}"
        return accepts if low <= high else f"always {acts}{names[0]}"
    never = [names[action] for action, (low, high) in enumerate(ends) if low > high]
    tail = f", never {', '.join(never)}" if never else ""
    inner = [(low, action) for low, action in taken if low < ends[action][1]]
    alone = [(low, action) for low, action in taken if action and low == ends[action][1]]
    if inner:
        tail = (
            "".join(f", or {names[action]} at belief {low:.6g} alone" for low, action in alone)
            + tail
        )
    taken = sorted(inner or taken)
    if len(taken) == 1:
        return f"always {acts}{names[taken[0][1]]}{tail}"
    if taken[0] == (0.0, 0) and taken[1][0] > 0.0:
        del taken[0]
    parts = [f"{names[action]} from belief {low:.6g} on" for low, action in taken]
    return f"{acts}{', '.join(parts)}{tail}"


def _interval(cone: Floats) -> tuple[float, float]:
    """Beliefs at which all rows hold; empty where the first is above the second."""
    low, high = 0.0, 1.0
    for at_low, at_high in cone.tolist():
        if at_low < 0 and at_high < 0:
            return 1.0, 0.0
        if at_low < 0:
            low = max(low, at_low / (at_low - at_high))
        elif at_high < 0:
            high = min(high, at_low / (at_low - at_high))
    return low, high


def grouped_rules(rules: Iterable[str], names: Sequence[str] | None = None) -> str:
    """Rules of receivers, those of the same one together.

    Parameters
    ----------
    rules
        Each receiver's.
    names
        Their names; numbers if left out.

    Examples
    --------
    >>> grouped_rules(["acts 1 from belief 0.8 on"] * 2 + ["always acts 0"])
    'receivers 0, 1: acts 1 from belief 0.8 on; receiver 2: always acts 0'
    """
    by_rule: dict[str, list[int]] = {}
    for index, rule in enumerate(rules):
        by_rule.setdefault(rule, []).append(index)
    parts = []
    for rule, indices in list(by_rule.items())[:MOST_STATES]:
        listed = ", ".join(map(str, indices[:MOST_STATES]))
        more = ", …" if len(indices) > MOST_STATES else ""
        if names is None:
            parts.append(f"receiver{'s' * (len(indices) > 1)} {listed}{more}: {rule}")
        else:
            called = ", ".join(names[i] for i in indices[:MOST_STATES])
            parts.append(f"{called}{more}: {rule}")
    return "; ".join(parts) + ("; …" if len(by_rule) > MOST_STATES else "")
