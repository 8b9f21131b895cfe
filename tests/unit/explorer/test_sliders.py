"""Numbers that move, and documents that stay problems."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import persuasion_lp as plp
from persuasion_lp.errors import InputError
from persuasion_lp.explorer.shown import Shown, instance_of, published
from persuasion_lp.explorer.sliders import MOST_SLIDERS, moved_document, sliders_of
from persuasion_lp.explorer.state import State
from persuasion_lp.files import document, problem_from

INSTANCES = {slug: instance_of(State(of=slug)) for slug in published()}
PARTS = st.fractions(0, 1, max_denominator=100)


def keys(slug: str) -> list[str]:
    return [slider.key for slider in sliders_of(INSTANCES[slug])]


def test_what_moves_in_each_kind_of_problem() -> None:
    joint = ["prior: first", "prior: second", "prior: correlation"]
    thresholds = ["receivers[0].threshold", "receivers[1].threshold"]
    assert keys("kks-example-1") == [*thresholds, *joint]
    assert keys("kamenica-gentzkow-prosecutor") == [thresholds[0], "prior[0]", "prior[1]"]
    assert keys("kks-example-4")[:4] == [*(f"cutoffs[{i}]" for i in range(3)), "quota"]
    menu = ["payment", "types[0]", "types[1]", "type_probs[0]", "type_probs[1]"]
    assert keys("lx-two-tests") == menu
    assert keys("bi-pooling-two-peaks") == [f"payoff.values[{k}]" for k in range(6)]
    beliefs = plp.BeliefGame("3/10", [plp.Receiver.threshold("1/2", name="judge")])
    found = {slider.key: slider for slider in sliders_of(document(beliefs))}
    assert found["prior"].value == Fraction(3, 10)
    assert found["payoffs[0].threshold"].label == "judge: threshold"


@pytest.mark.parametrize("slug", INSTANCES)
def test_values_are_those_of_the_document_and_nothing_moves_by_itself(slug: str) -> None:
    before = copy.deepcopy(INSTANCES[slug])
    found = sliders_of(before)
    assert len(found) <= MOST_SLIDERS
    assert all(slider.low <= slider.value <= slider.high for slider in found)
    assert len({slider.key for slider in found}) == len(found)
    assert moved_document(before, {}) == before
    assert moved_document(before, {"no such slider": Fraction(1)}) == before
    put = {slider.key: slider.value for slider in found}
    assert problem_from(moved_document(before, put)) == problem_from(before)
    assert before == INSTANCES[slug]


@given(st.sampled_from(sorted(INSTANCES)), st.data())
def test_wherever_they_are_the_prior_is_one(slug: str, data: Any) -> None:
    instance = INSTANCES[slug]
    found = sliders_of(instance)
    moved = {
        slider.key: slider.low + data.draw(PARTS) * (slider.high - slider.low)
        for slider in found
        if not slider.whole
    }
    changed = moved_document(instance, moved)
    weights = [moved[key] for key in moved if key.startswith("prior[")]
    if changed["problem"] == "ManagerProblem" or (weights and not any(weights)):
        return  # types may lie outside the model, and there may be no weight at all
    try:
        problem = problem_from(changed)
    except InputError as error:  # sliders of one receiver's cutoffs may cross
        assert "must increase" in str(error)  # noqa: PT017 - one of two outcomes
        return
    for field, value in moved.items():
        if field.startswith(("receivers[", "payoff.values[", "cutoffs[")):
            assert f"'{value}'" in repr(changed) or value.denominator == 1
    if hasattr(problem, "written_numbers") and changed["problem"] == "PersuasionGame":
        assert sum(problem.written_numbers.prior) == 1


@given(PARTS, PARTS, st.fractions(-1, 1, max_denominator=50))
def test_correlation_keeps_what_each_receiver_believes(a: Any, b: Any, r: Any) -> None:
    moved = {"prior: first": a, "prior: second": b, "prior: correlation": r}
    prior = moved_document(INSTANCES["kks-example-1"], moved)["prior"]
    (low, right), (left, high) = ([Fraction(x) for x in row] for row in prior)
    assert min(low, right, left, high) >= 0
    assert low + right + left + high == 1
    assert (left + high, right + high) == (a, b)
    if r == 0:
        assert high == a * b
    if abs(r) == 1:
        assert high == (min(a, b) if r > 0 else max(Fraction(0), a + b - 1))


def test_a_correlation_is_read_as_it_is_set() -> None:
    instance = INSTANCES["kks-example-1"]
    assert sliders_of(instance)[-1].value == -1
    for r in (Fraction(-1), Fraction(-1, 3), Fraction(0), Fraction(2, 7), Fraction(1)):
        moved = moved_document(instance, {"prior: correlation": r})
        assert sliders_of(moved)[-1].value == r


def test_a_slider_moves_the_answer() -> None:
    key = "receivers[0].threshold"
    shown = Shown(State(of="kks-example-1", procedure="sequential", moved={key: Fraction(3, 5)}))
    game = plp.PersuasionGame(
        [[0, "1/2"], ["1/2", 0]], [plp.Receiver.threshold("3/5"), plp.Receiver.threshold("4/5")]
    )
    assert shown.problem == game
    assert shown.answer.value == plp.solve(game, "sequential").value
    assert shown.procedures[0] == "simultaneous"
    assert list(shown.subjects)[:2] == ["procedures", "experiment"]
    assert "sequential" in shown.table()
    assert plp.read is not None
    assert "3/5" in shown.as_file()
    assert '"persuasion_lp' in shown.as_answer()


def test_what_there_is_not_is_refused() -> None:
    with pytest.raises(plp.errors.InstanceError, match="kks-example-1"):
        instance_of(State(of="kks-exampel-1"))
