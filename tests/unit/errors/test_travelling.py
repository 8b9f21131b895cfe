"""Errors are pickled and copied with all they carry, and are heard in other processes."""

from __future__ import annotations

import copy
import inspect
import multiprocessing
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import errors
from persuasion_lp.primitives.densities import Density

SAMPLES: dict[str, Any] = {
    "field": "prior",
    "rule": "must sum to 1",
    "index": (0, 1),
    "value": np.array([0.5, 0.6]),
    "what": "programme",
    "instead": "formulation='blocks' needs 1 byte",
    "counted": "columns",
    "needed": 10,
    "limit": 5,
    "columns": 7,
    "feature": "tables",
    "package": "pandas",
    "extra": "frames",
    "best_bound": 2.0,
    "best_value": 1.0,
    "message": "not proved",
    "certificate": {"gap": 1.0},
    "path": "a/file",
    "reason": "cannot be read",
    "file": "judges.toml",
    "line": 3,
    "done": 3,
    "rows": 8,
    "store": "cases.sqlite",
}
"""By parameter; an error with another one needs a line here."""


def all_errors(kind: Any = errors.PersuasionError) -> Iterator[type[errors.PersuasionError]]:
    """The base class and everything derived from it in the package."""
    if kind.__module__.startswith("persuasion_lp"):
        yield kind
    below: Any
    for below in kind.__subclasses__():
        yield from all_errors(below)


def example(kind: type[errors.PersuasionError]) -> errors.PersuasionError:
    """An error of a kind, with everything it may carry."""
    initial: Any = kind.__init__
    if initial is Exception.__init__ or not inspect.isfunction(initial):
        found = kind("no point is feasible")
    else:
        stated = list(inspect.signature(initial).parameters.items())[1:]
        by_place = [SAMPLES[name] for name, p in stated if p.kind is p.POSITIONAL_ONLY]
        by_name = [
            "columns" if p.kind is p.VAR_KEYWORD else name
            for name, p in stated
            if p.kind is not p.POSITIONAL_ONLY
        ]
        found = kind(*by_place, **{name: SAMPLES[name] for name in by_name})
    found.add_note("on problem 3")
    return found


KINDS = sorted(set(all_errors()), key=lambda kind: kind.__name__)


def sent(value: Any, protocol: int | None = None) -> Any:
    """A value, pickled and read again."""
    return pickle.loads(pickle.dumps(value, protocol))  # noqa: S301


def same(one: Any, other: Any) -> bool:
    """Whether two errors are of one kind and carry the same."""
    names = {*vars(one), "args", *({"msg", "name"} if isinstance(one, ImportError) else ())}
    return type(one) is type(other) and all(
        bool(np.all(getattr(one, name) == getattr(other, name, None))) for name in names
    )


WAYS: tuple[Callable[[Any], Any], ...] = (
    copy.copy,
    copy.deepcopy,
    *(partial(sent, protocol=protocol) for protocol in range(2, 6)),
)


def test_every_kind_is_found() -> None:
    public = {kind.__name__ for kind in KINDS if kind.__module__ == errors.__name__}
    assert public == set(errors.__all__) - {"PersuasionWarning"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_errors_travel_with_all_they_carry(kind: type, way: Callable[[Any], Any]) -> None:
    error = example(kind)
    other = way(error)
    assert same(error, other)
    assert str(other) == str(error)


def test_a_lost_attribute_is_seen() -> None:
    error = example(errors.InputError)
    other = copy.copy(error)
    del other.__dict__["index"]
    assert not same(error, other)


class Unsendable:
    """Can be pickled nowhere."""

    def __reduce__(self) -> Any:
        raise RuntimeError("stays here")


class Unreadable:
    """Can be pickled, and read nowhere."""

    def __reduce__(self) -> Any:
        return int, ("no number",)


@pytest.mark.parametrize("value", [Unsendable(), Unreadable(), lambda: 1, (1, Unsendable())])
def test_of_what_cannot_be_sent_words_arrive(value: Any) -> None:
    error = errors.PayoffError("payoff", "must be a number", index=1, value=value)
    other = sent(error)
    assert (type(other), str(other)) == (errors.PayoffError, str(error))
    assert isinstance(other.value, str)
    assert other.index == 1
    assert copy.copy(error).value is value
    assert copy.deepcopy(error).field == "payoff"


def refused(k: int) -> Any:
    """Solve a game, every tenth of which has no prior."""
    prior = [0.5, 0.6] if k % 10 == 0 else [0.5, 0.5]
    return plp.solve(plp.PersuasionGame(prior, [plp.Receiver.threshold(0.8)]), "simultaneous").value


def outcome(k: int) -> Any:
    """The value, or the error as a value."""
    try:
        return refused(k)
    except plp.PersuasionError as error:
        return error


def judged(outcomes: list[Any]) -> tuple[int, int]:
    """Numbers of values and of errors that say what is wrong."""
    wrong = [o for o in outcomes if isinstance(o, errors.PriorError) and o.field == "prior"]
    return sum(o == 0.625 for o in outcomes if isinstance(o, float)), len(wrong)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_pool_over_a_thousand_problems_returns_a_thousand_outcomes(method: str) -> None:
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert judged(pool.map(outcome, range(1000), chunksize=125)) == (900, 100)
        asked = [pool.apply_async(refused, (k,)) for k in range(20)]
        found = [collected(one.get, 60) for one in asked[:11:5]]
        assert found == ["PriorError", "0.625", "PriorError"]


def collected(get: Callable[..., Any], timeout: float) -> str:
    """What a task gives, or the kind of its error."""
    try:
        return f"{get(timeout):.3f}"
    except plp.PersuasionError as error:
        return type(error).__name__


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_executors_raise_what_was_raised(method: str) -> None:
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        with pytest.raises(errors.PriorError, match="must sum to 1") as caught:
            pool.submit(refused, 0).result(60)
        assert caught.value.rule.startswith("must sum to 1")
        assert pool.submit(refused, 1).result(60) == pytest.approx(0.625)


def test_loky_raises_what_was_raised() -> None:
    joblib = pytest.importorskip("joblib")
    run = joblib.Parallel(n_jobs=2, backend="loky")
    assert judged(run(joblib.delayed(outcome)(k) for k in range(20))) == (18, 2)
    with pytest.raises(errors.PriorError, match="must sum to 1"):
        run(joblib.delayed(refused)(k) for k in range(2))


class TwoWordsError(Exception):
    """An exception of a user's own that cannot be unpickled."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


def raises_two_words(problem: Any) -> bool:
    """A property that raises."""
    raise TwoWordsError("no", "way")


def raises_input_error(problem: Any) -> bool:
    """A property that states a wrong problem."""
    plp.StateGrid([2.0])
    return True


@pytest.mark.parametrize(
    ("holds", "kind", "words"),
    [
        (raises_input_error, errors.PriorError, "states"),
        (raises_two_words, errors.InputError, "holds or generator raised TwoWordsError: no way"),
    ],
)
def test_a_search_in_processes_blames_who_raised(
    holds: Callable[[Any], bool], kind: type, words: str
) -> None:
    draw = plp.theorems.draws.opposed_judges
    with pytest.raises(kind, match=words) as caught:
        plp.theorems.search(holds, draw, n=4, workers=2)
    error: Any = caught.value
    assert error.field != "workers"
    notes = " ".join([str(error), *getattr(error, "__notes__", [])])
    assert "on problem 0 of seed 0" in notes


def triangle(theta: float) -> float:
    """A density."""
    return 2.0 * theta


def test_distributions_by_density_are_pickled_where_the_density_is() -> None:
    given = plp.StateDistribution.from_density(triangle)
    for other in (sent(given), copy.deepcopy(given), copy.copy(given)):
        assert other.mean == given.mean
        assert float(other.cdf(0.5)) == pytest.approx(0.25)
    game = plp.PosteriorMeanGame(given, plp.PiecewiseLinear([0, 1], [0, 1]))
    again = plp.solve(sent(game), "simultaneous")
    assert again.value == plp.solve(game, "simultaneous").value


def test_a_density_without_a_name_says_so() -> None:
    given = plp.StateDistribution.from_density(lambda theta: 2.0 * theta)
    with pytest.raises(errors.PriorError, match=r"density .*lambda.* cannot be pickled .*def"):
        pickle.dumps(given)
    assert copy.deepcopy(given).mean == given.mean


def test_a_density_without_a_name_is_sent_by_its_code() -> None:
    cloudpickle = pytest.importorskip("cloudpickle")
    half = Fraction(1, 2)
    given = Density(lambda theta: 4.0 * theta * float(half))
    assert cloudpickle.loads(cloudpickle.dumps(given))(0.25) == 0.5


def test_an_unguarded_prompt_is_told() -> None:
    code = (
        "import persuasion_lp as plp\n"
        "def holds(p): return True\n"
        "plp.theorems.search(holds, plp.theorems.draws.opposed_judges, n=2, workers=2)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert "OptionError: workers must be 1" in ended.stderr
