"""A message never fails, is short, stays on its line, and names field, rule, index and value."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import errors
from persuasion_lp.arrays import real_numbers, written
from persuasion_lp.inputs import is_number
from persuasion_lp.shown import MOST_CHARACTERS, printable, raised, shown
from tests.hostile_values import HOSTILE, SilentError, deep, endless, raising

JUDGE = plp.Receiver.threshold(0.8)
HALVES = [0.5, 0.5]
GAME = plp.PersuasionGame(HALVES, [JUDGE])


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_every_value_can_be_shown(name: str) -> None:
    value = HOSTILE[name]()
    text = shown(value)
    assert len(text) <= MOST_CHARACTERS
    assert text.isprintable()
    error = errors.InputError("x\x1b", "must\nbe", index=value, value=value)
    assert len(str(error)) < 300
    assert str(error).isprintable()
    assert error.value is value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        ("half", "'half'"),
        (True, "True"),
        (10**4300, "a whole number of 4301 digits"),
        (Fraction(1, 3), "Fraction(1, 3)"),
        (Fraction(10**5000, 3), "a fraction, a whole number of 5001 digits over 3"),
        ([1, (2,), {3: "x"}], "[1, (2,), {3: 'x'}]"),
        (list(range(9)), "[0, 1, 2, 3, 4, 5, ...]"),
        (endless(), "[0.5, [0.5, [0.5, [...]]]]"),
        (np.array([1, 2]), "array([1, 2])"),
        (np.zeros((9, 9)), "ndarray of shape (9, 9) and type float64"),
        ([raising("__repr__"), 1], "[<Raising>, 1]"),
        (raising("__repr__"), "an object of class Raising that cannot be shown"),
        ({1}, "{1}"),
        (frozenset({1}), "frozenset({1})"),
        (set(), "set()"),
    ],
    ids=shown,
)
def test_values_are_shown_as_python_writes_them_as_far_as_they_go(value: Any, text: str) -> None:
    assert shown(value) == text


def test_deep_lists_are_shown_and_refused() -> None:
    assert shown(deep(5000)) == "[[[[...]]]]"
    with pytest.raises(errors.PriorError, match="rectangular array"):
        plp.PersuasionGame(deep(5000), [JUDGE])


def test_control_characters_are_escaped() -> None:
    assert printable("a\x1b[31m\u202e\n") == "a\\x1b[31m\\u202e\\n"
    assert raised(SilentError(1, 2)) == "SilentError"
    assert raised(ValueError("two\nlines")) == "ValueError: two\\nlines"


WAITS = (Decimal("1e999999999"), Decimal("-1e999999999"), Decimal("1e-999999999"), 10**4300)
FIELDS: dict[str, Callable[[Any], Any]] = {
    "prior": lambda x: plp.PersuasionGame([x, 0.5], [JUDGE]),
    "prior of beliefs": lambda x: plp.BeliefGame(x, [JUDGE]),
    "cutoffs": lambda x: plp.Receiver.threshold(x),
    "payoffs": lambda x: plp.Receiver.threshold(0.5, [0, x]),
    "utility": lambda x: plp.Receiver.from_utility([[x, 0], [0, 1]], [0, 1]),
    "conditions": lambda x: plp.Receiver.accepting([([0, 1], x)]),
    "payoff": lambda x: plp.PersuasionGame(HALVES, [JUDGE], payoff=[x, 1]),
    "states": lambda x: plp.StateGrid([x, 0.5]),
    "masses": lambda x: plp.StateGrid([0.2, 0.5], [x, 0.5]),
    "payment": lambda x: plp.ManagerProblem(plp.StateGrid([0.2, 0.6]), x, 1.2),
    "types": lambda x: plp.ManagerProblem(plp.StateGrid([0.2, 0.6]), 0.5, [x]),
    "breakpoints": lambda x: plp.PiecewiseLinear([0, x, 1], [0, 1, 1]),
    "lipschitz": lambda x: plp.BeliefFunction(np.sin, lipschitz=x),
    "table": lambda x: plp.priors.from_table({"H": x, "L": 0.5}),
    "uniform": lambda x: plp.StateDistribution.uniform(x, 1),
    "time_limit": lambda x: plp.SolverOptions(time_limit=x),
    "tolerance": lambda x: plp.SolverOptions(tolerance=x),
    "memory_limit": lambda x: plp.solve(GAME, "simultaneous", memory_limit=x),
}


@pytest.mark.parametrize("value", WAITS, ids=["huge", "minus huge", "tiny", "long"])
@pytest.mark.parametrize("field", FIELDS)
def test_long_numbers_are_refused_at_once(field: str, value: Any) -> None:
    started = time.process_time()
    with pytest.raises(plp.PersuasionError) as caught:
        FIELDS[field](value)
    assert time.process_time() - started < 1
    assert len(str(caught.value)) < 300


REFUSED: list[tuple[Any, str]] = [
    (np.array([0.5 + 1j, 0.5]), "complex numbers have an imaginary part"),
    ([0.5, np.complex128(0.5)], "complex numbers"),
    (np.array([True, False]), r"truth values are no numbers \(write 0 and 1\)"),
    (np.array([True, 0.5], dtype=object), r"prior\[0\] .*truth values"),
    (np.array(["2020-01-01", "NaT"], dtype="M8[D]"), "dates are no numbers"),
    (np.array([1, 2], dtype="m8[s]"), "durations are no numbers"),
    (np.array([b"1", b"0"]), "bytes are no numbers"),
    (np.ma.masked_array(HALVES, mask=[True, False]), "masked"),
    ([0.5, np.ma.masked], "masked"),
    ([np.ma.masked_array(HALVES, mask=[True, False]), HALVES], "masked"),
    (["٠.٥", "0.5"], r"prior\[0\] must be a number"),
    (["０.５", "0.5"], r"prior\[0\] must be a number"),
    (np.broadcast_to(0.5, (1 << 20, 1 << 20)), "at most 536870912 entries"),
    ([raising("__float__"), 0.5], "prior.0. must be a number; reading it raised SilentError"),
    (raising("__array__"), "reading it raised SilentError"),
    (Fraction(1 << 70000, 1), "at most 65536 bits"),
]


@pytest.mark.parametrize(("prior", "words"), REFUSED)
def test_what_is_no_number_is_refused_by_kind(prior: Any, words: str) -> None:
    with pytest.raises(errors.PriorError, match=words) as caught:
        plp.PersuasionGame(prior, [JUDGE])
    assert caught.value.field == "prior"


@pytest.mark.parametrize("values", [[0.5, 1j], np.array([1j]), np.array([np.datetime64("NaT")])])
def test_answers_of_functions_are_real(values: Any) -> None:
    with pytest.raises(errors.PayoffError, match="must be real numbers"):
        real_numbers(values, field="f", error=errors.PayoffError)


@pytest.mark.parametrize(
    "prior",
    [
        np.array(HALVES, dtype=np.float32),
        np.array(HALVES, dtype=">f8"),
        np.array(HALVES, dtype=np.longdouble),
        [np.float32(0.5), Decimal("0.5")],
        [np.array(0.5), 0.5],
        [Fraction(1, 2), "1/2"],
        np.ma.masked_array(HALVES),
    ],
)
def test_what_is_a_number_is_read(prior: Any) -> None:
    assert plp.PersuasionGame(prior, [JUDGE]).prior.tolist() == HALVES


def test_payoffs_may_be_the_indicator_of_an_event() -> None:
    assert plp.Receiver.threshold(0.8, np.array([False, True])).payoffs.tolist() == [[0, 0], [1, 1]]
    assert written("payoff", [True], errors.PayoffError, truth_values=True).floats.tolist() == [1.0]


def test_numbers_are_told_from_what_counts_as_one() -> None:
    assert all(map(is_number, (1, 0.5, Fraction(1, 3), np.float32(1), float("inf"))))
    wrong = (True, np.bool_(True), float("nan"), "1", None, 1j, 10**5000, np.timedelta64(1, "s"))
    assert not any(map(is_number, wrong))


FLAGS: dict[str, Callable[[Any], Any]] = {
    "unrestricted": lambda x: plp.ManagerProblem(
        plp.StateGrid([0.2, 0.6]), 0.5, 1.2, unrestricted=x
    ),
    "exact": lambda x: plp.solve(GAME, "simultaneous", exact=x),
    "normalize": lambda x: plp.PersuasionGame(HALVES, [JUDGE], normalize=x),
    "crossover": lambda x: plp.SolverOptions(crossover=x),
    "presolve": lambda x: plp.SolverOptions(presolve=x),
}


@pytest.mark.parametrize(
    "value", ["False", 1, 0, np.array([True]), [True], 1.0, raising("__bool__")]
)
@pytest.mark.parametrize("field", FLAGS)
def test_a_flag_is_true_or_false(field: str, value: Any) -> None:
    with pytest.raises(errors.InputError, match="must be True") as caught:
        FLAGS[field](value)
    assert caught.value.field == field
    FLAGS[field](np.bool_(False))


CHOICES: dict[str, Callable[[Any], Any]] = {
    "procedure": lambda x: plp.solve(GAME, x),
    "formulation": lambda x: plp.solve(GAME, "simultaneous", formulation=x),
    "rule": lambda x: plp.StateGrid.from_distribution(plp.StateDistribution.uniform(), 4, x),
    "method": lambda x: plp.concavify([0, 1], [0, 1], method=x),
    "algorithm": lambda x: plp.SolverOptions(algorithm=x),
    "shape": lambda x: plp.BeliefFunction(np.sin, shape=x),
    "slug": lambda x: plp.catalog.get(x),
    "name": lambda x: plp.theorems.check(x),
}


@pytest.mark.parametrize(
    "value", [np.array(["a", "b"]), np.zeros(2), ["nested"], {}, raising("__eq__", "__hash__"), 1]
)
@pytest.mark.parametrize("field", CHOICES)
def test_a_name_is_a_string(field: str, value: Any) -> None:
    with pytest.raises(errors.InputError) as caught:
        CHOICES[field](value)
    assert caught.value.field == field


@pytest.mark.parametrize("memory_limit", [float("nan"), "1", None, np.array([1.0])])
def test_limits_are_numbers(memory_limit: Any) -> None:
    for make in (
        lambda: plp.IntervalGrid(8, memory_limit=memory_limit),
        lambda: plp.SimplexGrid(3, 8, memory_limit=memory_limit),
        lambda: plp.solve(GAME, "simultaneous", memory_limit=memory_limit),
    ):
        with pytest.raises(errors.OptionError, match="memory_limit must be a number of bytes"):
            make()


@pytest.mark.parametrize("n", [2**63, 10**5000, 1001], ids=shown)
def test_no_prior_is_too_large_to_be_refused(n: int) -> None:
    with pytest.raises(errors.PriorError, match="at most 1000 axes"):
        plp.priors.perfectly_correlated(0.5, n)


@pytest.mark.parametrize(
    ("states", "steps"), [(2**31, 2**31), (10**6, 200), (3, 10**5000)], ids=shown
)
def test_no_grid_is_too_large_to_be_refused(states: int, steps: int) -> None:
    with pytest.raises(errors.SizeError, match="is below what this grid needs"):
        plp.SimplexGrid(states, steps)
    with pytest.raises(errors.SizeError):
        plp.IntervalGrid(max(states, steps) * 2**10)


@pytest.mark.parametrize("conditions", [3, None, {0: 1}, np.array(0.5), raising("__iter__"), [3]])
def test_acceptance_is_a_list_of_pairs(conditions: Any) -> None:
    with pytest.raises(errors.ReceiverError, match="conditions"):
        plp.Receiver.accepting(conditions)


@pytest.mark.parametrize("receivers", [np.array(0.5), np.array(None), raising("__iter__")])
def test_receivers_are_a_list(receivers: Any) -> None:
    with pytest.raises(errors.ReceiverError, match="receivers"):
        plp.PersuasionGame(HALVES, receivers)
    with pytest.raises(errors.PayoffError, match="payoffs"):
        plp.BeliefGame(0.5, receivers)
