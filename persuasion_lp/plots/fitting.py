"""Which picture shows what, and what is said when one is asked for that does not fit."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.beliefs.simplex import SimplexEnvelope
from persuasion_lp.compare import Comparison
from persuasion_lp.core.family import families
from persuasion_lp.errors import InputError, PersuasionWarning
from persuasion_lp.families.bayesian.counts.result import AnonymousResult
from persuasion_lp.families.bayesian.result import BayesianResult
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.result import BeliefResult
from persuasion_lp.families.games.optima.credibility import CredibilityCurve
from persuasion_lp.families.games.optima.frontier import Frontier
from persuasion_lp.families.games.optima.trace import Trace
from persuasion_lp.families.games.pacman import Pacman
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.result import MeansResult
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.menus.screening import ScreeningTest
from persuasion_lp.families.menus.statics import Statics
from persuasion_lp.inputs import is_a, is_frame
from persuasion_lp.sweep import Sweep
from persuasion_lp.sweep.grid import COLUMNS

__all__ = ["PICTURES", "as_belief_game", "check_fits", "fitting"]


def as_belief_game(of: Any) -> BeliefGame | None:
    """A problem or an answer's problem as a game on one common belief, where it is one.

    A :class:`PersuasionGame` is, if its prior has one axis and its payoff is additive.
    """
    problem = of.problem if is_a(of, (BeliefResult, GameResult)) else of
    if is_a(problem, BeliefGame):
        return problem
    common = is_a(problem, PersuasionGame) and problem.prior.ndim == 1
    if common and problem.prior.size > 1 and problem.payoff is None:
        steps = 1 if problem.prior.size > 2 else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PersuasionWarning)
            return BeliefGame(
                problem.prior, problem.receivers, steps, state_labels=problem.state_labels
            )
    return None


def _on_interval(of: Any) -> bool:
    game = as_belief_game(of)
    return game is not None and game.on_interval


def _value_function(of: Any) -> bool:
    told = not is_a(of, (BeliefResult, GameResult)) or of.procedure == "simultaneous"
    return is_a(of, IntervalEnvelope) or (told and _on_interval(of))


def _stages(of: Any) -> bool:
    return is_a(of, BeliefResult) and of.problem.on_interval and of.procedure == "sequential"


def _simplex(of: Any) -> bool:
    if is_a(of, SimplexEnvelope):
        return bool(of.beliefs.shape[1] == 3)
    game = as_belief_game(of)
    return game is not None and game.states == 3


def _means(of: Any) -> bool:
    return is_a(of, MeansResult)


def _prices(of: Any) -> bool:
    return is_a(of, (MeansResult, PosteriorMeanGame))


def _tests(of: Any) -> bool:
    return is_a(of, MenuResult) or (is_a(of, ScreeningTest) and of.proposal is None)


def _menu_region(of: Any) -> bool:
    return is_a(of, (ManagerProblem, MenuResult))


def _procedures(of: Any) -> bool:
    return is_a(of, Comparison) or any(is_a(of, family.kind) for family in families())


def _experiment(of: Any) -> bool:
    return is_a(of, GameResult)


def _recommendation(of: Any) -> bool:
    return is_a(of, (BayesianResult, AnonymousResult))


def _deviations(of: Any) -> bool:
    return is_a(of, BayesianResult)


def _order_tree(of: Any) -> bool:
    return is_a(of, GameResult) and of.procedure in ("sequential", "intermediate", "flexible")


def _pacman(of: Any) -> bool:
    return is_a(of, Pacman)


def _is(of: Any, kind: type) -> bool:
    return is_a(of, kind)


def _statics(of: Any) -> bool:
    return is_a(of, Statics)


def _convergence(of: Any) -> bool:
    if is_a(of, (BeliefResult, MeansResult, MenuResult)):
        return bool(of.refinements)
    return is_frame(of) and len(of) > 0 and {"n", "lower", "upper"} <= set(of.columns)


def _phase(of: Any) -> bool:
    if is_a(of, Sweep):
        return len(of.axes) >= 2 and len(of.procedures) == 1
    if not is_frame(of) or not len(of) or "value" not in of.columns or "n" in of.columns:
        return False
    return len([name for name in of.columns if name not in COLUMNS]) >= 2


Fits = Callable[[Any], bool]

PICTURES: Mapping[str, tuple[str, Fits]] = MappingProxyType(
    {
        "value_function": (
            "a game on one common belief over two states, its simultaneous answer, or an envelope "
            "on an interval",
            _value_function,
        ),
        "stages": (
            "the sequential answer to a game on one common belief over two states",
            _stages,
        ),
        "simplex": (
            "a game on one common belief over three states, its answer, or an envelope over three "
            "states",
            _simplex,
        ),
        "price_function": ("a posterior-mean game or its answer", _prices),
        "means": ("the answer to a posterior-mean game", _means),
        "recommendation": ("the answer to a Bayesian game", _recommendation),
        "deviations": ("the answer to a Bayesian game with named players", _deviations),
        "experiment": ("the answer to a persuasion game or a vote", _experiment),
        "tests": (
            "the answer to a manager's problem, or a test of a continuous difficulty",
            _tests,
        ),
        "menu_region": ("a manager's problem or its answer", _menu_region),
        "order_tree": (
            "the sequential, intermediate or flexible answer to a persuasion game or a vote",
            _order_tree,
        ),
        "pacman": ("the Pacman procedure of a game, plp.Pacman(game)", _pacman),
        "statics": ("comparative statics, as of plp.capability_statics(…)", _statics),
        "convergence": (
            "a frame with columns n, lower, upper, or an answer that was refined",
            _convergence,
        ),
        "frontier": ("achievable pairs, as of plp.frontier(…)", partial(_is, kind=Frontier)),
        "trace": ("a trace, as of plp.trace(…)", partial(_is, kind=Trace)),
        "credibility": (
            "a credibility curve, as of plp.credibility_curve(…)",
            partial(_is, kind=CredibilityCurve),
        ),
        "phase": (
            "a sweep over two axes or more under one procedure, or a frame with two axes and a "
            "column value, as of sweep.gain(a, b)",
            _phase,
        ),
        "procedures": ("a comparison of procedures, or a problem that is compared", _procedures),
    }
)
"""Each picture with what it needs, in words and as a test."""


def fitting(of: Any) -> tuple[str, ...]:
    """Names of the pictures that can be drawn of a problem, an answer, an envelope, a table.

    Examples
    --------
    >>> import persuasion_lp as plp
    >>> fitting(plp.BeliefGame(0.5, [plp.Receiver.threshold(0.8)]))
    ('value_function', 'procedures')
    """
    return tuple(name for name, (_, fits) in PICTURES.items() if fits(of))


def check_fits(picture: str, of: Any) -> None:
    """Refuse what a picture cannot show, and name those that can.

    Raises
    ------
    InputError
        Naming the picture, what it needs, and what was passed.
    """
    needs, fits = PICTURES[picture]
    if fits(of):
        return
    others = [f"plots.{name}" for name in fitting(of)]
    instead = f" ({' or '.join(others)} shows this one)" if others else ""
    raise InputError("of", f"must be {needs} for plots.{picture}{instead}", value=of)
