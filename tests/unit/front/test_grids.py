"""Brackets against grid size: closed forms are right, brackets hold them, errors fall as said.

Nothing here looks at a time, except that there is one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import persuasion_lp as plp
from benchmarks.closed_forms import BELIEFS, CENSORSHIP, MENUS
from benchmarks.grids import BRACKET, FAMILIES, SPECS, TEXTBOOK, exponents, rows
from benchmarks.registry import Contender, Outcome, Spec, WorkNotDoneError
from benchmarks.report import check_document, document, error_exponent, tables
from benchmarks.runner import measure

BY_FAMILY = dict(zip(FAMILIES, SPECS, strict=True))

HOLDS_THE_OPTIMUM = {
    "concave payoff": 30,
    "Lipschitz payoff": 12,
    "simplex": 15,
    "receivers": 2,
    "one type": 10,
    "two types": 485,
}
"""Sizes at which the grid has the points of the closed form's derivation."""


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return rows(largest=64)


@pytest.mark.parametrize("family", HOLDS_THE_OPTIMUM)
def test_a_grid_with_the_right_points_attains_the_closed_form(family: str) -> None:
    found = measure(BY_FAMILY[family], HOLDS_THE_OPTIMUM[family], 1)[0]
    assert found.value == pytest.approx(BY_FAMILY[family].truth, abs=1e-11)


@pytest.mark.parametrize("family", ["concave payoff", "Lipschitz payoff"])
def test_a_refined_bracket_closes_in_on_the_closed_form(family: str) -> None:
    given = BELIEFS[family]
    game = plp.BeliefGame(given.prior[1], given.payoffs, grid=8)
    result = plp.solve(game, "simultaneous", tol=1e-7)
    assert result.upper is not None
    assert result.lower <= given.truth <= result.upper


def test_prices_bound_the_prospects_everywhere() -> None:
    given, prices = BELIEFS["simplex"], np.array([5 / 9, 35 / 36, 3.0])
    beliefs = plp.SimplexGrid(3, 120).nodes
    assert (beliefs @ prices >= given.total(beliefs) - 1e-14).all()
    assert prices @ given.prior == pytest.approx(given.truth, abs=1e-15)


def test_closed_forms_that_the_catalogue_has_too() -> None:
    def published(slug: str, procedure: str) -> float:
        claims = plp.catalog.get(slug).claims
        return next(float(claim.value) for claim in claims if claim.procedure == procedure)

    assert MENUS["two types"].truth == published("lx-two-tests", "menu")
    assert BELIEFS["receivers"].truth == published("kks-three-states", "simultaneous")
    eight = published("dworczak-martini-upper-censorship-8", "simultaneous")
    assert eight + 3 / (64 * 8**2) == pytest.approx(CENSORSHIP, abs=1e-15)


def test_one_row_for_each_family_and_size(frame: pd.DataFrame) -> None:
    sizes = [8, 16, 32, 64]
    assert frame[["family", "n"]].to_numpy().tolist() == [[f, n] for f in FAMILIES for n in sizes]
    assert frame.columns.tolist()[2:] == [
        *("lower", "upper", "truth", "seconds", "textbook", "textbook_seconds")
    ]
    assert (frame["lower"] <= frame["truth"] + 1e-15).all()
    assert (frame["truth"] <= frame["upper"] + 1e-15).all()
    assert (frame[["seconds", "textbook_seconds"]] > 0).all(axis=None)


def test_narrower_with_every_grid(frame: pd.DataFrame) -> None:
    for _, group in frame[frame["family"] != "receivers"].groupby("family"):
        assert (np.diff(group["upper"] - group["lower"]) < 0).all()


def test_errors_fall_as_theory_says(frame: pd.DataFrame) -> None:
    """With the square where chords bound, with the step where a Lipschitz constant does."""
    fitted = exponents(frame)
    assert fitted.index.tolist() == list(FAMILIES)
    for family in ("concave payoff", "one type", "posterior means"):
        assert fitted.loc[family, "width"] == pytest.approx(-2, abs=0.25)
    for family in ("Lipschitz payoff", "simplex"):
        assert fitted.loc[family, "below"] == pytest.approx(-2, abs=0.25)
        assert fitted.loc[family, "above"] == pytest.approx(-1, abs=0.15)
    assert fitted.loc["receivers", ["below", "above", "width"]].isna().all()
    for family in ("one type", "posterior means"):
        assert fitted.loc[family, "textbook"] == pytest.approx(-1, abs=0.1)


def test_uniform_grids_by_hand() -> None:
    """On four steps x³(1 − x) is split between 0 and 3/4.

    On two states, 0 and 1, a proposal is accepted with .5/.7 − .5 of state 0 in it, by the high
    type with .5/.8 − .5; serving the low type would cost more than it pays. Nothing lies between
    two means.
    """
    assert _textbook("Lipschitz payoff", 4) == pytest.approx(27 / 256 / 3, abs=1e-9)
    assert _textbook("receivers", 8) == pytest.approx(2 * 0.2 / (5 / 8), abs=1e-9)
    assert _textbook("one type", 2) == pytest.approx(1 / 7, abs=1e-9)
    assert _textbook("two types", 2) == pytest.approx(0.98 * 3 / 16, abs=1e-9)
    assert _textbook("posterior means", 2) == pytest.approx(1 / 2, abs=1e-9)


def _textbook(family: str, n: int) -> float:
    return measure(BY_FAMILY[family], n, 1)[1].value


def test_one_value_may_be_on_either_side_and_stand_still(frame: pd.DataFrame) -> None:
    error = (frame["textbook"] - frame["truth"]).groupby(frame["family"])
    assert error.max()["receivers"] < 0 < error.min()["one type"]
    two = frame[frame["family"] == "two types"]
    assert two["lower"].tolist() == pytest.approx([491 / 4000] * 4, abs=1e-15)


def _contender(name: str, value: float, lower: float | None, upper: float | None) -> Contender:
    return Contender(
        name,
        build=lambda n: n,
        solve=lambda n: n,
        decode=lambda _: Outcome(value, lambda: value, lower=lower, upper=upper),
    )


def _spec(*contenders: Contender) -> Spec:
    return Spec("toy/half", "steps", (8, 16, 32), int, contenders, truth=0.5)


def test_a_value_without_bracket_may_be_anywhere() -> None:
    found = measure(
        _spec(_contender("bracket", 0.4, 0.4, 0.6), _contender("one", 9, None, None)), 8, 1
    )
    assert [(m.lower, m.upper) for m in found] == [(0.4, 0.6), (None, None)]


@pytest.mark.parametrize(
    ("value", "lower", "upper", "reason"),
    [
        (0.4, 0.4, 0.5 - 1e-14, r"truth 0\.5 is not in"),
        (0.6, 0.5 + 1e-14, 0.6, r"truth 0\.5 is not in"),
        (0.3, 0.4, 0.6, r"value 0\.3 is not in"),
        (0.7, 0.4, 0.6, r"value 0\.7 is not in"),
    ],
)
def test_a_bracket_that_does_not_hold_the_truth_is_caught(
    value: float, lower: float, upper: float, reason: str
) -> None:
    honest = _contender("honest", 0.5, 0.5, 0.5)
    with pytest.raises(WorkNotDoneError, match=reason):
        measure(_spec(honest, _contender("cheat", value, lower, upper)), 8, 1)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_closed_form_that_is_wrong_is_caught(family: str) -> None:
    spec = BY_FAMILY[family]
    bracket = measure(spec, 8, 1)[0]
    assert bracket.upper is not None
    with pytest.raises(WorkNotDoneError, match="truth"):
        measure(replace(spec, truth=bracket.upper + 1e-12), 8, 1)


def test_error_exponents() -> None:
    assert error_exponent([1, 2, 4, 8], [1, 0.25, 0.0625, 0]) == pytest.approx(-2)
    assert error_exponent([1, 2, 4, 8], [1, 0.25, 0, 1e-13]) is None


def test_errors_are_in_document_and_tables() -> None:
    spec = replace(BY_FAMILY["Lipschitz payoff"], sizes=(8, 16, 32))
    found = [m for size in spec.sizes for m in measure(spec, size, 1)]
    doc: dict[str, Any] = json.loads(json.dumps(document([spec], found, {}), allow_nan=False))
    check_document(doc)
    first, second = doc["results"][:2]
    assert first["errors"] == {
        "below": first["truth"] - first["lower"],
        "above": first["upper"] - first["truth"],
        "width": first["upper"] - first["lower"],
    }
    assert second["errors"] == {"value": abs(second["value"] - second["truth"])}
    fitted = {(row["contender"], row["of"]): row["exponent"] for row in doc["growth"]}
    assert fitted[BRACKET, "below"] == pytest.approx(-2, abs=0.1)
    assert fitted[BRACKET, "above"] == pytest.approx(-1, abs=0.1)
    assert fitted[TEXTBOOK, "value"] == pytest.approx(-2, abs=0.1)
    printed = tables(doc)
    assert "truth − lower" in printed
    assert f"{BRACKET}, above -0.99; {BRACKET}, width" in printed
