"""Natural mistakes in instance files: each is named by file, field, rule, value and way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from persuasion_lp.errors import InputError, InstanceError
from persuasion_lp.files import problem_from, read_file

GAME = 'problem = "PersuasionGame"\n'
JUDGES = GAME + 'prior = {HL = "1/2", LH = "1/2"}\n'
JUDGE = "[[receivers]]\nthreshold = 0.8\n"
TWO = JUDGES + JUDGE + JUDGE
OTHER = JUDGES + JUDGE + "[[receivers]]\n"
SOLVE = TWO + "[[solve]]\n"
PLAN = 'problem = "ManagerProblem"\npayment = 0.4\n'
TASK = "difficulty = {states = [0.2, 0.6]}\n"
WORKER = "types = [1.5]\n"
BELIEFS = 'problem = "BeliefGame"\nprior = 0.3\n'
VOTE = 'problem = "VotingGame"\nprior = {HH = 0.5, LL = 0.5}\n'
MEANS = 'problem = "PosteriorMeanGame"\n'

NUMBER = 'must be a number, such as 0.45 or "9/20"'

MISTAKES: list[tuple[str, str, tuple[str, ...]]] = [
    # keys
    (OTHER + "cutofs = [0.8]\n", "receivers[1].cutofs", ("no key here", "did you mean 'cutoffs'?")),
    (GAME + "prio = [0.5, 0.5]\n" + JUDGE, "prio", ("did you mean 'prior'?",)),
    (GAME + JUDGE, "prior", ("is missing",)),
    (JUDGES, "receivers", ("is missing",)),
    (JUDGES + "receivers = []\n", "receivers", ("at least one",)),
    (JUDGES + "receivers = [2]\n", "receivers[0]", ("must be a table", "got 2")),
    (JUDGES + "receivers = 3\n", "receivers", ("must be a list", "got 3")),
    (JUDGES + "[receivers]\nthreshold = 0.8\n", "receivers", ("under [[receivers]]",)),
    (TWO + "normalize = true\n", "receivers[1].normalize", ("top of the file, above the first",)),
    (TWO + "payoff = [[0, 1], [1, 3]]\n", "receivers[1].payoff", ("payoff stands at the top",)),
    (TWO + "payof = [0, 1]\n", "receivers[1].payof", ("did you mean 'payoffs'?",)),
    (JUDGES + "Receivers = []\n", "Receivers", ("did you mean 'receivers'?",)),
    ("prior = [0.5, 0.5]\n" + JUDGE, "problem", ("is missing", "PersuasionGame, BayesianGame")),
    ('Problem = "PersuasionGame"\n', "Problem", ("did you mean 'problem'?",)),
    ('problem = "PersuasonGame"\n', "problem", ("did you mean 'PersuasionGame'",)),
    ('problem = "Auction"\n', "problem", ("must be one of PersuasionGame, BayesianGame",)),
    ("problem = 3\n", "problem", ("must be one of", "got 3")),
    ("", "problem", ("is missing",)),
    (TWO + "name = 3\n", "receivers[1].name", ("must be text, in quotes", "got 3")),
    # receivers
    (OTHER + "cutoffs = [1.2]\npayoffs = [0, 1]", "receivers[1].cutoffs[0]", ("[0, 1]", "got 1.2")),
    (OTHER + "threshold = 1.2", "receivers[1].threshold", ("must lie in [0, 1]", "got 1.2")),
    (TWO + "cutoffs = [0.7]\n", "receivers[1]", ("must have one of", "not threshold and cutoffs")),
    (OTHER + 'name = "x"\n', "receivers[1]", ("one of threshold, cutoffs, utility, conditions",)),
    (OTHER + "cutoffs = [0.7]\n", "receivers[1].payoffs", ("is missing", "from each action")),
    (OTHER + "cutoffs = [0.3, 0.6]\npayoffs = [0, 1]\n", "receivers[1].payoffs", ("(3,)", "(2,)")),
    (OTHER + "cutoffs = [0.6, 0.3]\npayoffs = [0, 1, 2]\n", "receivers[1].cutoffs[1]", ("0.6",)),
    (
        OTHER + "utility = [[0, 0, 0], [1, 2, 3]]\npayoffs = [0, 1, 2]\n",
        "receivers[1].payoffs",
        ("are its axes transposed?",),
    ),
    (OTHER + "utility = [[0, 0], [1]]\n", "receivers[1].utility[1]", ("a list of 2 numbers",)),
    (OTHER + "conditions = [[1, 0]]\n", "receivers[1].conditions[0]", ("a pair [[...], b]",)),
    (OTHER + 'conditions = [[[1, "x"], 1]]\n', "receivers[1].conditions[0][0][1]", (NUMBER,)),
    (TWO + "about = 2\n", "receivers[1].about", ("must name axes of the prior", "got 2")),
    (TWO + 'about = "H"\n', "receivers[1].about", ("must be an axis", "got 'H'")),
    (TWO + "about = [0, 1]\n", "receivers[1].about", ("the prior's shape (2, 2)",)),
    (TWO + "about = {axis = [0]}\n", "receivers[1].about.axis", ("did you mean 'axes'?",)),
    (TWO + 'action_labels = ["acquit"]\n', "receivers[1].action_labels", ("a list of 2 names",)),
    # numbers
    (OTHER + 'threshold = "a half"\n', "receivers[1].threshold", (NUMBER, "got 'a half'")),
    (OTHER + 'threshold = "1/0"\n', "receivers[1].threshold", (NUMBER,)),
    (OTHER + 'threshold = "0,8"\n', "receivers[1].threshold", (NUMBER, "got '0,8'")),
    (OTHER + "threshold = true\n", "receivers[1].threshold", ("truth values are no numbers",)),
    (OTHER + "threshold = 2024-01-01\n", "receivers[1].threshold", (NUMBER,)),
    (OTHER + "threshold = nan\n", "receivers[1].threshold", ("finite",)),
    (OTHER + "threshold = [0.5]\n", "receivers[1].threshold", ("must be a number", "got [0.5]")),
    # priors
    (GAME + "prior = [0.5, 0.6]\n" + JUDGE, "prior", ("must sum to 1", "+0.1")),
    (GAME + "prior = {HL = 0.5, LH = 0.6}\n" + JUDGE, "prior", ("must sum to 1",)),
    (GAME + "prior = {HX = 0.5, LH = 0.5}\n" + JUDGE, "prior", ("words in L and H", "'HX'")),
    (GAME + "prior = {HLL = 0.5, LH = 0.5}\n" + JUDGE, "prior", ("of one length", "'LH'")),
    (GAME + 'prior = {HL = "half"}\n' + JUDGE, "prior.HL", (NUMBER,)),
    (GAME + "prior = 0.5\n" + JUDGE, "prior", ("must be a list of numbers", "got 0.5")),
    (GAME + "prior = [0.5, -0.5, 1]\n" + JUDGE, "prior[1]", ("must not be negative",)),
    (GAME + "prior = [[0.5, 0.1], [0.4]]\n" + JUDGE, "prior[1]", ("as before",)),
    (
        GAME + "prior = [[0.1, 0.2, 0.3], [0.2, 0.1, 0.1]]\n" + JUDGE + JUDGE,
        "receivers[1]",
        ("own states of shape (2,)", "have shape (3,)"),
    ),
    (JUDGES + "normalize = 1\n" + JUDGE, "normalize", ("must be true or false", "got 1")),
    (JUDGES + 'state_labels = "a"\n' + JUDGE, "state_labels", ("must be a list of names",)),
    (JUDGES + 'state_labels = ["a", "b", "c"]\n' + JUDGE * 2, "state_labels", ("2 axes",)),
    # votes
    (VOTE + "cutoffs = [0.5, 0.5]\nquota = 2.0\n", "quota", ("must be a whole number", "got 2.0")),
    (VOTE + "cutoffs = [0.5, 0.5]\nquota = 3\n", "quota", ("from 1 to 2", "got 3")),
    (VOTE + "cutoffs = [0.5]\nquota = 1\n", "cutoffs", ("must have shape (2,)",)),
    (VOTE + "cutoffs = [0.5, 0.5]\n", "quota", ("is missing",)),
    (VOTE + 'cutoffs = [0.5, 0.5]\nquota = 1\nnames = ["a"]\n', "names", ("2 names",)),
    # one common belief
    (BELIEFS + "[[payoffs]]\nbreakpoints = [0, 1]\nvalues = [0]\n", "payoffs[0].values", ("(2,)",)),
    (BELIEFS + "[[payoffs]]\nbreakpoint = [0, 1]\n", "payoffs[0].breakpoint", ("'breakpoints'?",)),
    (
        BELIEFS + "[[payoffs]]\nbreakpoints = [0.1, 1]\nvalues = [0, 1]\n",
        "payoffs[0].breakpoints[0]",
        ("must be 0 here", "got 0.1"),
    ),
    (BELIEFS + "[[payoffs]]\nthreshold = 0.5\nabout = [1]\n", "payoffs[0].about", ("(2,)",)),
    (BELIEFS + "[[payoffs]]\nbreakpoints = [0, 1]\n", "payoffs[0].values", ("is missing",)),
    (BELIEFS + 'grid = "fine"\n[[payoffs]]\nthreshold = 0.5\n', "grid", ("a number of steps",)),
    (BELIEFS + "grid = {steps = 3}\n[[payoffs]]\nthreshold = 0.5\n", "grid.steps", ("no key",)),
    (BELIEFS.replace("0.3", "1.3") + "[[payoffs]]\nthreshold = 0.5\n", "prior", ("got 1.3",)),
    (BELIEFS + "receivers = []\n", "receivers", ("there are problem", "payoffs")),
    # plans
    (
        PLAN + WORKER + 'difficulty = {distribution = "unifrm"}\n',
        "difficulty.distribution",
        (
            "one of uniform, beta, power",
            "did you mean 'uniform'?",
        ),
    ),
    (
        PLAN + WORKER + 'difficulty = {distributon = "uniform"}\n',
        "difficulty.distributon",
        ("did you mean 'distribution'?",),
    ),
    (
        PLAN + WORKER + 'difficulty = {distribution = "uniform", low = 0.5, high = 0.2}\n',
        "difficulty.high",
        ("must be above low, 0.5", "got 0.2"),
    ),
    (PLAN + WORKER + 'difficulty = {distribution = "beta", a = 2}\n', "difficulty.b", ("missing",)),
    (
        PLAN + WORKER + 'difficulty = {distribution = "beta", a = 2, b = -1}\n',
        "difficulty.b",
        ("must be positive",),
    ),
    (
        PLAN + WORKER + "difficulty = {states = [0.2, 0.6], masses = [-0.5, 1.5]}\n",
        "difficulty.masses[0]",
        ("must not be negative", "got -0.5"),
    ),
    (
        PLAN + WORKER + "difficulty = {states = [0.2, 0.6], masses = [1]}\n",
        "difficulty.masses",
        ("the states' shape (2,)",),
    ),
    (PLAN + WORKER + "difficulty = {states = [0.2, 1.6]}\n", "difficulty.states[1]", ("1.6",)),
    (PLAN + WORKER + "difficulty = 0.5\n", "difficulty", ("states and masses, or a distribution",)),
    (PLAN + TASK, "types", ("is missing",)),
    (PLAN + TASK + "types = [0.5]\n", "types[0]", ("below 1", "unrestricted=True")),
    (PLAN + TASK + "types = [1.5, 2]\ntype_probs = [0.3, 0.3]\n", "type_probs", ("sum to 1",)),
    (PLAN + TASK + WORKER + "type_prob = [1]\n", "type_prob", ("did you mean 'type_probs'",)),
    (PLAN + TASK + 'types = {distribution = "normal"}\n', "types.distribution", ("uniform, beta",)),
    (PLAN + TASK + 'types = {distribution = "uniform", low = 1}\n', "types.high", ("is missing",)),
    (PLAN + TASK + "types = {low = 1, high = 2}\n", "types.distribution", ("is missing",)),
    (PLAN + TASK + WORKER + 'unrestricted = "no"\n', "unrestricted", ("true or false", "'no'")),
    (PLAN.replace("0.4", "4") + TASK + WORKER, "payment", ("(0, 1)", "got 4")),
    # means
    (MEANS + "prior = {states = [0, 1]}\npayoff = 3\n", "payoff", ("must be a table", "got 3")),
    (
        MEANS
        + "prior = {states = [0, 1]}\npayoff = {breakpoints = [0, 2, 1], values = [0, 1, 0]}\n",
        "payoff.breakpoints[2]",
        ("must increase",),
    ),
    (MEANS + "prior = [0.5, 0.5]\n[payoff]\n", "prior", ("states and masses",)),
    # procedures
    (SOLVE + 'procedure = "sequentail"\n', "solve[0].procedure", ("did you mean 'sequential'?",)),
    (SOLVE + 'procedure = "sequential"\nordr = "best"\n', "solve[0].ordr", ("mean 'order'?",)),
    (SOLVE + 'procedure = "sequential"\norder = [0, 2]\n', "solve[0].order[1]", ("0 to 1",)),
    (SOLVE + 'procedure = "simultaneous"\norder = [0, 1]\n', "solve[0].order", ("not apply",)),
    (SOLVE + 'procedure = "simultaneous"\nexact = "yes"\n', "solve[0].exact", ("true or false",)),
    (SOLVE + 'procedure = "simultaneous"\ntime_limit = -1\n', "solve[0].time_limit", ("positive",)),
    (SOLVE + 'procedure = "simultaneous"\noptions = {}\n', "solve[0].options", ("time_limit",)),
    (
        SOLVE + 'procedure = "simultaneous"\nformulation = "nestd"\n',
        "solve[0].formulation",
        ("did you mean 'nested'?",),
    ),
    (SOLVE + "order = [0, 1]\n", "solve[0].procedure", ("is missing", "simultaneous")),
    (SOLVE + 'proceedure = "sequential"\n', "solve[0].proceedure", ("mean 'procedure'?",)),
    (TWO + '[solve]\nprocedure = "sequential"\n', "solve", ("under [[solve]]",)),
]

SYNTAX: list[tuple[str, int, str]] = [
    (JUDGES + "prior = [1]\n" + JUDGE, 3, "gives a key twice"),
    (JUDGES + "\tx = = 3\n", 3, "Invalid value"),
    ('problem = "PersuasionGame\n', 1, "a text in quotes does not end on its line"),
    (JUDGES + "[[receivers]\n", 3, "must be a TOML file"),
    (JUDGES + "[receivers]\n\n[receivers]\n", 5, "Cannot declare"),
    (JUDGES + "payoff = [1,\n", 4, "before the document ends"),
    (JUDGES + "threshold 0.8\n", 3, "Expected '='"),
]


def refusal(text: str, path: Path) -> InstanceError:
    path.write_text(text, "utf-8")
    with pytest.raises(InstanceError) as caught:
        read_file(path)
    return caught.value


@pytest.mark.parametrize(("text", "field", "said"), MISTAKES, ids=[m[1] for m in MISTAKES])
def test_mistakes_are_named(text: str, field: str, said: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    error = refusal(text, path)
    assert error.field == field
    assert error.file == str(path)
    message = str(error)
    assert message.isprintable()
    assert f": {field} " in message
    for words in said:
        assert words in message
    assert "$" not in message
    assert "Expected `" not in message
    assert "Object" not in message


@pytest.mark.parametrize(("text", "line", "said"), SYNTAX, ids=[m[2] for m in SYNTAX])
def test_lines_that_cannot_be_read_are_named(
    text: str, line: int, said: str, tmp_path: Path
) -> None:
    error = refusal(text, tmp_path / "mine.toml")
    assert error.line == line
    assert f"mine.toml, line {line}: " in str(error) or len(str(tmp_path)) > 60
    assert said in str(error)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"problem": "VotingGame",\n "quota": 1,\n "quota": 2}', None, "gives a name twice"),
        ('{"problem": "VotingGame",\n "quota": 1,}', 2, "column"),
        ('{"problem": "VotingGame"', 1, "column"),
    ],
)
def test_json_that_cannot_be_read_is_named(
    text: str, line: int | None, said: str, tmp_path: Path
) -> None:
    error = refusal(text, tmp_path / "mine.json")
    assert error.line == line
    assert "must be a JSON file" in str(error)
    assert said in str(error)


def test_the_files_without_mistakes_are_read(tmp_path: Path) -> None:
    """What the mistakes are made in has none itself."""
    path = tmp_path / "right.toml"
    for text in (
        TWO,
        SOLVE + 'procedure = "sequential"\norder = [1, 0]\n',
        PLAN + TASK + WORKER,
        VOTE + "cutoffs = [0.5, 0.5]\nquota = 1\n",
        BELIEFS + "[[payoffs]]\nthreshold = 0.5\n",
        MEANS + "prior = {states = [0, 1]}\npayoff = {breakpoints = [0, 1], values = [0, 1]}\n",
    ):
        path.write_text(text, "utf-8")
        read_file(path)


def test_what_a_constructor_refuses_stays_known() -> None:
    document: dict[str, Any] = {
        "problem": "PersuasionGame",
        "prior": [0.5, 0.5],
        "receivers": [{"threshold": 0.5}, {"cutoffs": [0.5, 2], "payoffs": [0, 1, 2]}],
    }
    with pytest.raises(InstanceError) as caught:
        problem_from(document)
    error = caught.value
    assert (error.field, error.file, error.line) == ("receivers[1].cutoffs[1]", None, None)
    assert isinstance(error.__cause__, InputError)
    assert error.__cause__.field == "cutoffs"
    assert json.dumps(error.value) == "2.0"
