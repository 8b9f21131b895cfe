"""Calls of everything public that states a problem, with one or two arguments spoilt.

Case k is a call and what is put in place of which arguments, drawn from k alone;
``python -m tests.hostile_calls k`` makes it once more.
"""

from __future__ import annotations

import copy
import faulthandler
import inspect
import pickle
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd
from scipy import stats

import persuasion_lp as plp
from persuasion_lp.core.family import families
from persuasion_lp.shown import raised
from tests.hostile_values import HOSTILE

__all__ = ["CALLS", "MADE_BY_THE_LIBRARY", "Case", "case_of", "made", "public_makers", "wrong_with"]

SECONDS = 8.0
"""Of processor time: more counts as a hang."""

HANGS = 180.0
"""Seconds after which the whole process is ended, and says where it is."""

LONGEST_MESSAGE = 1000

QUICK = plp.SolverOptions(time_limit=2.0)
SMALL = 1 << 26
JUDGE = plp.Receiver.threshold(0.8)
GAME = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [JUDGE] * 2)
STATES = plp.StateGrid([0.2, 0.6, 1.0])
UNIFORM = plp.StateDistribution.uniform()
CASES = pd.DataFrame({"first": ["L", "H"], "second": [True, False], "count": [3, 1]})
STEP = plp.PiecewiseLinear([0, 0.5, 1], [[0, 0], [1, 1]])


def rule(action: Any, others: Any, state: Any) -> Any:
    """A utility: own action, others who act, state."""
    return action * (1 - 2 * state + others)


def rising(x: Any) -> Any:
    """The identity."""
    return 1.0 * x


def steady(theta: float) -> float:
    """The uniform density."""
    return 1.0


def swept_game(threshold: Any) -> Any:
    """A game for each threshold."""
    return plp.PersuasionGame([0.5, 0.5], [plp.Receiver.threshold(threshold)])


def always(problem: Any) -> bool:
    """A property that all problems have."""
    return True


MANAGER = plp.ManagerProblem(STATES, 0.5, [1.2, 1.6])
CONTINUOUS = plp.ManagerProblem(UNIFORM, 0.4, [1.2, 1.6])
MEANS = plp.PosteriorMeanGame(STATES, STEP)
BELIEFS = plp.BeliefGame(0.3, [plp.BeliefFunction(rising, lipschitz=1.0)], grid=8)

SENDER = plp.Functional.sender()
OTHER = plp.Functional.payoffs([[0, 1], [0, 2]])
CHICKEN = [[(0, 0), (7, 2)], [(2, 7), (6, 6)]]
DUEL = plp.BayesianGame([0.5, 0.5], [[[[0, 0], [0, 0]], [[1, -1], [2, 0]]]] * 2)
FIRMS = plp.AnonymousGame(4, [0.5, 0.5], [[[0, 0]] * 4, [[1, -1]] * 4], [0, 1, 2, 3, 4])
GROUPS = plp.ExchangeableGame([0.2, 0.3, 0.5], JUDGE)

PROBLEMS: tuple[Any, ...] = (
    GAME,
    plp.PersuasionGame([0.5, 0.5], [plp.Receiver([0.3, 0.6], [0, 1, 3])]),
    GROUPS,
    DUEL,
    FIRMS,
    plp.VotingGame([[0.1, 0.4], [0.4, 0.1]], [0.7, 0.8], 1),
    plp.BeliefGame(0.5, [JUDGE, plp.Receiver.threshold(0.7, about=[1, 0])]),
    BELIEFS,
    MANAGER,
    CONTINUOUS,
    MEANS,
    plp.PosteriorMeanGame(UNIFORM, STEP),
)

EXAMPLES = Path(__file__).parent.parent / "examples"
WRITTEN = str(Path(tempfile.mkdtemp()) / "written.toml")
SAVED = str(Path(WRITTEN).with_name("saved.json"))
plp.solve(GAME, "simultaneous").save(SAVED)

Kwargs = Mapping[str, Any]

CALLS: dict[str, Kwargs] = {
    "sweep": {
        "build": swept_game, "grid": {"threshold": [0.6, 0.8]}, "procedures": "simultaneous",
        "workers": 1, "backend": "joblib", "client": None, "store": None, "resume": True,
        "on_error": "record", "progress": False,
    },
    "AnonymousGame": {
        "players": 3, "prior": [0.5, 0.5], "utility": [[[0, 0]] * 3, [[1, -1]] * 3],
        "objective": [0, 1, 2, 3], "normalize": False, "action_labels": ["out", "in"],
        "state_labels": ["good", "bad"],
    },
    "AnonymousGame.from_rule": {
        "players": 3, "prior": [0.5, 0.5], "utility": rule, "objective": float, "actions": 2,
    },
    "AnonymousGame.of": {"game": FIRMS.expanded()},
    "BayesianGame": {
        "prior": [[[0.1, 0.4]], [[0.3, 0.2]]],
        "utilities": [[[[0, 0], [1, 1]]], [[[1, 0], [0, 1]]]],
        "objective": "welfare", "normalize": False, "names": ["row", "column"],
        "action_labels": [["only"], ["left", "right"]], "state_labels": ["L", "H"],
        "type_labels": [["one"], ["low", "high"]],
    },
    "BayesianGame.from_nfg": {
        "text": 'NFG 1 R "chicken" { "row" "column" } { 2 2 } 0 0 2 7 7 2 6 6',
        "objective": "welfare",
    },
    "BayesianGame.from_table": {"table": CHICKEN, "objective": ("player", 0)},
    "BayesianGame.of": {"game": GAME},
    "BayesianGame.symmetric": {
        "players": 2, "prior": [0.5, 0.5], "utility": rule, "objective": sum, "actions": 2,
    },
    "BeliefFunction": {
        "function": rising, "shape": "convex", "lipschitz": None, "cell_bound": None, "kinks": [0.5]
    },
    "BeliefGame": {
        "prior": 0.3, "payoffs": [JUDGE, rising], "grid": 8, "normalize": False,
        "state_labels": ["L", "H"],
    },
    "ExchangeableGame": {
        "prior": [0.2, 0.3, 0.5], "members": [JUDGE], "payoff": [0, 1, 2], "normalize": False,
    },
    "ExchangeableGame.mixture": {
        "sizes": [2], "weights": [0.5, 0.5], "chances": [[0.2], [0.8]], "members": [JUDGE],
        "payoff": [0, 1, 2],
    },
    "ExchangeableGame.of": {"game": GROUPS.expanded()},
    "Constraint": {"functional": SENDER, "lower": 0.5, "upper": 2},
    "Functional": {"values": [[0, 1], [1, 2]], "label": "of profiles"},
    "Functional.payoffs": {"payoffs": [[0, 1], [[0, 1], [1, 0]]], "label": "another sender"},
    "Functional.probability": {
        "receiver": 0, "action": 1, "event": [[True, False], [False, True]], "label": "event",
    },
    "Functional.sender": {"label": "sender"},
    "Functional.utility": {"receiver": 0, "label": "utility"},
    "IntervalGrid": {"denominator": 8, "extra": [0.3], "memory_limit": SMALL},
    "IntervalGrid.containing": {"points": [0.3], "resolution": 8, "memory_limit": SMALL},
    "ManagerProblem": {
        "difficulty": STATES, "payment": 0.5, "types": [1.2, 1.6], "type_probs": [0.5, 0.5],
        "unrestricted": False, "type_labels": ["slow", "quick"],
    },
    "ManagerProblem.for_workers": {
        "difficulty": STATES, "payments": [0.2, 0.3], "types": [[1.2, 1.6], 1.5],
        "type_probs": [[0.5, 0.5], 1],
    },
    "Pacman": {"game": GAME},
    "PersuasionGame": {
        "prior": [[0, 0.5], [0.5, 0]], "receivers": [JUDGE] * 2, "payoff": [[0, 1], [1, 2]],
        "normalize": False, "state_labels": [["L", "H"], ["poor", "rich"]],
    },
    "PiecewiseLinear": {"breakpoints": [0, 0.5, 1], "values": [0, 1, 1]},
    "PiecewiseLinear.from_sides": {
        "breakpoints": [0.0, 1.0], "at": [0.0, 1.0], "left": [0.0, 1.0], "right": [0.0, 1.0]
    },
    "PiecewiseLinear.steps": {"cutoffs": [0.5], "payoffs": [0, 1]},
    "PosteriorMeanGame": {"prior": STATES, "payoff": rising},
    "PosteriorMeanGame.commitment": {"problem": MANAGER},
    "Receiver": {
        "cutoffs": [0.3, 0.7], "payoffs": [0, 1, 3], "about": 0, "name": "Ann",
        "action_labels": ["no", "perhaps", "yes"],
    },
    "Receiver.accepting": {
        "conditions": [([1, 0], 0.3)], "payoffs": [0, 1], "about": None,
        "name": "Ann", "action_labels": ["no", "yes"],
    },
    "Receiver.from_utility": {
        "utility": [[0, 1], [1, 0]], "payoffs": [0, 1], "about": None,
        "name": "Ann", "action_labels": ["no", "yes"],
    },
    "Receiver.threshold": {
        "cutoff": 0.8, "payoffs": [0, 1], "about": 0,
        "name": "Ann", "action_labels": ["no", "yes"],
    },
    "ScreeningTest.from_proposal": {"grid": STATES, "proposal": [0.0, 0.5, 1.0]},
    "SimplexGrid": {
        "states": 3, "denominator": 4, "extra": [[0.2, 0.3, 0.5]], "memory_limit": SMALL,
    },
    "SimplexGrid.containing": {
        "points": [[0.2, 0.3, 0.5]], "resolution": 4, "memory_limit": SMALL
    },
    "SolverOptions": {
        "algorithm": "auto", "presolve": None, "crossover": True, "time_limit": 2.0,
        "iteration_limit": None, "tolerance": 1e-9, "highs": {"random_seed": 1},
    },
    "StateDistribution.beta": {"a": 2, "b": 3, "low": 0.1, "high": 0.9},
    "StateDistribution.from_density": {"density": steady},
    "StateDistribution.from_scipy": {"frozen": stats.beta(2, 3)},
    "StateDistribution.power": {"a": 2},
    "StateDistribution.uniform": {"low": 0.1, "high": 0.9},
    "StateGrid": {
        "states": [0.2, 0.6], "masses": [0.5, 0.5], "normalize": False,
        "labels": ["easy", "hard"],
    },
    "StateGrid.from_distribution": {"distribution": UNIFORM, "cells": 8, "rule": "means"},
    "VotingGame": {
        "prior": [[0.1, 0.4], [0.4, 0.1]], "cutoffs": [0.7, 0.8], "quota": 1, "normalize": False,
        "state_labels": ["L", "H"], "names": ["Ann", "Bob"], "action_labels": ["no", "yes"],
    },
    "capability_statics": {"difficulty": STATES, "payment": 0.5, "capabilities": [1.1, 1.5]},
    "certify_menu": {"problem": MANAGER, "tests": plp.solve(MANAGER, "menu").tests, "value": None},
    "compare": {"problem": GAME},
    "credibility_curve": {"problem": GAME},
    "frontier": {
        "problem": GAME, "procedure": "sequential", "f": SENDER, "g": OTHER, "order": [0, 1],
        "constraints": [], "exact": True,
    },
    "trace": {
        "problem": GAME, "procedure": "sequential", "along": [[[0, 1], [0, 0]], [[0, 0], [1, 0]]],
        "order": [0, 1], "exact": True,
    },
    "concavify": {"x": [0, 0.5, 1], "f": [0, 1, 0], "method": "auto"},
    "difficulty_statics": {"payment": 0.5, "capability": 1.5, "propensities": [1.0, 2.0]},
    "sequential_improvement": {"result": plp.solve(GAME, "simultaneous")},
    "load": {"path": SAVED},
    "read": {"path": str(EXAMPLES / "two_judges.toml")},
    "schema": {},
    "solve": {
        "problem": GAME, "procedure": "simultaneous", "exact": False, "constraints": None,
        "credibility": None,
    },
    "catalog.get": {"slug": "kks-example-1"},
    "priors.from_frame": {
        "frame": CASES, "states": ["first", "second"], "weight": "count", "normalize": True,
        "levels": {"first": ["L", "H"]},
    },
    "priors.labels_from_frame": {
        "frame": CASES, "states": ["first", "second"], "levels": {"first": ["L", "H"]},
    },
    "priors.from_table": {"table": {"HL": 0.5, "LH": 0.5}, "normalize": False},
    "priors.independent": {"x": [0.5, 0.2]},
    "priors.perfectly_correlated": {"x": 0.5, "n": 2},
    "priors.perfectly_negative": {"x": 0.25},
    "theorems.check": {
        "name": "theorem-2", "n": 1, "seed": 0, "drop": None, "workers": 1, "progress": False,
    },
    "theorems.search": {
        "holds": always, "generator": plp.theorems.draws.opposed_judges, "n": 1, "seed": 0,
        "path": None, "overwrite": False, "progress": False,
    },
    "write": {"problem": GAME, "path": WRITTEN, "overwrite": True},
}  # fmt: skip
"""By name below the package, arguments that are right."""

MADE_BY_THE_LIBRARY = frozenset({
    "AnonymousResult", "BayesianResult", "ProfileResult",
    "BeliefResult", "Comparison", "ConstrainedResult", "CredibilityCurve", "CredibleResult",
    "Envelope", "Frontier", "FunctionalRange", "Trace", "Uniqueness", "ExactResult",
    "ExchangeableResult", "Experiment",
    "GameResult",
    "InformationSet", "LinearProgram", "MeansResult", "MenuResult", "PersuasionError",
    "PosteriorTree", "Refinement", "ScreeningTest", "SequentialImprovement", "Stage",
    "StateDistribution", "Statics", "Sweep",
})  # fmt: skip
"""Classes that users read and need not make, and base classes."""


def public_makers() -> Iterator[str]:
    """Names of what is public and takes what users state: functions, classes, class methods."""
    for name in plp.__all__:
        thing = getattr(plp, name)
        if not callable(thing):
            continue
        if name not in MADE_BY_THE_LIBRARY:
            yield name
        if inspect.isclass(thing):
            kinds = (classmethod, staticmethod)
            own = [k for k, v in vars(thing).items() if isinstance(v, kinds) and k[0] != "_"]
            yield from (f"{name}.{method}" for method in own)
    yield from (f"priors.{name}" for name in plp.priors.__all__ if name not in NO_PRIORS)
    yield from ("catalog.get", "theorems.check", "theorems.search")


LEFT_ALONE = frozenset({"n", "workers", "holds", "generator"})
"""Of a search: a large number of problems takes its time, and what a property raises passes."""

SWEPT_ALONE = frozenset({"store", "workers"})
"""Of a sweep: files that would be written, processes that would be started."""

NO_PRIORS = frozenset({"PRIOR_SUM_TOLERANCE", "check_belief", "check_exact_sum", "check_prior",
                       "check_sum", "is_series", "written_prior"})  # fmt: skip


def reached(name: str) -> Any:
    """A public thing by its name below the package."""
    thing: Any = plp
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing


@dataclass(frozen=True)
class Case:
    """A call, and what is put in place of which of its arguments."""

    name: str
    call: Callable[..., Any]
    right: Kwargs
    spoilt: Mapping[str, str]
    then: str | None = None

    def __repr__(self) -> str:
        return f"{self.name} with {dict(self.spoilt)}"


def case_of(number: int) -> Case:
    """Case number k."""
    rng = random.Random(number)  # noqa: S311
    if rng.random() < 0.5:
        name = rng.choice(sorted(CALLS))
        call, right = reached(name), CALLS[name]
    else:
        problem = rng.choice(PROBLEMS)
        family = next(one for one in families() if type(problem) is one.kind)
        procedure = rng.choice(sorted(family.procedures))
        settings = fields(family.procedures[procedure].settings)
        quick = {"options": QUICK, "memory_limit": SMALL}
        right = {field.name: quick.get(field.name, field.default) for field in settings}
        right |= {"problem": problem, "procedure": procedure, "exact": rng.random() < 0.3}
        name, call = f"solve {type(problem).__name__} {procedure}", plp.solve
    count = min(len(_spoilable(name, right)), rng.choice((1, 1, 1, 2)))
    fields_spoilt = rng.sample(_spoilable(name, right), count)
    return Case(name, call, right, {field: rng.choice(sorted(HOSTILE)) for field in fields_spoilt})


def _spoilable(name: str, right: Kwargs) -> list[str]:
    alone = LEFT_ALONE if name.startswith("theorems.") else SWEPT_ALONE if name == "sweep" else ()
    return sorted(right.keys() - set(alone))


def made(case: Case) -> Any:
    """Make the call; a problem that comes of it is shown, copied and solved."""
    given = {**case.right, **{field: HOSTILE[name]() for field, name in case.spoilt.items()}}
    answer = case.call(**given)
    repr(answer)
    family = next((one for one in families() if type(answer) is one.kind), None)
    if family is not None:
        listed = sorted(family.procedures_for(answer))
        procedure: Any = listed[len(case.spoilt) % len(listed)]
        limits: Any = {"options": QUICK, "memory_limit": SMALL}
        known = {field.name for field in fields(family.procedures[procedure].settings)}
        plp.solve(answer, procedure, **{k: v for k, v in limits.items() if k in known})
    return answer


def wrong_with(case: Case) -> str | None:
    """What is wrong with how the library takes a case, if anything is."""
    faulthandler.dump_traceback_later(HANGS, exit=True)
    started = time.process_time()
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                made(case)
            except plp.PersuasionError as error:
                found = wrong_with_error(error)
                if found is not None:
                    return found
            except Exception as error:
                return f"{raised(error)} is none of ours, {where(error)}"
        foreign = [w for w in caught if not is_ours(w.category)]
        if foreign:
            return f"warning that is none of ours: {foreign[0].message} ({foreign[0].filename})"
        seconds = time.process_time() - started
        return f"took {seconds:.1f} s" if seconds > SECONDS else None
    finally:
        faulthandler.cancel_dump_traceback_later()


def where(error: Exception) -> str:
    """The last line of the library that an exception passed."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{f.filename}:{f.lineno}" for f in frames if "/persuasion_lp/" in f.filename]
    return lines[-1] if lines else "outside"


def is_ours(category: type) -> bool:
    """Whether a warning is one of the library's."""
    return category.__module__.partition(".")[0] == "persuasion_lp"


def wrong_with_error(error: plp.PersuasionError) -> str | None:
    """What is wrong with an error, if anything is."""
    text = str(error)
    if len(text) > LONGEST_MESSAGE:
        return f"a message of {len(text)} characters: {text[:200]}"
    if isinstance(error, plp.errors.InputError) and not text.isprintable():
        return f"a message with control characters: {text!r}"
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
        if (type(other), str(other)) != (type(error), text):
            return f"does not travel: {text}"
        if vars(other).keys() != vars(error).keys():
            return f"loses attributes on the way: {text}"
    return None


if __name__ == "__main__":
    chosen = case_of(int(sys.argv[1]))
    print(chosen)
    made(chosen)
