"""The commands, as whoever has the program and ``--help`` alone meets them."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import persuasion_lp as plp
from persuasion_lp.cli import main
from persuasion_lp.cli.commands import COMMANDS, KINDS, closed_forms
from persuasion_lp.cli.output import answers_schema
from persuasion_lp.cli.program import parser
from persuasion_lp.cli.waiting import waiting
from persuasion_lp.core.family import family_of
from tests.latex_grammar import faults

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
JUDGES = str(EXAMPLES / "two_judges.toml")
Captured = pytest.CaptureFixture[str]


def said(capsys: Captured, *arguments: str, code: int = 0) -> str:
    """What a command prints, and nothing on the error stream, if it is right."""
    assert main(list(arguments)) == code
    captured = capsys.readouterr()
    if not code:
        assert captured.err == ""
    return captured.out


@pytest.mark.parametrize("kind", KINDS)
def test_templates_are_filled_in_already(kind: str, tmp_path: Path, capsys: Captured) -> None:
    """From nothing to a solved file, its LaTeX, and a saved answer that is proved anew."""
    path, table, answer = (str(tmp_path / name) for name in ("my.toml", "my.tex", "my.json"))
    assert said(capsys, "new", kind, "-o", path) == ""
    assert said(capsys, "new", kind) == Path(path).read_text("utf-8")
    assert "well formed" in said(capsys, "check", path)
    first = next(iter(family_of(plp.read(path)).procedures))
    assert "certificate  ok" in said(capsys, "solve", path)
    said(capsys, "solve", path, "--procedure", first, "--format", "latex", "-o", table)
    assert faults(Path(table).read_text("utf-8")) == []
    said(capsys, "solve", path, "--procedure", first, "--save", answer)
    assert said(capsys, "verify", answer).endswith("proved\n")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_examples_are_checked_and_solved(path: Path, capsys: Captured) -> None:
    assert "The problem" in said(capsys, "check", str(path))
    document = json.loads(said(capsys, "solve", str(path), "--format", "json"))
    jsonschema.validate(document, answers_schema())
    assert all(answer["proved"] for answer in document["answers"])


def test_the_schema_of_answers_is_published() -> None:
    published = json.loads((ROOT / "docs" / "answers.schema.json").read_text("utf-8"))
    assert published == answers_schema()
    jsonschema.Draft202012Validator.check_schema(published)


@pytest.mark.parametrize(
    "document",
    [
        {"format": "persuasion_lp answers"},
        {"format": "x", "version": 1, "name": "", "problem": {}, "answers": []},
        {
            "format": "persuasion_lp answers",
            "version": 1,
            "name": "",
            "problem": {},
            "answers": [{"procedure": "menu"}],
        },
    ],
)
def test_the_schema_refuses_what_is_no_answer(document: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, answers_schema())


def test_the_standard_input_is_a_file(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    content = Path(JUDGES).read_bytes()
    stdin = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stdin)
    assert "37/32" in said(capsys, "solve", "-")


def test_an_order_and_a_tolerance_and_a_limit(capsys: Captured) -> None:
    out = said(capsys, "solve", JUDGES, "--procedure", "sequential", "--order", "1,0")
    assert "order (1, 0)" in out
    out = said(capsys, "solve", JUDGES, "--procedure", "flexible", "--exact")
    assert "5/4" in out
    belief = str(EXAMPLES / "common_belief.toml")
    said(capsys, "solve", belief, "--tol", "1e-6", "--time-limit", "60")


def test_all_formats_of_one_answer(capsys: Captured) -> None:
    asked = ("solve", JUDGES, "--procedure", "first_best", "--format")
    assert "Private messages to first judge" in said(capsys, *asked, "text")
    assert said(capsys, *asked, "md").startswith("## ")
    assert faults(said(capsys, *asked, "latex")) == []
    assert said(capsys, *asked, "brief").startswith("GameResult")


def test_procedures_side_by_side(capsys: Captured) -> None:
    assert "simultaneous 1" in said(capsys, "compare", JUDGES)
    assert "first judge, second judge" in said(capsys, "compare", JUDGES, "--format", "text")
    table = json.loads(said(capsys, "compare", JUDGES, "--format", "json"))
    assert [row["value"] for row in table["rows"]][3:] == pytest.approx([1.25, 1.25])


def test_theorems_beside_the_answer(capsys: Captured) -> None:
    out = said(capsys, "theorem", JUDGES)
    assert "holds: flexible == 1.25" in out
    assert "fails" not in out
    assert "theorem-2" in said(capsys, "theorem", JUDGES, "theorem-2")
    assert "holds: single_test == 0.16" in said(
        capsys, "theorem", str(EXAMPLES / "tests_uniform.toml"), "lx.theorem-2"
    )
    assert said(capsys, "theorem", str(EXAMPLES / "committee.toml")).startswith("no theorem")
    assert {"lemma-1", "proposition-1", "theorem-1", "lx.theorem-3"} <= closed_forms().keys()


def test_a_theorem_that_fails_is_an_exit_code(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def false(game: Any) -> Any:
        return replace(plp.theorems.lemma_1(game), value=7.0, claims={"first_best": "=="})

    monkeypatch.setattr("persuasion_lp.cli.commands.closed_forms", lambda: {"false-lemma": false})
    assert "fails: first_best == 7" in said(capsys, "theorem", JUDGES, code=1)


def test_programs_are_exported(capsys: Captured, tmp_path: Path) -> None:
    mps = said(capsys, "export", JUDGES, "--procedure", "sequential", "--mps")
    assert "ROWS" in mps
    assert "ENDATA" in mps
    path = tmp_path / "program.lp"
    said(capsys, "export", JUDGES, "--procedure", "flexible", "--lp", "-o", str(path))
    assert "max" in path.read_text("utf-8").lower()


def test_the_list_as_json(capsys: Captured) -> None:
    listed = json.loads(said(capsys, "list", "--json"))
    assert len(listed) == len(plp.catalog.INSTANCES)
    assert listed[0].keys() == {"slug", "title", "citation", "where"}


def test_a_shell_is_completed(capsys: Captured) -> None:
    out = said(capsys, "--completion", "bash")
    assert all(command in out for command in COMMANDS)


def test_an_altered_answer_is_not_proved(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    said(capsys, "solve", JUDGES, "--procedure", "flexible", "--save", str(path))
    text = path.read_text("utf-8").replace('"value": 1.25', '"value": 1.5')
    path.write_text(text, encoding="utf-8")
    assert "NOT PROVED" in said(capsys, "verify", str(path), code=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["slove", JUDGES], "did you mean 'solve'"),
        (["new", "gane"], "did you mean 'game'"),
        (["solve", "missing.toml"], "missing.toml"),
        (["solve", JUDGES, "--procedure", "sequental"], "did you mean 'sequential'"),
        (["solve", JUDGES, "--procedure", "menu"], "procedure must be one of simultaneous"),
        (["solve", JUDGES, "--order", "first"], "--order must be best, or the receivers"),
        (
            ["solve", JUDGES, "--procedure", "sequential", "--order", "0,0"],
            r"order\[1\] must be 'best' or a permutation",
        ),
        (["solve", JUDGES, "--procedure", "flexible", "--order", "0,1"], "order"),
        (["solve", JUDGES, "--time-limit", "-1"], "time_limit must be positive"),
        (["solve", JUDGES, "--tol", "nan", "--procedure", "simultaneous"], "tol"),
        (["solve", JUDGES, "--save", "x.json"], "--save needs one procedure"),
        (["solve", JUDGES, "--format", "pdf"], "invalid choice: 'pdf'"),
        (["solve", JUDGES, "--exakt"], "unrecognized arguments: --exakt"),
        (["solve"], "required: FILE"),
        (["theorem", JUDGES, "theorem-7"], "did you mean 'theorem-"),
        (["theorem", JUDGES, "proposition-1"], "does not apply; it needs"),
        (["export", JUDGES, "--procedure", "sequential"], "one of the arguments --mps --lp"),
        (["reproduce", "kks-exampel-1"], "did you mean 'kks-example-1"),
        (["verify", JUDGES], "not a JSON document"),
        (["list", "extra"], "unrecognized arguments: extra"),
        ([], "a command is needed: new, check, solve"),
    ],
)
def test_mistakes_are_answered(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        code = main(arguments)
    except SystemExit as ended:  # argparse
        code = int(str(ended.code))
    captured = capsys.readouterr()
    assert code == 2
    assert captured.out == ""
    assert re.search(message, captured.err), captured.err
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_there_is_kept(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "my.toml"
    path.write_text("mine")
    assert main(["new", "game", "-o", str(path)]) == 2
    assert "--force" in capsys.readouterr().err or path.read_text() == "mine"
    assert path.read_text() == "mine"
    assert main(["new", "game", "-o", str(path), "--force"]) == 0
    assert path.read_text() != "mine"


def test_every_command_has_help() -> None:
    text = parser().format_help()
    assert all(re.search(rf"^    {command} ", text, re.MULTILINE) for command in COMMANDS)
    assert "exit codes" in text


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_a_terminal_is_told_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setattr("persuasion_lp.cli.waiting.PATIENCE", 0.01)
    for stream, told in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stderr", stream)
        with waiting("solving\x1b sequential"):
            time.sleep(0.1)
        assert ("solving" in stream.getvalue()) is told
        assert "\x1b" not in stream.getvalue()
