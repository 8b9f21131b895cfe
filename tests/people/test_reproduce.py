"""Reproducing published numbers from the command line, and what it says when misused."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import pytest

from persuasion_lp import catalog
from persuasion_lp.catalog import Claim
from persuasion_lp.cli import main


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


def test_reproduce_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "--exact", "kks-three-states"]) == 0
    assert capsys.readouterr().out.count("751/900") == 2
