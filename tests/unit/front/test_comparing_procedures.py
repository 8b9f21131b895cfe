"""Procedures side by side, and whether their values are in the order that theory says."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, compare, errors, priors
from tests.support import PROCEDURES, any_solve

T = Receiver.threshold
EXAMPLE_1 = PersuasionGame(priors.perfectly_negative(0.5), [T(0.8)] * 2)


def test_compare_shows_every_procedure_and_checks_their_order() -> None:
    table = compare(EXAMPLE_1)
    assert [r.value for r in table.results.values()] == pytest.approx(
        [1, 1.15625, 1.15625, 1.25, 1.25]
    )
    assert all(check.holds for check in table.checks)
    assert any("Theorem 1" in check.statement for check in table.checks)
    assert list(table.to_frame().index) == list(PROCEDURES)
    json.dumps(table.to_dict())
    assert "holds: simultaneous ≤ sequential" in repr(table)


def test_compare_knows_when_public_signals_suffice() -> None:
    checks = compare(PersuasionGame(np.full((2, 2), 0.25), [T(0.6), T(0.8)])).checks
    assert checks[-1].statement == "simultaneous = sequential = first_best (KKS Theorem 1)"
    assert checks[-1].holds


def test_compare_refuses_values_that_contradict_theory(monkeypatch: pytest.MonkeyPatch) -> None:
    def lying(game: PersuasionGame, name: Any, **settings: Any) -> Any:
        result = any_solve(game, name, **settings)
        if name != "simultaneous":
            return result
        certificate = dataclasses.replace(result.certificate, lower=2.0, upper=2.0)
        return dataclasses.replace(result, value=2.0, certificate=certificate)

    monkeypatch.setattr(sys.modules["persuasion_lp.compare"], "solve", lying)
    with pytest.raises(errors.CertificateError, match="simultaneous ≤ sequential"):
        compare(EXAMPLE_1)
