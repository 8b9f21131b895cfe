"""The front door: ``solve(problem, procedure)``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Unpack, overload

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.family import family_of
from persuasion_lp.core.settings import settings_from
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.counts.result import AnonymousResult
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.registry import BayesianProcedure
from persuasion_lp.families.bayesian.result import BayesianResult
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.result import BeliefResult
from persuasion_lp.families.exchangeable.problem import ExchangeableGame
from persuasion_lp.families.exchangeable.result import ExchangeableResult
from persuasion_lp.families.games.optima.asked import studied_answer
from persuasion_lp.families.games.optima.constrained import ConstrainedResult, Constraint
from persuasion_lp.families.games.optima.credibility import CredibleResult
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.result import MeansResult
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.profile.result import ProfileResult
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.result import VoteResult
from persuasion_lp.families.votes.solve import VotingProcedure
from persuasion_lp.inputs import check_flag
from persuasion_lp.keywords import (
    BayesianKeywords,
    BeliefKeywords,
    CountKeywords,
    GameKeywords,
    MeansKeywords,
    MenuKeywords,
    OneStageKeywords,
    ProfileKeywords,
    SingleTestKeywords,
    VoteKeywords,
)

__all__ = ["has_exact_answer", "solve"]


@overload
def solve(
    problem: PersuasionGame,
    procedure: Literal["simultaneous", "first_best"],
    *,
    exact: Literal[False] = False,
    **settings: Unpack[OneStageKeywords],
) -> GameResult: ...
@overload
def solve(
    problem: PersuasionGame,
    procedure: Literal["simultaneous", "first_best"],
    *,
    exact: Literal[True],
    **settings: Unpack[OneStageKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: PersuasionGame,
    procedure: Literal["sequential", "intermediate", "flexible"],
    *,
    exact: Literal[False] = False,
    **settings: Unpack[GameKeywords],
) -> GameResult: ...
@overload
def solve(
    problem: PersuasionGame,
    procedure: Literal["sequential", "intermediate", "flexible"],
    *,
    exact: Literal[True],
    **settings: Unpack[GameKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: ExchangeableGame,
    procedure: Literal["simultaneous"],
    *,
    exact: Literal[False] = False,
    **settings: Unpack[CountKeywords],
) -> ExchangeableResult: ...
@overload
def solve(
    problem: ExchangeableGame,
    procedure: Literal["simultaneous"],
    *,
    exact: Literal[True],
    **settings: Unpack[CountKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: VotingGame,
    procedure: VotingProcedure,
    *,
    exact: Literal[False] = False,
    **settings: Unpack[VoteKeywords],
) -> VoteResult: ...
@overload
def solve(
    problem: VotingGame,
    procedure: VotingProcedure,
    *,
    exact: Literal[True],
    **settings: Unpack[VoteKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: BeliefGame,
    procedure: Procedure,
    *,
    exact: Literal[False] = False,
    **settings: Unpack[BeliefKeywords],
) -> BeliefResult: ...
@overload
def solve(
    problem: BeliefGame,
    procedure: Procedure,
    *,
    exact: Literal[True],
    **settings: Unpack[BeliefKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: AnonymousGame,
    procedure: Literal["bce", "public", "adversarial", "coarse"],
    *,
    exact: Literal[False] = False,
    **settings: Unpack[BayesianKeywords],
) -> AnonymousResult: ...
@overload
def solve(
    problem: AnonymousGame,
    procedure: Literal["bce", "public", "adversarial", "coarse"],
    *,
    exact: Literal[True],
    **settings: Unpack[BayesianKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: BayesianGame,
    procedure: BayesianProcedure,
    *,
    exact: Literal[False] = False,
    **settings: Unpack[BayesianKeywords],
) -> BayesianResult: ...
@overload
def solve(
    problem: BayesianGame,
    procedure: BayesianProcedure,
    *,
    exact: Literal[True],
    **settings: Unpack[BayesianKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: ManagerProblem,
    procedure: Literal["menu"],
    *,
    exact: Literal[False] = False,
    **settings: Unpack[MenuKeywords],
) -> MenuResult: ...
@overload
def solve(
    problem: ManagerProblem,
    procedure: Literal["menu"],
    *,
    exact: Literal[True],
    **settings: Unpack[MenuKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: ManagerProblem,
    procedure: Literal["single_test"],
    *,
    exact: Literal[False] = False,
    **settings: Unpack[SingleTestKeywords],
) -> MenuResult: ...
@overload
def solve(
    problem: ManagerProblem,
    procedure: Literal["single_test"],
    *,
    exact: Literal[True],
    **settings: Unpack[SingleTestKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: ManagerProblem,
    procedure: Literal["commitment"],
    *,
    exact: Literal[False] = False,
    **settings: Unpack[MeansKeywords],
) -> MeansResult: ...
@overload
def solve(
    problem: ManagerProblem,
    procedure: Literal["commitment"],
    *,
    exact: Literal[True],
    **settings: Unpack[MeansKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: ManagerProblem,
    procedure: Literal["profile_menu"],
    *,
    exact: Literal[False] = False,
    **settings: Unpack[ProfileKeywords],
) -> ProfileResult: ...
@overload
def solve(
    problem: ManagerProblem,
    procedure: Literal["profile_menu"],
    *,
    exact: Literal[True],
    **settings: Unpack[ProfileKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: PosteriorMeanGame,
    procedure: Literal["simultaneous"],
    *,
    exact: Literal[False] = False,
    **settings: Unpack[MeansKeywords],
) -> MeansResult: ...
@overload
def solve(
    problem: PosteriorMeanGame,
    procedure: Literal["simultaneous"],
    *,
    exact: Literal[True],
    **settings: Unpack[MeansKeywords],
) -> ExactResult: ...
@overload
def solve(
    problem: PersuasionGame | BeliefGame | BayesianGame,
    procedure: str,
    *,
    constraints: Sequence[Constraint],
    exact: bool = False,
    **settings: Any,
) -> ConstrainedResult: ...
@overload
def solve(
    problem: PersuasionGame | BeliefGame,
    procedure: Literal["simultaneous"],
    *,
    credibility: Any,
    exact: bool = False,
) -> CredibleResult: ...
def solve(
    problem: Any,
    procedure: str,
    *,
    exact: bool = False,
    constraints: Any = None,
    credibility: Any = None,
    **settings: Any,
) -> Any:
    """Solve a persuasion problem to a certified optimum.

    Parameters
    ----------
    problem
        A :class:`PersuasionGame`, an :class:`ExchangeableGame`, a :class:`BeliefGame`, a
        :class:`VotingGame`, a :class:`ManagerProblem`, a :class:`PosteriorMeanGame`, a
        :class:`BayesianGame` or an :class:`AnonymousGame`.
    procedure
        For a game ``"simultaneous"``, ``"sequential"``, ``"intermediate"``, ``"flexible"`` or
        ``"first_best"``; for a vote the first two and the last; for a manager's problem ``"menu"``,
        ``"single_test"``, ``"commitment"`` or, of several workers, ``"profile_menu"``; for an
        exchangeable and for a posterior-mean game
        ``"simultaneous"``; for a Bayesian game ``"bce"``, ``"public"``, ``"elicited"``,
        ``"unelicited"``, ``"adversarial"`` or ``"coarse"``.
    exact
        Return the optimal value and solution as fractions, proved; see :meth:`GameResult.exact`.
        For a :class:`PersuasionGame`, a :class:`VotingGame`, a :class:`BeliefGame` with two states
        and piecewise-linear payoffs (:meth:`BeliefResult.exact`), a :class:`ManagerProblem` with
        finitely many states and types (:meth:`MenuResult.exact`), and a
        :class:`PosteriorMeanGame` on a :class:`StateGrid` with a :class:`PiecewiseLinear` payoff
        (:meth:`MeansResult.exact`). No floating-point proof is needed on the way: only an order
        that is searched for is first looked for in floats, and may be found without. ``tol=``
        has nothing to refine then, and ``progress=`` nothing to report.
    constraints
        :class:`Constraint` objects that the experiment must satisfy, of a :class:`PersuasionGame`
        a :class:`BeliefGame` with receivers or a :class:`BayesianGame`; the answer is a
        :class:`ConstrainedResult`, in rationals in any case. Of the settings only ``order`` and
        ``sense`` go with them.
    credibility
        χ in [0, 1], for ``"simultaneous"``: with probability χ the experiment is followed, with
        probability 1 − χ the sender says what she likes; 0 is cheap talk, 1 (as if left out)
        commitment. The answer is a :class:`CredibleResult`, in rationals in any case.
    **settings
        order
            For ``"sequential"``: a permutation of the receivers ``0 … n-1``, or ``"best"``
            (default) for the best of all of them, proved by bounds.
        options
            :class:`SolverOptions`: algorithm, limits, HiGHS options. The time limit is one for the
            whole call.
        formulation
            Of a game or a vote, ``"nested"`` or ``"paths"``: the same programme stage by
            stage, or with one column for each complete path of recommendations as printed in
            papers (in a vote, each coalition of approvers). Of a large game also ``"blocks"``
            (one public signal: an interior point method that takes the programme profile by
            profile) and ``"columns"`` (private messages, a payoff over profiles: columns are
            generated); ``"auto"`` (default) chooses by procedure and size, and
            ``result.formulation`` says which one gave the answer: where floats prove too little,
            the programme is solved whole. Of a
            belief game, ``"envelopes"`` (default up to 4 states) or ``"lp"``, the recursion of
            concave envelopes as one linear program. Of a menu, ``"rays"`` (default, closed form),
            ``"reduced"`` or ``"full"``; of a single test, ``"closed_form"`` (default) or
            ``"cutoffs"``; with posterior means (``"commitment"`` included), ``"majorization"``
            (default) or ``"transport"``.
        incentives
            Of the ``"full"`` menu programme: ``"neighbours"`` (default) or ``"all"`` pairs of
            types.
        sense
            Of a Bayesian game, ``"max"`` (default) or ``"min"``: the best or the worst for the
            designer.
        memory_limit
            Bytes that a linear program may take; 4 GiB if left out. Not of single tests, whose
            programmes are small.
        tol
            Width to which the bracket ``[lower, upper]`` is refined. Of a game: large programmes
            (``"blocks"``, ``"columns"``) end when it is reached. Of a belief game: the grid is
            refined, and ``progress=`` is called with each :class:`Refinement`. Of a menu: 1e-9 for
            a continuous difficulty, 1e-6 for continuous types if left out. With posterior means:
            ``cells=`` (64) fixes the grid unless ``tol`` is given.

    Returns
    -------
    GameResult, BeliefResult, MenuResult, MeansResult, BayesianResult, … or ExactResult
        Value, experiment or tests, prices, multipliers, and a certificate that holds; with
        ``exact=True`` value and solution in fractions, and a certificate that needs no solver to
        be verified.

    Raises
    ------
    InputError
        One of its leaves, before anything is solved: unknown procedure or setting, order that is
        no permutation, program too large.
    SolveError
        One of its leaves: a limit was reached (the error carries a bracket on the optimum), or no
        answer could be proved. A value is never returned without its proof.

    Examples
    --------
    Two judges, exactly one of two defendants guilty (KKS, Example 1): who is tried second hears
    more.

    >>> import persuasion_lp as plp
    >>> judges = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.8)] * 2)
    >>> round(plp.solve(judges, "simultaneous").value, 9)
    1.0
    >>> round(plp.solve(judges, "sequential", order="best").value, 9)
    1.15625
    >>> plp.solve(judges, "sequential", exact=True).value
    Fraction(37, 32)
    """
    check_flag("exact", exact)
    if constraints is not None or credibility is not None:
        return studied_answer(problem, procedure, constraints, credibility, settings)
    family = family_of(problem)
    chosen = settings_from(family.spec(procedure).settings, settings)
    return family.answer(problem, procedure, chosen, exact=bool(exact))


def has_exact_answer(problem: Any, procedure: str) -> bool:
    """Tell whether ``solve(problem, procedure, exact=True)`` exists for such a problem."""
    procedures = family_of(problem).procedures
    spec = procedures.get(procedure) if isinstance(procedure, str) else None
    return spec is not None and spec.exact is not None and spec.has_exact(problem)
