r"""Experiments over recommendations: what is said in each state, and what each receiver infers.

An experiment is a joint distribution of paths and states. A *path* says who acted when and on which
recommendation; what a receiver has seen of it when he acts is his information set, and depends on
the procedure:

=============  ======================================================
simultaneous   the whole profile of recommendations
sequential     the recommendations up to his own, in the order of play
intermediate   the same, who made them, and who acts next
flexible       the same, and who made them
first_best     his own recommendation
=============  ======================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from persuasion_lp.arrays import Floats, Integers, ReadOnly, frozen

__all__ = ["Experiment", "InformationSet", "Procedure", "Stage", "merged_paths"]

Procedure = Literal["simultaneous", "sequential", "intermediate", "flexible", "first_best"]

_NOT_SEEN = -1

FEW_PATHS = 64
"""Paths that are sorted one by one: numpy begins to pay beyond."""

_ARRAYS = (("orders", "iu", 2), ("actions", "iu", 2), ("support", "iu", 1), ("joint", "fiu", 2))
"""Arrays of an experiment: kinds of numbers, number of axes."""


@dataclass(frozen=True, eq=False)
class InformationSet(ReadOnly):
    """A receiver at the moment he acts.

    Attributes
    ----------
    receiver
        Who acts.
    seen
        Recommendations he has seen, his own included, as pairs (receiver, action); in order of
        play for a procedure with stages.
    action
        The action recommended to him.
    probability
        Probability of the information set.
    posterior
        His belief over his own states, shape ``(K,)``; for a binary state ``posterior[1]`` is the
        probability of H.
    """

    receiver: int
    seen: tuple[tuple[int, int], ...]
    action: int
    probability: float
    posterior: Floats


@dataclass(frozen=True, eq=False)
class Stage(ReadOnly):
    """One stage of a procedure as a public signal.

    Attributes
    ----------
    messages
        What is public after the stage: pairs (receiver, action) in order of play.
    kernel
        Probability of each message given the state and what was public before,
        shape ``(messages, *states)``; zero where that history cannot occur in the state.
    """

    messages: tuple[tuple[tuple[int, int], ...], ...]
    kernel: Floats


@dataclass(frozen=True, eq=False)
class Experiment(ReadOnly):
    """A joint distribution of paths of recommendations and states.

    Attributes
    ----------
    procedure
        Fixes what a receiver has seen when he acts.
    prior
        Prior over states, any shape.
    orders
        Receivers in the order in which they act on each path, shape ``(P, n)``.
    actions
        Action recommended to each receiver on each path, shape ``(P, n)``.
    support
        Flat positions of the states with positive probability, shape ``(S,)``.
    joint
        Probability of each path and possible state, shape ``(P, S)``.
    """

    procedure: Procedure
    prior: Floats
    orders: Integers
    actions: Integers
    support: Integers
    joint: Floats

    def malformed(self, prior: Floats, action_counts: tuple[int, ...]) -> tuple[str, ...]:
        """Why this cannot be read as an experiment of a game, in words; empty if it can.

        Parameters
        ----------
        prior
            The game's prior.
        action_counts
            Number of actions of each receiver.
        """
        claimed: object = self.procedure
        if not isinstance(claimed, str) or claimed not in get_args(Procedure):
            return ("it claims no procedure there is",)
        for name, kinds, axes in _ARRAYS:
            array = getattr(self, name)
            if not isinstance(array, np.ndarray) or array.dtype.kind not in kinds:
                return (f"{name} is no array of {'numbers' if 'f' in kinds else 'integers'}",)
            if array.ndim != axes:
                return (f"{name} has {array.ndim} axes instead of {axes}",)
        paths, n = len(self.joint), len(action_counts)
        if not paths:
            return ("it has no path",)
        for name, shape in (
            ("orders", (paths, n)),
            ("actions", (paths, n)),
            ("joint", (paths, self.support.size)),
        ):
            if getattr(self, name).shape != shape:
                return (f"{name} has shape {getattr(self, name).shape} instead of {shape}",)
        found = []
        if self.prior is not prior and not np.array_equal(self.prior, prior):
            found.append("its prior is not that of the game")
        listed = np.sort(self.support)
        if listed.size and not 0 <= listed[0] <= listed[-1] < prior.size:
            found.append(f"its support has a state that is not one of 0 … {prior.size - 1}")
        if (listed[1:] == listed[:-1]).any():
            found.append("its support lists a state twice")
        if ((self.actions < 0) | (self.actions >= np.array(action_counts))).any():
            found.append("an action is recommended that its receiver does not have")
        if (np.sort(self.orders, axis=1) != np.arange(n)).any():
            found.append("not every receiver acts exactly once on each path")
        if not np.isfinite(self.joint).all():
            found.append("a probability is not finite")
        return tuple(found)

    def misfits(self) -> tuple[str, ...]:
        """Why this is no experiment of the procedure it claims, in words; empty if it is one."""
        differ = self.orders != self.orders[0]
        match self.procedure:
            case "simultaneous" | "sequential" | "first_best":
                wrong, fixed = differ.any(), "the order is"
            case "intermediate":
                wrong, fixed = differ[:, 0].any(), "the first receiver is"
            case "flexible":
                return ()
        if not wrong:
            return ()
        return (f"{fixed} not the same on every path, as {self.procedure} procedures have it",)

    @property
    def probabilities(self) -> Floats:
        """Probability of each path, shape ``(P,)``."""
        return frozen(self.joint.sum(axis=1))

    @cached_property
    def kernel(self) -> Floats:
        """Probability of each path given the state, shape ``(P, *prior.shape)``.

        In a state of probability zero, where anything may be said, the unconditional one.
        """
        kernel = np.repeat(self.probabilities[:, None], self.prior.size, axis=1)
        kernel[:, self.support] = self.joint / self.prior.ravel()[self.support]
        return frozen(kernel.reshape(-1, *self.prior.shape))

    @property
    def posteriors(self) -> Floats:
        """Belief over the states given each complete path, shape ``(P, *prior.shape)``."""
        beliefs = np.zeros((len(self.joint), self.prior.size))
        beliefs[:, self.support] = self.joint / self.probabilities[:, None]
        return frozen(beliefs.reshape(-1, *self.prior.shape))

    def profiles(self) -> dict[tuple[int, ...], float]:
        """Probability of each action profile that occurs, most likely first."""
        found, where = np.unique(self.actions, axis=0, return_inverse=True)
        weights = np.bincount(where.ravel(), weights=self.probabilities)
        ranked = np.argsort(-weights, kind="stable")
        return {tuple(int(a) for a in found[k]): float(weights[k]) for k in ranked}

    def information_labels(self, i: int) -> Integers:
        """Number of receiver i's information set on each path, shape ``(P,)``."""
        return _row_labels(self._seen(i))

    def information_sets(self, i: int, own_states: Integers, count: int) -> list[InformationSet]:
        """Receiver i's information sets with positive probability, with his posteriors.

        Parameters
        ----------
        i
            The receiver.
        own_states
            His own state in every state, flat, shape ``(prior.size,)``.
        count
            Number K of his own states.
        """
        labels = self.information_labels(i)
        _, first = np.unique(labels, return_index=True)
        measures = self.own_measures(labels, own_states, count)
        sets = []
        for path, measure in zip(first, measures, strict=True):
            probability = float(measure.sum())
            if probability > 0:
                action = int(self.actions[path, i])
                seen = self._seen_pairs(i, int(path))
                sets.append(InformationSet(i, seen, action, probability, measure / probability))
        return sets

    def own_measures(self, labels: Integers, own_states: Integers, count: int) -> Floats:
        """Measure over own states of each information set, shape ``(sets, count)``.

        Parameters
        ----------
        labels
            Number of the information set on each path, shape ``(P,)``.
        own_states
            Own state in every state, flat, shape ``(prior.size,)``.
        count
            Number of own states.
        """
        own = np.zeros((self.support.size, count))
        own[np.arange(self.support.size), own_states[self.support]] = 1.0
        return _grouped(self.joint @ own, labels, int(labels.max()) + 1)

    def stages(self) -> list[Stage]:
        """The procedure as a sequence of public signals (one for procedures without stages)."""
        n = self.actions.shape[1]
        at_once = self.procedure in ("simultaneous", "first_best")
        steps = [n] if at_once else list(range(1, n + 1))
        before = np.zeros(len(self.joint), dtype=np.int64)
        stages = []
        for step in steps:
            code = self._history_code(step)
            _, first, after = np.unique(code, axis=0, return_index=True, return_inverse=True)
            after = after.ravel()
            mass = _grouped(self.joint, after, first.size)
            history = _grouped(self.joint, before, int(before.max()) + 1)[before[first]]
            kernel = np.zeros((first.size, self.prior.size))
            np.divide(mass, history, out=mass, where=history > 0)
            kernel[:, self.support] = mass
            messages = tuple(self._pairs(int(path), step) for path in first)
            stages.append(Stage(messages, kernel.reshape(-1, *self.prior.shape)))
            before = after
        return stages

    def _history_code(self, step: int) -> Integers:
        """Who has acted on what in the first ``step`` moves of each path."""
        moved = self.orders[:, :step]
        return np.concatenate([moved, np.take_along_axis(self.actions, moved, axis=1)], axis=1)

    def _seen(self, i: int) -> Integers:
        """What receiver i has seen on each path when he acts, as rows of equal length."""
        if self.procedure == "simultaneous":
            return self.actions
        if self.procedure == "first_best":
            return self.actions[:, [i]]
        paths, n = self.actions.shape
        place = np.argmax(self.orders == i, axis=1)[:, None]
        moves = np.arange(n)[None, :]
        named = place + (1 if self.procedure == "intermediate" else 0)
        who = np.where(moves <= named, self.orders, _NOT_SEEN)
        what = np.take_along_axis(self.actions, self.orders, axis=1)
        what = np.where(moves <= place, what, _NOT_SEEN)
        return np.concatenate([who, what], axis=1).reshape(paths, 2 * n)

    def _seen_pairs(self, i: int, path: int) -> tuple[tuple[int, int], ...]:
        if self.procedure == "first_best":
            return ((i, int(self.actions[path, i])),)
        if self.procedure == "simultaneous":
            return self._pairs(path, self.actions.shape[1])
        return self._pairs(path, int(np.argmax(self.orders[path] == i)) + 1)

    def _pairs(self, path: int, step: int) -> tuple[tuple[int, int], ...]:
        return tuple((int(i), int(self.actions[path, i])) for i in self.orders[path, :step])

    def __repr__(self) -> str:
        paths, states = self.joint.shape
        return f"Experiment({self.procedure}: {paths} paths in {states} possible states)"


def merged_paths(joint: Floats, actions: Integers) -> tuple[Floats, Integers]:
    """Paths with the same recommendations become one.

    Parameters
    ----------
    joint
        Joint distribution of paths and states, shape ``(P, S)``.
    actions
        Recommendations on each path, shape ``(P, n)``.

    Returns
    -------
    tuple
        The same of the profiles that differ, in lexicographic order.
    """
    profiles, where = np.unique(actions, axis=0, return_inverse=True)
    total = np.zeros((len(profiles), joint.shape[1]))
    np.add.at(total, where.ravel(), joint)
    return total, profiles


def _row_labels(rows: Integers) -> Integers:
    """Number of each row among those that differ, in lexicographic order, shape ``(P,)``."""
    if len(rows) <= FEW_PATHS:
        listed = [tuple(row) for row in rows.tolist()]
        place = {row: k for k, row in enumerate(sorted(set(listed)))}
        return np.array([place[row] for row in listed], dtype=np.int64)
    _, labels = np.unique(rows, axis=0, return_inverse=True)
    return labels.ravel()


def _grouped(rows: Floats, groups: Integers, count: int) -> Floats:
    """Sum of the rows of each group."""
    total = np.zeros((count, rows.shape[1]))
    np.add.at(total, groups, rows)
    return total
