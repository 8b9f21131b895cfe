"""Certificate files that somebody else has written: hostile, ambiguous, or merely very long."""

from __future__ import annotations

import json
import time
from fractions import Fraction

import pytest

from persuasion_lp import errors
from persuasion_lp.lp import certificate_file
from persuasion_lp.lp.certificate_file import verify, verify_file
from persuasion_lp.lp.rational import Effort, number_text, shown
from tests.certificate_support import HONEST, signed

F = Fraction


def test_the_file_these_tests_alter_is_verified() -> None:
    assert verify(signed()).ok


def test_sums_that_grow_without_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    k = 60
    primal = [f"1/{10**400 + 2 * j + 1}" for j in range(k)]
    text = signed(
        objective=["1"] * k,
        lower=["0"] * k,
        upper=[None] * k,
        senses=["<="],
        rhs=["1"],
        entries=[[0, j, "1"] for j in range(k)],
        columns=[["x", [k]]],
        rows=[["r", [1]]],
        primal=primal,
        dual=["1"],
        value="1",
    )
    assert "value: the columns earn" in " ".join(verify(text).failures)
    monkeypatch.setattr(certificate_file, "MAX_EFFORT", 1e9)
    started = time.perf_counter()
    with pytest.raises(errors.VerificationError, match="too long to be checked"):
        verify(text)
    assert time.perf_counter() - started < 5


def test_effort_is_the_product_of_lengths() -> None:
    effort = Effort(100)
    effort.spend(F(3, 4), F(7))
    with pytest.raises(errors.VerificationError):
        effort.spend(2**20, F(1, 7))


def test_long_numbers_as_text() -> None:
    assert number_text(F(-3, 7)) == shown(F(-3, 7)) == "-3/7"
    long = F(-(3**20_000), 7)
    assert shown(long) == "-(a number of 31700 bits over one of 3 bits)"
    top, bottom = number_text(long).split("/")
    assert F(int(top, 16), int(bottom)) == long


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (signed(version=True), "version True is unknown"),
        (signed(version=1.0), "version 1.0 is unknown"),
        (signed(version=[[1]]), "version a list is unknown"),
        (signed(about=[]), "about must be an object"),
        (json.dumps(HONEST).replace("{", '{"value": "1/2", ', 1), "gives a name twice: 'value'"),
        (signed(rows=[["prior", [2]], ["prior", [1]]]), "rows[1] gives a name a second time"),
        (signed(value="\u0661"), "must be a rational number"),
        (signed(value=" 1"), "must be a rational number"),
        (signed(value=True), "must be a rational number"),
        (signed(value=float("nan")), "must be a rational number"),
        (signed(value="1e9"), "must be a rational number"),
        (signed(primal=[{}] * 4), "got an object"),
        ("\ufeff" + signed(), "not a JSON document"),
        (signed() + "{}", "not a JSON document"),
        ('{"format": ' + "9" * 5000 + "}", "not a JSON document"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(text: str, reason: str) -> None:
    with pytest.raises(errors.VerificationError) as caught:
        verify(text)
    assert reason in str(caught.value)


def test_many_small_lists_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate_file, "MAX_ENTRIES", 1000)
    monkeypatch.setattr(json, "loads", lambda *_, **__: pytest.fail("was read"))
    with pytest.raises(errors.VerificationError, match="lists are more than"):
        verify("[" + "[]," * 1000 + "[]]")


@pytest.mark.parametrize("path", ["/dev/zero", "/"])
def test_files_without_end_and_directories_are_named(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate_file, "MAX_CERTIFICATE_BYTES", 1000)
    with pytest.raises(errors.VerificationError, match=r"1000 bytes|cannot be read"):
        verify_file(path)
