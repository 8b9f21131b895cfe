"""Whatever is passed, there is an answer or an error of the library's: no other, no hang."""

from __future__ import annotations

import inspect
import time
import warnings
from dataclasses import fields
from typing import Any

import pytest

import persuasion_lp as plp
from persuasion_lp.core.family import families
from persuasion_lp.errors import InputError
from tests import hostile_calls
from tests.hostile_calls import (
    CALLS,
    LEFT_ALONE,
    PROBLEMS,
    Case,
    case_of,
    made,
    public_makers,
    reached,
    wrong_with,
    wrong_with_error,
)
from tests.hostile_values import HOSTILE

FEW, MANY, SLICES = 3000, 100_000, 20


def wrong(numbers: range) -> list[str]:
    """Cases that are not taken as they should be."""
    found = ((number, case_of(number)) for number in numbers)
    return [f"case {k}, {case}: {how}" for k, case in found if (how := wrong_with(case))]


@pytest.mark.parametrize("part", range(3))
def test_hostile_values_are_refused_by_name(part: int) -> None:
    assert wrong(range(part * FEW // 3, (part + 1) * FEW // 3)) == []


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(SLICES))
def test_many_hostile_values_are_refused_by_name(part: int) -> None:
    size = MANY // SLICES
    assert wrong(range(FEW + part * size, FEW + (part + 1) * size)) == []


def test_everything_public_is_spoilt() -> None:
    assert sorted(CALLS) == sorted(set(public_makers()))


@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_argument_is_spoilt(name: str) -> None:
    parameters = inspect.signature(reached(name)).parameters.values()
    named = {p.name for p in parameters if p.kind is not inspect.Parameter.VAR_KEYWORD}
    assert CALLS[name].keys() == named - (LEFT_ALONE - CALLS[name].keys())


@pytest.mark.parametrize("name", sorted(CALLS))
def test_right_arguments_are_right(name: str) -> None:
    made(Case(name, reached(name), CALLS[name], {}))


def test_every_family_and_every_procedure_is_spoilt() -> None:
    assert {type(problem) for problem in PROBLEMS} == {family.kind for family in families()}
    seen = {case_of(number).name for number in range(FEW)}
    for family in families():
        assert {f"solve {family.kind.__name__} {name}" for name in family.procedures} <= seen


def test_every_setting_is_spoilt() -> None:
    spoilt = {(case.name.split()[-1], field) for case in map(case_of, range(FEW))
              for field in case.spoilt}  # fmt: skip
    for family in families():
        for name, spec in family.procedures.items():
            assert {(name, field.name) for field in fields(spec.settings)} <= spoilt


def test_every_value_is_tried() -> None:
    assert {name for k in range(FEW) for name in case_of(k).spoilt.values()} == set(HOSTILE)


def fault(call: Any) -> str | None:
    """What is wrong with a call."""
    return wrong_with(Case("own", call, {}, {}))


def test_an_exception_of_another_kind_is_found() -> None:
    def broken() -> None:
        raise TypeError("unsupported operand")

    assert "TypeError: unsupported operand is none of ours" in str(fault(broken))


def test_a_warning_of_another_kind_is_found() -> None:
    assert "none of ours" in str(fault(lambda: warnings.warn("overflow", stacklevel=1)))


def test_a_hang_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile_calls, "SECONDS", 0.05)

    def busy() -> None:
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass

    assert "took" in str(fault(busy))


class LosesItsFieldError(InputError):
    """An error that is pickled as exceptions are: by its message."""

    def __reduce__(self) -> Any:
        return Exception.__reduce__(self)


@pytest.mark.parametrize(
    ("error", "how"),
    [
        (plp.PersuasionError("a" * 2000), "a message of 2000 characters"),
        (InputError("x", "must be short", value="a" * 2000), None),
    ],
)
def test_messages_are_judged(error: plp.PersuasionError, how: str | None) -> None:
    found = wrong_with_error(error)
    assert found is None if how is None else how in str(found)


def test_an_error_that_does_not_travel_is_found() -> None:
    with pytest.raises(TypeError):
        wrong_with_error(LosesItsFieldError("x", "must travel"))
