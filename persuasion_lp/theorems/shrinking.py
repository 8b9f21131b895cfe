"""Make a counterexample simpler while it stays one: fewer receivers and states, smaller rationals.

Greedy descent. Each round proposes simpler instances, boldest first, and takes the first on which
the property still fails; it ends when none is left or the evaluations are used up. Simpler means a
smaller tuple (receivers, possible states, actions, digits of all numbers), so every step counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from persuasion_lp.errors import PersuasionError
from persuasion_lp.theorems.instances import Problem, RationalInstance, RationalReceiver

__all__ = ["complexity", "shrink"]

MOST_EVALUATIONS = 1000
"""Evaluations of the property in one descent: a few seconds for games of three receivers."""

DENOMINATORS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20)


def shrink(
    problem: Problem,
    fails: Callable[[Problem], bool],
    *,
    most_evaluations: int = MOST_EVALUATIONS,
) -> tuple[RationalInstance, int]:
    """Simplify a problem on which a property fails.

    Parameters
    ----------
    problem
        The counterexample.
    fails
        Whether the property fails on a problem. Problems for which it raises one of the library's
        errors are passed over.
    most_evaluations
        When to stop.

    Returns
    -------
    tuple
        The simplest instance found, and the number of evaluations.
    """
    current = RationalInstance.of(problem)
    evaluations = 0
    seen = {current}
    found = True
    while found:
        found = False
        for candidate in _simpler(current):
            if candidate in seen or complexity(candidate) >= complexity(current):
                continue
            if evaluations >= most_evaluations:
                return current, evaluations
            seen.add(candidate)
            evaluations += 1
            if _still_fails(candidate, fails):
                current, found = candidate, True
                break
    return current, evaluations


def complexity(instance: RationalInstance) -> tuple[int, int, int, int]:
    """Receivers, possible states, actions, digits of all numbers."""
    prior = _array(instance.prior)
    numbers = [*prior.ravel(), *instance.cutoffs]
    actions = 2 * len(instance.cutoffs)
    for receiver in instance.receivers:
        actions += len(receiver.payoffs)
        numbers += receiver.cutoffs or ()
        for row in (*receiver.payoffs, *(receiver.conditions or ())):
            numbers += row
    if instance.payoff is not None:
        numbers += list(_array(instance.payoff).ravel())
    digits = sum(
        abs(x.numerator).bit_length() + x.denominator.bit_length() + (x < 0) for x in numbers
    )
    players = len(instance.receivers) + len(instance.cutoffs)
    return players, int(np.count_nonzero(prior)), actions, digits


def _still_fails(instance: RationalInstance, fails: Callable[[Problem], bool]) -> bool:
    try:
        return fails(instance.build())
    except PersuasionError:
        return False


def _simpler(instance: RationalInstance) -> Iterator[RationalInstance]:
    yield from _fewer_players(instance)
    prior = _array(instance.prior)
    for place in zip(*np.nonzero(prior), strict=True):
        without = prior.copy()
        without[place] = Fraction(0)
        if without.any():
            yield replace(instance, prior=_nested(without / without.sum()))
    for i, receiver in enumerate(instance.receivers):
        for simpler in _fewer_actions(receiver):
            yield _with_receiver(instance, i, simpler)
    for n in DENOMINATORS:
        weights = np.vectorize(lambda x, n=n: Fraction(round(x * n)), otypes=[object])(prior)
        if weights.any():
            yield replace(instance, prior=_nested(weights / weights.sum()))
    for i, receiver in enumerate(instance.receivers):
        for simpler in _rounded_receivers(receiver):
            yield _with_receiver(instance, i, simpler)
    for i, n in product(range(len(instance.cutoffs)), DENOMINATORS):
        cutoffs = list(instance.cutoffs)
        cutoffs[i] = Fraction(round(cutoffs[i] * n), n)
        yield replace(instance, cutoffs=tuple(cutoffs))


def _fewer_players(instance: RationalInstance) -> Iterator[RationalInstance]:
    prior = _array(instance.prior)
    if instance.quota is not None:
        for i, quota in product(range(prior.ndim), (instance.quota, instance.quota - 1)):
            if 1 <= quota < prior.ndim:
                cutoffs = instance.cutoffs[:i] + instance.cutoffs[i + 1 :]
                fewer = _nested(prior.sum(axis=i))
                yield RationalInstance(fewer, cutoffs=cutoffs, quota=quota)
    elif instance.payoff is None and len(instance.receivers) > 1:
        own_axes = prior.ndim == len(instance.receivers) and all(
            r.about is None for r in instance.receivers
        )
        for i in range(len(instance.receivers)):
            rest = instance.receivers[:i] + instance.receivers[i + 1 :]
            fewer = _nested(prior.sum(axis=i)) if own_axes and prior.ndim > 1 else instance.prior
            yield replace(instance, prior=fewer, receivers=rest)


def _fewer_actions(receiver: RationalReceiver) -> Iterator[RationalReceiver]:
    if receiver.cutoffs is not None and len(receiver.cutoffs) > 1:
        for k, gone in product(range(len(receiver.cutoffs)), (0, 1)):
            yield replace(
                receiver,
                cutoffs=receiver.cutoffs[:k] + receiver.cutoffs[k + 1 :],
                payoffs=receiver.payoffs[: k + gone] + receiver.payoffs[k + gone + 1 :],
            )
    if receiver.conditions is not None and len(receiver.conditions) > 1:
        for k in range(len(receiver.conditions)):
            fewer = receiver.conditions[:k] + receiver.conditions[k + 1 :]
            yield replace(receiver, conditions=fewer)


def _rounded_receivers(receiver: RationalReceiver) -> Iterator[RationalReceiver]:
    actions = len(receiver.payoffs)
    columns = range(len(receiver.payoffs[0]))
    steps = tuple(tuple(Fraction(a) for _ in columns) for a in range(actions))
    yield replace(receiver, payoffs=steps)
    averages = [sum(row, Fraction(0)) / len(row) for row in receiver.payoffs]
    yield replace(receiver, payoffs=tuple(tuple(x for _ in columns) for x in averages))
    for n in DENOMINATORS:

        def near(x: Fraction, n: int = n) -> Fraction:
            return Fraction(round(x * n), n)

        yield replace(receiver, payoffs=tuple(tuple(map(near, row)) for row in receiver.payoffs))
        if receiver.cutoffs is not None:
            yield replace(receiver, cutoffs=tuple(map(near, receiver.cutoffs)))
        if receiver.conditions is not None:
            rows = tuple(tuple(map(near, row)) for row in receiver.conditions)
            yield replace(receiver, conditions=rows)


def _with_receiver(
    instance: RationalInstance, i: int, receiver: RationalReceiver
) -> RationalInstance:
    receivers = list(instance.receivers)
    receivers[i] = receiver
    return replace(instance, receivers=tuple(receivers))


def _array(values: Any) -> Any:
    return np.array(values, dtype=object)


def _nested(values: Any) -> Any:
    if np.ndim(values) == 0:
        return Fraction(values)
    return tuple(_nested(row) for row in values)
