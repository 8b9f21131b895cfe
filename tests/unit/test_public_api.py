"""What users may type stays, but for the changes listed here.

``tests/data/public_api.json`` is what there was before each family had a folder of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

import persuasion_lp as plp
from tests.public_api import MODULES, described, differences, flattened, public_api

SNAPSHOT = Path(__file__).parent.parent / "data" / "public_api.json"


class Change(NamedTuple):
    """An intended change: a part of the new text, and why."""

    now: str
    reason: str


PROTOCOL = "every result has experiment, prices and both benchmarks"
ASKED_FOR = "a file that is there is replaced only if that is asked for"
ANY_PROBLEM = "any family's problem"
SEALED = "a certificate belongs to its answer"
NEW_MODULE = "statements tried on random problems; its names are still found in theorems"

NORMALIZE = ", *, normalize: bool = False, "
DESCRIBED = "problems and answers describe themselves"
NAMED = "states, actions, receivers and types may have names"
FILES = "problems are read from files and written to them"
FILE_FUNCTIONS = frozenset({"load", "read", "schema", "write"})
SWEEPS = frozenset({"Sweep", "sweep"})
GROUPS = frozenset({"ExchangeableGame", "ExchangeableResult"})
BAYESIAN = frozenset(
    {"AnonymousGame", "AnonymousResult", "BayesianGame", "BayesianResult", "ProfileResult"}
)
STUDIES = frozenset(
    {
        *("ConstrainedResult", "Constraint", "CredibilityCurve", "CredibleResult", "Frontier"),
        *("Functional", "FunctionalRange", "Trace", "Uniqueness"),
        *("credibility_curve", "frontier", "trace"),
    }
)
HIDDEN = "what an optimum hides"
SAME = "problems that say the same are equal"
COUNTS = "counts are a prior with normalize=True"

INTENDED = {
    "persuasion_lp.BeliefResult": Change("*, seal: Seal | None = None)", SEALED),
    "persuasion_lp.BeliefResult.seal": Change("added", SEALED),
    "persuasion_lp.ExactResult": Change("*, seal: Seal | None = None)", SEALED),
    "persuasion_lp.ExactResult.seal": Change("added", SEALED),
    "persuasion_lp.Experiment.malformed": Change("added", "certificates refuse nonsense"),
    "persuasion_lp.Experiment.misfits": Change("added", "certificates refuse nonsense"),
    "persuasion_lp.GameResult.profiles": Change("-> Mapping[", "read-only"),
    "persuasion_lp.GameResult.seal": Change("added", SEALED),
    "persuasion_lp.MeansResult.seal": Change("added", SEALED),
    "persuasion_lp.MenuResult.seal": Change("added", SEALED),
    "persuasion_lp.SequentialImprovement": Change("*, seal: Seal | None = None)", SEALED),
    "persuasion_lp.SequentialImprovement.seal": Change("added", SEALED),
    "persuasion_lp.BeliefGame": Change(NORMALIZE, COUNTS),
    "persuasion_lp.PersuasionGame": Change(NORMALIZE, COUNTS),
    "persuasion_lp.Receiver.rule": Change("added", "what was stated can be read back"),
    "persuasion_lp.StateGrid": Change(NORMALIZE, COUNTS),
    "persuasion_lp.VotingGame": Change(NORMALIZE, COUNTS),
    **{
        f"persuasion_lp.{kind}.save": Change("added", "answers are saved, and proved anew")
        for kind in ("BeliefResult", "ExactResult", "GameResult", "MeansResult", "MenuResult")
    },
    "persuasion_lp.load": Change("added", "answers are saved, and proved anew"),
    "persuasion_lp.priors.from_frame": Change("added", "priors from data"),
    "persuasion_lp.priors.labels_from_frame": Change("added", "priors from data"),
    "persuasion_lp.priors.from_table": Change("(table: Any, *, normalize: bool = False)", COUNTS),
    "persuasion_lp.Comparison": Change("(problem: Any, ", "compares any family"),
    "persuasion_lp.GameResult": Change(
        "certificate: GameCertificate, programme: Any", "a vote's programme is the votes' own"
    ),
    "persuasion_lp.MeansResult": Change(
        "(problem: Any, game: PosteriorMeanGame, ", "the problem is what was passed to solve"
    ),
    "persuasion_lp.BeliefGame.benchmarks": Change("added", "what brackets are made of"),
    "persuasion_lp.BeliefGame.needs_grid": Change("added", "exact has one meaning"),
    "persuasion_lp.BeliefGame.payoff_and_error": Change("added", "what brackets are made of"),
    "persuasion_lp.BeliefGame.written": Change("added", "what brackets are made of"),
    "persuasion_lp.BeliefGame.written_prior": Change("added", "what brackets are made of"),
    "persuasion_lp.PiecewiseLinear.numbers": Change("added", "what brackets are made of"),
    "persuasion_lp.ManagerProblem.finite": Change("added", "exact has one meaning"),
    "persuasion_lp.ManagerProblem.normalized_numbers": Change("added", "what brackets are made of"),
    "persuasion_lp.ManagerProblem.type_integers": Change("added", "what brackets are made of"),
    "persuasion_lp.ManagerProblem.written_payment": Change("added", "what brackets are made of"),
    "persuasion_lp.MenuResult.lp": Change("added", "laid out when looked at"),
    "persuasion_lp.StateGrid.integers": Change("added", "what brackets are made of"),
    "persuasion_lp.priors.check_belief": Change("added", "moved"),
    "persuasion_lp.LinearProgram.write": Change("overwrite: bool = False", ASKED_FOR),
    "persuasion_lp.errors.FileError": Change("added", "a full disk is no fault of a problem's"),
    "persuasion_lp.errors.TooLargeError": Change("added", "the parent of both size errors"),
    "persuasion_lp.errors.PersuasionWarning": Change("added", "admissible, perhaps not meant"),
    "persuasion_lp.MenuResult": Change("refinements: tuple[Refinement, ...]", PROTOCOL),
    "persuasion_lp.PersuasionGame.at_stake": Change("added", "what brackets are made of"),
    "persuasion_lp.PersuasionGame.payoff_sizes": Change("added", "what brackets are made of"),
    "persuasion_lp.PersuasionGame.revealed": Change("added", "what brackets are made of"),
    "persuasion_lp.PersuasionGame.sides": Change("added", "what brackets are made of"),
    "persuasion_lp.PersuasionGame.written_numbers": Change("added", "what brackets are made of"),
    "persuasion_lp.MeansResult.experiment": Change("removed", "a field: decoded when solved"),
    "persuasion_lp.PosteriorMeanGame.known_pieces": Change("added", "what brackets are made of"),
    "persuasion_lp.PosteriorMeanGame.settled_numbers": Change("added", "what brackets are made of"),
    "persuasion_lp.StateDistribution.cdf_error": Change("added", "what brackets assume"),
    "persuasion_lp.StateDistribution.moment_error": Change("added", "what brackets assume"),
    "persuasion_lp.StateGrid.settled_numbers": Change("added", "what brackets are made of"),
    "persuasion_lp.priors.written_prior": Change("added", "priors in float32 are read"),
    "persuasion_lp.PosteriorMeanGame.bounded": Change("added", "says whether there is a bound"),
    "persuasion_lp.SolverOptions.seconds": Change("added", "one time limit for the whole call"),
    "persuasion_lp.SolverOptions.limits_iterations": Change("added", "cycling is no limit"),
    "persuasion_lp.VotingGame.written_numbers": Change("added", "what brackets are made of"),
    "persuasion_lp.MeansResult.full_information": Change("added", PROTOCOL),
    "persuasion_lp.MeansResult.no_information": Change("added", PROTOCOL),
    "persuasion_lp.MeansResult.prices": Change("added", PROTOCOL),
    "persuasion_lp.MenuResult.experiment": Change("added", PROTOCOL),
    "persuasion_lp.MenuResult.full_information": Change("added", PROTOCOL),
    "persuasion_lp.MenuResult.no_information": Change("added", PROTOCOL),
    "persuasion_lp.MenuResult.prices": Change("added", PROTOCOL),
    "persuasion_lp.PosteriorMeanGame.commitment": Change(
        "(cls, problem: PrivateWorker) ", "menus import means, not the reverse"
    ),
    "persuasion_lp.PosteriorMeanGame.payoff_with_full_information": Change("added", PROTOCOL),
    "persuasion_lp.PosteriorMeanGame.payoff_without_information": Change("added", PROTOCOL),
    "persuasion_lp.compare": Change("(problem: Any, **settings: Any)", "compares any family"),
    "persuasion_lp.laboratory": Change("added", NEW_MODULE),
    "persuasion_lp.theorems.search": Change("Callable[[Generator], Any]", ANY_PROBLEM),
    "persuasion_lp.ManagerProblem": Change("type_labels: Sequence[str] | None = None", NAMED),
    "persuasion_lp.Receiver": Change("action_labels: Sequence[str] | None = None", NAMED),
    **{
        f"persuasion_lp.Receiver.{maker}": Change("action_labels: Sequence[str] | None", NAMED)
        for maker in ("accepting", "from_utility", "threshold")
    },
    **{
        f"persuasion_lp.{kind}.describe": Change("added", DESCRIBED)
        for kind in [
            "BeliefGame",
            "BeliefResult",
            "Comparison",
            "ExactResult",
            "GameResult",
            "ManagerProblem",
            "MeansResult",
            "MenuResult",
            "PersuasionGame",
            "PosteriorMeanGame",
            "VotingGame",
        ]
    },
    "persuasion_lp.GameResult.laid_out": Change("added", "formulations that leave columns out"),
    "persuasion_lp.GameResult.receiver_payoffs": Change("added", DESCRIBED),
    "persuasion_lp.GameResult.size": Change("added", "formulations that leave columns out"),
    **{
        f"persuasion_lp.{kind}.{name}": Change("added", NAMED)
        for kind in ("BeliefGame", "PersuasionGame", "VotingGame")
        for name in ("called", "names", "state_names")
    },
    **{
        f"persuasion_lp.{kind}.key": Change("added", SAME)
        for kind in (
            "BeliefGame",
            "ManagerProblem",
            "PersuasionGame",
            "PosteriorMeanGame",
            "VotingGame",
        )
    },
    **{f"persuasion_lp.{name}": Change("added", "alike receivers, by counts") for name in GROUPS},
    **{f"persuasion_lp.{name}": Change("added", "players and their games") for name in BAYESIAN},
    **{f"persuasion_lp.{name}": Change("added", HIDDEN) for name in STUDIES},
    "persuasion_lp.theorems.bm": Change("added", "players and their games"),
    "persuasion_lp.theorems.lr": Change("added", HIDDEN),
    **{
        f"persuasion_lp.theorems.draws.{name}": Change("added", HIDDEN)
        for name in ("Message", "cheap_message", "credible_message")
    },
    "persuasion_lp.BeliefResult.range": Change("added", HIDDEN),
    "persuasion_lp.GameResult.range": Change("added", HIDDEN),
    "persuasion_lp.GameResult.unique": Change("added", HIDDEN),
    "persuasion_lp.Receiver.rational_utility": Change("added", HIDDEN),
    "persuasion_lp.solve": Change("constraints: Any = None, credibility: Any = None", HIDDEN),
    "persuasion_lp.errors.SizeError": Change("(what: str, instead: str = ''", "names what fits"),
    **{f"persuasion_lp.{name}": Change("added", FILES) for name in FILE_FUNCTIONS},
    "persuasion_lp.plots": Change("added", "pictures"),
    **{f"persuasion_lp.{name}": Change("added", "many instances at once") for name in SWEEPS},
    "persuasion_lp.errors.ClusterError": Change("added", "many instances at once"),
    "persuasion_lp.errors.InstanceError": Change("file: str | None = None", FILES),
    "persuasion_lp.StateDistribution.beta": Change("low: Numbers = 0.0", FILES),
}


def unintended(found: dict[str, str]) -> dict[str, str]:
    """Changes that are not listed, or are not what is listed."""
    return {path: text for path, text in found.items() if text not in _allowed(path, text)}


def _allowed(path: str, text: str) -> tuple[str, ...]:
    change = INTENDED.get(path)
    if change is None:
        return ()
    exact = change.now in ("added", "removed")
    return (text,) if (change.now == text if exact else change.now in text) else ()


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    before = json.loads(SNAPSHOT.read_text("utf-8"))
    return differences(flattened(before), flattened(public_api()))


def test_nothing_changes_unintended(found: dict[str, str]) -> None:
    assert unintended(found) == {}


def test_every_intended_change_is_made(found: dict[str, str]) -> None:
    assert INTENDED.keys() - found.keys() == set()


def test_snapshot_is_sorted_and_complete() -> None:
    text = SNAPSHOT.read_text("utf-8")
    data = json.loads(text)
    assert text == json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert sorted(data) == sorted(MODULES)
    assert set(data["persuasion_lp"]) == {*plp.__all__} - {
        *("laboratory", "plots"),
        *FILE_FUNCTIONS,
        *SWEEPS,
        *GROUPS,
        *STUDIES,
        *BAYESIAN,
    }


class Old:
    """A class before."""

    def __init__(self, x: float) -> None:
        self.x = x

    def twice(self) -> float:
        """2 x."""
        return 2 * self.x


class New(Old):
    """The class after."""

    @property
    def half(self) -> float:
        """X / 2."""
        return self.x / 2


def later(x: plp.LinearProgram, /, *, y: tuple[int, ...] = ()) -> plp.errors.InputError:
    """Module paths in annotations."""
    raise NotImplementedError


def test_signatures_leave_module_paths_out() -> None:
    assert described(later) == "(x: LinearProgram, /, *, y: tuple[int, ...] = ()) -> InputError"


def test_members_of_a_class() -> None:
    assert described(New) == {
        "()": "(x: float)",
        "half": "property -> float",
        "twice": "(self) -> float",
    }


def test_changes_are_seen() -> None:
    one = flattened({"m": {"f": "(x: int)", "k": described(New), "old": "(x)"}})
    other = flattened({"m": {"f": "(y: int)", "k": described(Old), "g": described(New)}})
    assert differences(one, other) == {
        "m.f": "(y: int)",
        "m.g": "added",
        "m.k.half": "removed",
        "m.old": "removed",
    }


def test_changes_that_nobody_intended() -> None:
    assert unintended({"persuasion_lp.solve": "removed"})
    assert unintended({"persuasion_lp.laboratory": "removed"})
    assert unintended({"persuasion_lp.compare": "(game: Any)"})
    assert not unintended({"persuasion_lp.laboratory": "added"})
