"""The page on adding a family, followed to the letter: the package is not touched.

``tests/toy_family.py`` is the code of that page.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import persuasion_lp as plp
from persuasion_lp import cli, errors
from persuasion_lp.core import family as registry
from persuasion_lp.core.certificate import Certificate
from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.core.result import Result
from persuasion_lp.files import document, problem_from, read_instance
from persuasion_lp.laboratory.shrinking import shrink
from persuasion_lp.primitives import content
from persuasion_lp.solve import has_exact_answer
from tests.support import any_solve

HERE = Path(__file__).parent.parent
DOCS = HERE.parent / "docs"
PAGES = [DOCS / f"how_to_add_a_{what}.md" for what in ("family", "procedure")]
FOLDERS = "beliefs|core|families|laboratory|lp|primitives|theorems"


def blocks(page: Path) -> list[str]:
    """The Python code of a page."""
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module, imported anew; its family is registered for one test only."""
    monkeypatch.setattr(registry, "_FAMILIES", dict(registry._FAMILIES))
    monkeypatch.setattr(RationalInstance, "_forms", dict(RationalInstance._forms))
    monkeypatch.setattr(content, "_WRITERS", dict(content._WRITERS))
    monkeypatch.delitem(sys.modules, "tests.toy_family", raising=False)
    return importlib.import_module("tests.toy_family")


@pytest.fixture
def problem(toy: Any) -> Any:
    return toy.Prosecutor("3/10", "2/3")


def members(protocol: type) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


@pytest.mark.parametrize(("procedure", "value"), [("signal", 0.45), ("nothing", 0.0)])
def test_solved_and_certified(problem: Any, procedure: str, value: float) -> None:
    result = any_solve(problem, procedure)
    assert result.value == pytest.approx(value, abs=1e-12)
    assert result.problem is problem
    for name in members(Result):
        assert hasattr(result, name), name
    for name in members(Certificate):
        assert hasattr(result.certificate, name), name
    assert result.certificate.ok
    assert result.certificate.failures == ()
    assert result.lower <= result.value <= result.upper
    assert json.loads(json.dumps(result.to_dict()))["procedure"] == procedure
    assert list(result.to_frame().index) == ["L", "H"]


def test_prices_add_up_to_the_value(problem: Any) -> None:
    result = any_solve(problem, "signal")
    assert result.prices @ [0.7, 0.3] == pytest.approx(result.value)
    assert result.no_information <= result.full_information <= result.value


def test_certificate_refuses_what_is_not_so(toy: Any, problem: Any) -> None:
    honest = any_solve(problem, "signal")
    with pytest.raises(errors.CertificateError, match="value fails"):
        toy.certified(problem, honest.experiment, 0.5, 0.5, None)
    with pytest.raises(errors.CertificateError, match="gap"):
        toy.certified(problem, honest.experiment, honest.value, 1.0, None)
    with pytest.raises(errors.CertificateError, match="obedience fails"):
        toy.certified(problem, honest.experiment * [2, 1], 0.6, 0.6, None)


def test_compared(problem: Any) -> None:
    table = plp.compare(problem)
    assert list(table.results) == ["nothing", "signal"]
    assert [(check.statement, check.holds) for check in table.checks] == [
        ("nothing ≤ signal", True)
    ]
    assert list(table.to_frame().index) == ["nothing", "signal"]


def test_exact(problem: Any) -> None:
    assert has_exact_answer(problem, "signal")
    assert not has_exact_answer(problem, "nothing")
    result = any_solve(problem, "signal", exact=True)
    assert result.value == Fraction(9, 20)
    assert result.certificate.verify().ok
    assert any_solve(problem, "signal").exact().value == Fraction(9, 20)
    with pytest.raises(errors.OptionError, match="nothing procedure"):
        any_solve(problem, "nothing", exact=True)


def test_refusals_name_what_there_is(toy: Any, problem: Any) -> None:
    with pytest.raises(errors.ProcedureError, match="nothing, signal"):
        plp.solve(problem, "menu")
    with pytest.raises(errors.OptionError, match="it has options"):
        any_solve(problem, "signal", order="best")
    with pytest.raises(errors.InputError, match=r"PersuasionGame.*Prosecutor"):
        plp.solve(None, "signal")  # type: ignore[call-overload]
    with pytest.raises(errors.PriorError, match="probabilities"):
        toy.Prosecutor(2, "1/2")


@pytest.mark.parametrize("ending", ["toml", "json"])
def test_file_key_and_schema(toy: Any, problem: Any, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"suspect.{ending}"
    plp.write(problem, path)
    again = plp.read(path)
    assert isinstance(again, toy.Prosecutor)
    assert again.rationals() == (Fraction(3, 10), Fraction(2, 3))
    assert again == problem == toy.Prosecutor(0.3, Fraction(2, 3))
    assert again.key() == problem.key() != toy.Prosecutor("3/10", 0.6).key()
    said = document(problem)
    assert said == {"problem": "Prosecutor", "prior": "3/10", "cutoff": "2/3"}
    validator = jsonschema.Draft202012Validator(plp.schema())
    validator.validate({**said, "solve": [{"procedure": "nothing"}]})
    assert not validator.is_valid({**said, "solve": [{"procedure": "menu"}]})
    with pytest.raises(errors.InstanceError, match=r"cutof is no key here .*'cutoff'"):
        problem_from({"problem": "Prosecutor", "prior": 0.5, "cutof": 0.5})


def test_without_files_a_problem_is_equal_to_itself_alone(toy: Any, problem: Any) -> None:
    registry.register(replace(toy.PROSECUTORS, document=None))
    with pytest.raises(errors.InstanceError, match="Prosecutor has no files"):
        problem.key()
    assert problem != toy.Prosecutor("3/10", "2/3")
    with pytest.raises(errors.InstanceError, match="problem must be one of"):
        problem_from({"problem": "Prosecutor"})


def test_instance_file_and_command_line(
    toy: Any, problem: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "suspect.json"
    path.write_text(RationalInstance.of(problem).to_json(), encoding="utf-8")
    again = read_instance(path)
    assert isinstance(again, toy.Prosecutor)
    assert again.rationals() == (Fraction(3, 10), Fraction(2, 3))
    assert cli.main(["solve", str(path)]) == 0
    assert re.findall(r"(\w+), .*value (\S+)", capsys.readouterr().out) == [
        ("nothing", "0"),
        ("signal", "0.45"),
    ]
    assert cli.main(["solve", str(path), "--exact"]) == 0
    assert "9/20" in capsys.readouterr().out


def test_shrunk(problem: Any) -> None:
    found, _ = shrink(RationalInstance.of(problem), lambda p: any_solve(p, "signal").value < 1)
    assert found.build().prior < found.build().cutoff
    assert found.size < RationalInstance.of(problem).size


def test_family_is_gone_afterwards() -> None:
    names = [family.kind.__name__ for family in registry.families()]
    assert "PersuasionGame" in names
    assert "Prosecutor" not in names


def test_page_is_the_code() -> None:
    code = (HERE / "toy_family.py").read_text("utf-8")
    assert blocks(PAGES[0]) == [code]


@pytest.mark.parametrize("page", [DOCS / "architecture.md", *PAGES], ids=lambda page: page.stem)
def test_pages_name_what_there_is(page: Path) -> None:
    root = Path(next(iter(plp.__path__)))
    names = re.findall(
        r"`((?:core|families|laboratory|theorems|beliefs|lp|primitives)/[\w/.]+)`",
        page.read_text("utf-8"),
    )
    assert names
    for name in names:
        assert (root / name).exists(), name


def test_procedure_added_as_the_page_says(toy: Any, problem: Any) -> None:
    """The page's code runs in the family's module."""
    (code,) = blocks(PAGES[1])
    exec(compile(code, str(PAGES[1]), "exec", dont_inherit=True), vars(toy))  # noqa: S102
    result = any_solve(problem, "truth")
    assert result.value == result.full_information == 0.3
    table = plp.compare(problem)
    assert list(table.results) == ["nothing", "truth", "signal"]
    assert [check.statement for check in table.checks] == ["nothing ≤ signal", "truth ≤ signal"]
    assert all(check.holds for check in table.checks)
