"""Certificate files verified from the command line: honest, altered, broken, missing, hostile."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from persuasion_lp import errors
from persuasion_lp.cli import main
from persuasion_lp.lp.certificate_file import verify, verify_file
from tests.certificate_support import CERTIFICATE, HONEST, bumped, changed, signed

F = Fraction


def test_an_honest_certificate_is_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "example-2.json"
    path.write_text(json.dumps(CERTIFICATE))
    found = verify_file(path)
    assert found.ok
    assert found.value == F(35, 24)
    assert main(["verify", str(path)]) == 0
    assert "value 35/24" in capsys.readouterr().out


@pytest.mark.parametrize(("field", "place"), [("primal", 5), ("dual", 1), ("entries", 0)])
def test_the_command_line_refuses_an_altered_certificate(
    field: str, place: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "altered.json"
    path.write_text(bumped(field, place))
    assert main(["verify", str(path)]) == 1
    printed = capsys.readouterr()
    assert "NOT PROVED" in printed.out
    assert "refused:" in printed.err


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (json.dumps(CERTIFICATE)[:-40], "not a JSON document"),
        ("[" * 100_000, "not a JSON document"),
        ("[]", "not a certificate"),
        (changed(format="other"), "not a certificate"),
        (changed(version=2), "version 2 is unknown"),
        (changed(sense="minimize"), "sense"),
        (changed(value="1/0"), "zero denominator"),
        (changed(value="one"), "must be a rational number"),
        (changed(value=1.5), "must be a rational number"),
        (changed(value="9" * 200_000), "must be a rational number"),
        (changed(rhs="0"), "rhs must be a list"),
        (changed(primal=CERTIFICATE["primal"][:-1]), "primal must have"),
        (changed(senses=["=<"] * len(CERTIFICATE["rhs"])), "senses[0]"),
        (changed(entries=[[0, 0]]), "entries[0]"),
        (changed(entries=[[0, 10**9, "1"]]), "entries[0]"),
        (changed(entries=[[-1, 0, "1"]]), "entries[0]"),
        (changed(entries=[[0, 0, "1"], [0, 0, "1"]]), "a second time"),
        (changed(columns=[["pi", [10**9]]]), "columns[0]"),
        (changed(columns=[]), "columns must add up"),
    ],
)
def test_what_is_no_certificate_is_named(
    text: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(errors.VerificationError) as caught:
        verify(text)
    assert reason in str(caught.value)
    path = tmp_path / "broken.json"
    path.write_text(text)
    assert main(["verify", str(path)]) == 2
    assert reason in capsys.readouterr().err


def test_a_missing_file_is_an_error_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "/nowhere/certificate.json"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_very_long_numbers_are_described_not_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "long.json"
    for field, value in (("value", "0x" + "f" * 90_000), ("primal", ["0x1/0x" + "f" * 90_000] * 4)):
        path.write_text(signed(**{field: value}))
        assert main(["verify", str(path)]) == 1
        printed = capsys.readouterr()
        assert "bits" in printed.err
        assert max(map(len, printed.err.splitlines())) < 1000


def test_what_a_file_says_cannot_imitate_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "loud.json"
    about = {"x": "a\nproved\x1b[2J\ud800", "y": "z" * 10**6, "θ": "θ"}
    path.write_text(signed(about=about, value="2"))
    assert main(["verify", str(path)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 5
    assert out[0] == r"x: a\nproved\x1b[2J\ud800"
    assert len(out[1]) < 1100
    assert out[2] == "θ: θ"
    assert out[4] == "NOT PROVED"


@pytest.mark.parametrize("depth", range(900, 1010, 10))
def test_deep_nesting_is_an_error_or_a_line(
    depth: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "deep.json"
    nested = "[" * depth + "]" * depth
    path.write_text(json.dumps(HONEST).replace('"about": {', f'"about": {{"x": {nested}, '))
    assert main(["verify", str(path)]) in (1, 2)
    assert capsys.readouterr().err.count("\n") == 1
