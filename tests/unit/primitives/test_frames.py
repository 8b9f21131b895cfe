"""Priors from frames of pandas and polars, against tables written by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import PriorError, SizeError
from persuasion_lp.primitives.priors import frames, from_frame, labels_from_frame

Build = Callable[[dict[str, Any]], Any]
BOTH = pytest.mark.parametrize("build", [pd.DataFrame, pl.DataFrame])

CASES = {
    "verdict": ["guilty", "innocent", "guilty", "guilty"],
    "rich": [True, False, False, True],
    "count": [3, 2, 1, 4],
    "share": [0.3, 0.2, 0.1, 0.4],
}
INNOCENT_FIRST = {"verdict": ["innocent", "guilty"]}


def same(found: Any, expected: Any) -> bool:
    """Whether two priors have the same shape, the same entries, and entries of the same class."""
    if np.shape(found) != np.shape(expected):
        return False
    pairs = zip(np.ravel(found).tolist(), np.ravel(expected).tolist(), strict=True)
    return all(type(one) is type(other) and one == other for one, other in pairs)


def fractions(entries: Any, unit: int) -> Any:
    return np.vectorize(lambda k: Fraction(k, unit), otypes=[object])(entries)


@BOTH
def test_counts_are_exact_and_rows_of_one_state_add_up(build: Build) -> None:
    found = from_frame(build(CASES), ["verdict", "rich"], "count", normalize=True,
                       levels=INNOCENT_FIRST)  # fmt: skip
    assert same(found, fractions([[2, 0], [1, 7]], 10))
    transposed = from_frame(build(CASES), ["rich", "verdict"], "count", normalize=True,
                            levels=INNOCENT_FIRST)  # fmt: skip
    assert same(transposed, found.T)


@BOTH
def test_probabilities_in_floats_stay_floats_each_rounded_once(build: Build) -> None:
    found = from_frame(build(CASES), ["verdict", "rich"], "share")
    assert same(found, np.array([[0.1, 0.7], [0.2, 0.0]]))
    normalized = from_frame(build(CASES), "verdict", weight="share", normalize=True)
    assert same(normalized, fractions([8, 2], 10))


@BOTH
def test_rows_without_weight_count_one_each(build: Build) -> None:
    assert same(from_frame(build(CASES), "verdict"), fractions([3, 1], 4))
    assert same(from_frame(build(CASES), ("verdict",), normalize=True), fractions([3, 1], 4))


@BOTH
def test_sums_of_many_decimals_are_exact_before_they_are_divided(build: Build) -> None:
    frame = build({"s": ["a"] * 10 + ["b"], "w": [0.1] * 10 + [1e-20]})
    found = from_frame(frame, "s", "w", normalize=True)
    assert found[1] == Fraction(1, 10**20 + 1)


@BOTH
def test_counts_beyond_floats_are_exact(build: Build) -> None:
    frame = build({"s": ["a", "b"], "w": [1, 10**17]})
    assert from_frame(frame, "s", "w", normalize=True)[0] == Fraction(1, 10**17 + 1)


@BOTH
def test_short_floats_sum_to_one(build: Build) -> None:
    shares = np.array([0.1, 0.2, 0.7], dtype=np.float32)
    found = from_frame(build({"s": [2, 0, 1], "w": shares}), "s", "w")
    assert same(found, fractions([2, 7, 1], 10))


def test_exact_numbers_of_other_classes_are_read() -> None:
    for weights in ([Fraction(1, 3), Fraction(2, 3)], ["1/3", "2/3"]):
        frame = pd.DataFrame({"s": ["a", "b"], "w": weights})
        assert same(from_frame(frame, "s", "w"), fractions([1, 2], 3))
    decimals = pl.DataFrame({"s": ["a", "b"], "w": [Decimal("0.25"), Decimal("0.75")]})
    assert same(from_frame(decimals, "s", "w"), fractions([1, 3], 4))
    nullable = pd.DataFrame({"s": ["a", "b"], "w": pd.array([1, 3], dtype="Int64")})
    assert same(from_frame(nullable, "s", "w", normalize=True), fractions([1, 3], 4))


@BOTH
def test_words_and_truth_values_have_both_states_low_first(build: Build) -> None:
    frame = build({"a": ["H", "H"], "b": [True, True]})
    assert same(from_frame(frame, ["a", "b"]), fractions([[0, 0], [0, 1]], 1))
    assert labels_from_frame(frame, ["a", "b"]) == (("L", "H"), ("False", "True"))
    mixed = build({"a": ["L", "H", "H"]})
    assert labels_from_frame(mixed, ["a"]) == ("L", "H")
    assert same(from_frame(mixed, "a"), fractions([1, 2], 3))


def test_categories_keep_their_order_and_their_states() -> None:
    order = ["mild", "severe", "fatal"]
    seen = ["severe", "mild", "severe"]
    ours = [
        pd.DataFrame({"s": pd.Categorical(seen, categories=order)}),
        pd.DataFrame({"s": pd.Categorical(seen, categories=order, ordered=True)}),
        pl.DataFrame({"s": pl.Series(seen, dtype=pl.Enum(order))}),
    ]
    for frame in ours:
        assert labels_from_frame(frame, "s") == tuple(order)
        assert same(from_frame(frame, "s"), fractions([1, 2, 0], 3))
    plain = pl.DataFrame({"s": pl.Series(seen, dtype=pl.Categorical)})
    assert labels_from_frame(plain, "s") == ("mild", "severe")


@BOTH
def test_levels_go_first_and_may_name_more(build: Build) -> None:
    frame = build({"s": [2, 1, 2]})
    assert same(from_frame(frame, "s", levels={"s": [3, 2, 1]}), fractions([0, 2, 1], 3))
    assert labels_from_frame(frame, "s", levels={"s": [3, 2, 1]}) == ("3", "2", "1")
    assert labels_from_frame(frame, "s") == ("1", "2")


@BOTH
def test_prior_and_labels_make_a_game(build: Build) -> None:
    frame = build(CASES)
    game = plp.PersuasionGame(
        from_frame(frame, ["verdict", "rich"], "count", normalize=True, levels=INNOCENT_FIRST),
        [plp.Receiver.threshold("4/5")] * 2,
        state_labels=labels_from_frame(frame, ["verdict", "rich"], levels=INNOCENT_FIRST),
    )
    assert game.state_names[1] == "innocent, True"
    assert plp.solve(game, "simultaneous").certificate.ok


REFUSED: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "no column": ({"states": ["verdct"]}, "states", None, "did you mean 'verdict'"),
    "no second column": ({"states": ["verdict", "poor"]}, "states", 1, "column of the frame"),
    "no columns": ({"states": []}, "states", None, "1 to 24"),
    "column twice": ({"states": ["rich", "rich"]}, "states", 1, "each once"),
    "a set": ({"states": {"rich"}}, "states", None, "names of one or more columns"),
    "no weight": ({"weight": "counts"}, "weight", None, "did you mean 'count'"),
    "counts": ({"weight": "count"}, "weight", None, "pass normalize=True"),
    "words as weight": ({"weight": "verdict"}, "weight", (0,), "must be a number"),
    "truth values as weight": ({"weight": "rich"}, "weight", None, "numbers"),
    "no flag": ({"normalize": 1}, "normalize", None, "True or False"),
    "levels of nothing": ({"levels": {"verdct": ["a"]}}, "levels", None, "did you mean 'verdict'"),
    "level missing": ({"levels": {"verdict": ["guilty"]}}, "states", ("verdict", 1), "levels"),
    "level twice": ({"levels": {"verdict": ["a", "a"]}}, "levels", ("verdict", 1), "each once"),
    "no levels": ({"levels": {"verdict": []}}, "levels", "verdict", "at least one"),
    "levels no mapping": ({"levels": ["guilty"]}, "levels", None, "mapping"),
}


@BOTH
@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, build: Build) -> None:
    changed, field, index, words = REFUSED[case]
    arguments = {"states": ["verdict"], **changed}
    with pytest.raises(PriorError, match=words) as caught:
        from_frame(build(CASES), **arguments)
    assert (caught.value.field, caught.value.index) == (field, index)


SPOILT: dict[str, tuple[dict[str, Any], str, Any]] = {
    "missing state": ({"s": ["a", None], "w": [1, 1]}, "states", ("s", 1)),
    "state that is NaN": ({"s": [0.5, float("nan")], "w": [1, 1]}, "states", ("s", 1)),
    "missing weight": ({"s": ["a", "b"], "w": [1, None]}, "weight", ("w", 1)),
    "weight that is NaN": ({"s": ["a", "b"], "w": [float("nan"), 1.0]}, "weight", ("w", 0)),
    "infinite weight": ({"s": ["a", "b"], "w": [float("inf"), 1.0]}, "weight", (0,)),
    "negative weight": ({"s": ["a", "a"], "w": [2, -1]}, "weight", ("w", 1)),
    "no weight at all": ({"s": ["a", "b"], "w": [0, 0]}, "weight", None),
    "no rows": ({"s": [], "w": []}, "frame", None),
}


@BOTH
@pytest.mark.parametrize("case", SPOILT)
def test_spoilt_columns_are_refused_by_row(case: str, build: Build) -> None:
    columns, field, index = SPOILT[case]
    with pytest.raises(PriorError) as caught:
        from_frame(build(columns), "s", "w", normalize=True)
    assert (caught.value.field, caught.value.index) == (field, index)


def test_missing_entries_of_nullable_columns_are_refused() -> None:
    for missing in (pd.array([1, None], dtype="Int64"), [pd.NaT, pd.Timestamp("2020-01-01")]):
        with pytest.raises(PriorError, match="must not be missing"):
            from_frame(pd.DataFrame({"s": missing}), "s")


@pytest.mark.parametrize("listed", [[1, "a"], [True, 1], [(1,), [2]], [{}, {}]])
def test_values_without_order_are_refused(listed: list[Any]) -> None:
    frame = pd.DataFrame({"s": pd.Series(listed, dtype=object)})
    with pytest.raises(PriorError, match=r"levels=|hashable") as caught:
        from_frame(frame, "s")
    assert caught.value.field == "states"
    if listed == [1, "a"]:
        assert same(from_frame(frame, "s", levels={"s": ["a", 1]}), fractions([1, 1], 2))


@pytest.mark.parametrize(
    "thing",
    [None, 5, CASES, pl.DataFrame(CASES).lazy(), pd.Series([1]),
     pd.DataFrame([[1, 2]], columns=["a", "a"]), np.eye(2)],
    ids=["none", "number", "dict", "lazy", "series", "twice", "array"],
)  # fmt: skip
def test_what_is_no_frame_is_refused(thing: Any) -> None:
    for function in (from_frame, labels_from_frame):
        with pytest.raises(PriorError) as caught:
            function(thing, "a")
        assert caught.value.field == "frame"


def test_more_states_than_fit_into_memory_are_refused() -> None:
    frame = pd.DataFrame({f"s{k}": range(100) for k in range(5)})
    with pytest.raises(SizeError):
        from_frame(frame, list(frame.columns))


def test_labels_that_are_the_same_text_are_refused() -> None:
    frame = pd.DataFrame({"s": pd.Series([1, "1"], dtype=object)})
    with pytest.raises(PriorError, match="alike"):
        labels_from_frame(frame, "s", levels={"s": [1, "1"]})


def test_without_narwhals_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("persuasion_lp.extras.import_module", missing)
    with pytest.raises(plp.errors.MissingExtraError, match=r"persuasion-lp\[frames\]"):
        frames.from_frame(pd.DataFrame(CASES), "verdict")


def test_same_tells_priors_apart() -> None:
    prior = fractions([1, 3], 4)
    assert same(prior, fractions([1, 3], 4))
    assert not same(prior, fractions([3, 1], 4))
    assert not same(prior, np.array([0.25, 0.75]))
    assert not same(prior, fractions([[1, 3]], 4))
