"""A computation that contradicts itself is no error of the caller: a certificate fails."""

from __future__ import annotations

from typing import Any

import pytest

from persuasion_lp import (
    ManagerProblem,
    PersuasionGame,
    Receiver,
    StateGrid,
    errors,
    sequential_improvement,
    solve,
)
from persuasion_lp.families.games import improvement
from persuasion_lp.families.menus import optimum
from persuasion_lp.families.menus.programmes.written import menu_data
from persuasion_lp.families.menus.screening import screening_test
from persuasion_lp.theorems.kks.games import theorem_1
from tests.support import any_solve

JUDGES = PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2)
GRID = StateGrid([0.25, 0.5, 0.75], [0.25, 0.5, 0.25])


def _refuse(*_: Any) -> Any:
    raise errors.InputError("posteriors", "must lie outside (low, high)")


def test_a_signal_that_cannot_be_garbled(monkeypatch: pytest.MonkeyPatch) -> None:
    result = solve(JUDGES, "simultaneous")
    monkeypatch.setattr(improvement, "garbling", _refuse)
    with pytest.raises(errors.CertificateError, match="cannot be garbled: posteriors must lie"):
        sequential_improvement(result)
    form = theorem_1(result)
    assert form.experiment is None
    assert form.claims == {"sequential": ">"}


def test_outcomes_that_no_test_has() -> None:
    with pytest.raises(errors.CertificateError, match=r"\(p, q\) = \(0.25, 1.2\) cannot be"):
        screening_test(GRID, 0.25, 0.3)


def test_an_optimum_without_rays(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = ManagerProblem(GRID, 0.4, [1.1, 1.4], [0.5, 0.5])
    monkeypatch.setattr(optimum, "best_rays", lambda *_: None)
    data = menu_data(plan)
    with pytest.raises(errors.CertificateError, match="its rays do not have"):
        optimum.best_menu(data, "reduced", memory_limit=2**30)
    with pytest.raises(errors.CertificateError, match="an optimistic type"):
        optimum.best_single(data)
    for procedure in ("menu", "single_test"):
        settings = {"formulation": "reduced"} if procedure == "menu" else {}
        result = any_solve(plan, procedure, **settings)
        assert result.certificate.route == "exact"
        assert result.lower <= result.exact().value <= result.upper


def test_too_large_in_memory_and_too_large_in_counts_have_one_parent() -> None:
    bytes_needed = errors.SizeError("grid", needed=2**31, limit=2**30, beliefs=7)
    counted = errors.ExactSizeError("linear program", counted="rows", limit=2, rows=3)
    for error in (bytes_needed, counted):
        assert isinstance(error, errors.TooLargeError)
        assert error.needed > error.limit
    assert not isinstance(counted, errors.SizeError)
