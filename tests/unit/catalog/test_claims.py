"""Catalogue entries as data, and the command line on top of them."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import pytest

from persuasion_lp import catalog, errors
from persuasion_lp.catalog import Claim
from persuasion_lp.cli import main


def test_slugs_are_unique_and_citations_complete() -> None:
    assert len({instance.slug for instance in catalog.INSTANCES.values()}) == len(catalog.INSTANCES)
    for instance in catalog.INSTANCES.values():
        assert instance.title
        assert instance.citation
        assert instance.where
        assert instance.claims


def test_a_claim_agrees_exactly_and_in_print() -> None:
    claim = Claim("sequential", Fraction(37, 32), "printed in the paper", "1.156")
    assert claim.agrees(1.15625)
    assert not claim.agrees(1.15625 + 1e-8)


def test_a_printed_number_must_round_from_the_value() -> None:
    with pytest.raises(ValueError, match="does not round"):
        Claim("sequential", Fraction(37, 32), "printed in the paper", "1.157")


def test_an_irrational_value_is_a_closed_form() -> None:
    claim = Claim("simultaneous", 2**0.5, "proved here", "1.414")
    assert claim.agrees(1.41421356237)
    assert not claim.agrees(1.41421)
    with pytest.raises(ValueError, match="does not round"):
        Claim("simultaneous", 2**0.5, "proved here", "1.415")


def test_the_derivation_is_that_of_the_builder() -> None:
    assert catalog.get("kamenica-gentzkow-prosecutor").derivation.endswith("(3/10)/(1/2).")
    bare = dataclasses.replace(catalog.get("kks-example-1"), problem=lambda: None)
    assert bare.derivation == ""


def test_provenance_is_one_of_three() -> None:
    with pytest.raises(ValueError, match="provenance"):
        Claim("sequential", Fraction(1), "remembered")  # type: ignore[arg-type]


def test_an_unknown_slug_lists_the_known_ones() -> None:
    with pytest.raises(errors.InstanceError, match="kks-example-1"):
        catalog.get("kks-example-9")


def test_reproduce_prints_computed_against_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "kks-example-1"]) == 0
    shown = capsys.readouterr().out
    assert "37/32 (1.156)" in shown
    assert "1.15625" in shown
    assert "7 of 7 published values reproduced" in shown


def test_reproduce_fails_on_a_wrong_number(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = catalog.get("kks-example-1")
    wrong = dataclasses.replace(
        instance, claims=(Claim("flexible", Fraction(9, 8), "proved here"),)
    )
    monkeypatch.setattr(catalog, "INSTANCES", {instance.slug: wrong})
    assert main(["reproduce"]) == 1
    printed = capsys.readouterr()
    assert "DISAGREES" in printed.out
    assert "published 9/8" in printed.err


def test_reproduce_fails_when_nothing_is_proved(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = catalog.get("kks-example-1")
    claim = dataclasses.replace(instance.claims[0], settings={"memory_limit": 1})
    broken = dataclasses.replace(instance, claims=(claim,))
    monkeypatch.setattr(catalog, "INSTANCES", {instance.slug: broken})
    assert main(["reproduce"]) == 1
    assert "memory_limit" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["reproduce", "nothing"]])
def test_an_unknown_instance_is_an_error_of_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "nothing" in capsys.readouterr().err


def test_list_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert "Khantadze" in capsys.readouterr().out
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0


def test_no_command_is_an_error_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_the_module_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[Any]
) -> None:
    import runpy
    import sys

    monkeypatch.setattr(sys, "argv", ["persuasion-lp", "reproduce", "kks-three-states"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("persuasion_lp", run_name="__main__")
    assert caught.value.code == 0
    assert "751/900" in capsys.readouterr().out
