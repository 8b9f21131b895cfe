"""What a family of problems can do, and the registry: the only place that says so.

A family is one class of problems with its procedures. Everything that serves all problems reads the
registry: ``solve``, ``compare``, ``has_exact_answer``, the command line, instance files, shrinking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.forms.base import RationalInstance, accept
from persuasion_lp.core.limits import Bracket, nothing_known, within_limits
from persuasion_lp.core.ordering import Check
from persuasion_lp.core.result import Result
from persuasion_lp.core.saving.record import Recorded, stated
from persuasion_lp.core.saving.saveable import recorded
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import InputError, InstanceError, OptionError, ProcedureError
from persuasion_lp.inputs import check_choice
from persuasion_lp.lp.engine.tape import Tape, taped
from persuasion_lp.primitives.content import Document, write_by
from persuasion_lp.words import Report, speak

__all__ = [
    "Family",
    "ProblemForm",
    "ProcedureSpec",
    "document_of",
    "families",
    "family_of",
    "register",
]

ProblemT = TypeVar("ProblemT")
SettingsT = TypeVar("SettingsT", bound=Settings)
ResultT = TypeVar("ResultT", bound=Result)


def _always(_: Any) -> bool:
    return True


class ProblemForm(Protocol):
    """What files say of the problems of a class: a :class:`ProblemDocument`."""

    @classmethod
    def from_problem(cls, problem: Any) -> Any:
        """What a file says of a problem."""

    def in_full(self) -> Any:
        """The document that makes up the problem's key."""

    def to_problem(self) -> Any:
        """The problem."""


@dataclass(frozen=True)
class ProcedureSpec(Generic[ProblemT, SettingsT, ResultT]):
    """One procedure of a family.

    Attributes
    ----------
    settings
        What may be passed to ``solve`` beside problem and procedure: a frozen dataclass.
    solve
        From problem and settings to a certified answer in floats.
    exact
        From problem and settings to the answer in rationals; ``None`` where there is none.
    has_exact
        Whether ``exact`` answers for a problem.
    applies
        Whether the procedure is for a problem; it refuses others itself, and they are not compared
        under it.
    """

    settings: type[SettingsT]
    solve: Callable[[ProblemT, SettingsT], ResultT]
    exact: Callable[[ProblemT, SettingsT], ExactResult] | None = None
    has_exact: Callable[[ProblemT], bool] = _always
    applies: Callable[[ProblemT], bool] = _always


@dataclass(frozen=True)
class Family(Generic[ProblemT]):
    """A class of problems, and what can be done with them.

    Attributes
    ----------
    kind
        The class.
    procedures
        By name, in the order in which they are listed and compared.
    form
        Its rational form: instance files, shrinking, digits. ``None`` if it has no files.
    ordering
        What theory says about the values of its procedures: from a problem and its results, by
        procedure, to checks.
    known
        A bracket on the optimum of a procedure that needs no solving, for answers that a limit cut
        short; nothing is known if left out.
    document
        What its instance files say (``core/documents/base.py``): a function, so that it is loaded
        with the first file, that gives a class derived from ``ProblemDocument``. ``None`` if there
        are none.
    words
        What is said of its problems and of its answers, by class.
    """

    kind: type[ProblemT]
    procedures: Mapping[str, ProcedureSpec[ProblemT, Any, Any]]
    form: type[RationalInstance] | None
    ordering: Callable[[ProblemT, Mapping[str, Any]], tuple[Check, ...]]
    known: Callable[[ProblemT, str], Bracket] = nothing_known
    document: Callable[[], type[ProblemForm]] | None = None
    words: Mapping[type, Callable[[Any], Report]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "procedures", MappingProxyType(dict(self.procedures)))

    def spec(self, procedure: Any) -> ProcedureSpec[ProblemT, Any, Any]:
        """A procedure by its name.

        Raises
        ------
        ProcedureError
            If the family has none of this name; the message lists those it has.
        """
        check_choice("procedure", procedure, tuple(self.procedures), ProcedureError)
        return self.procedures[procedure]

    def procedures_for(self, problem: ProblemT) -> tuple[str, ...]:
        """Names of the procedures that are for a problem."""
        return tuple(name for name, spec in self.procedures.items() if spec.applies(problem))

    def answer(
        self,
        problem: ProblemT,
        procedure: str,
        settings: Settings,
        *,
        exact: bool = False,
        tape: Tape | None = None,
    ) -> Any:
        """The answer in floats, or in rationals, within the limits that the settings state.

        What the solver finds is kept on a tape; one that has been kept before is played in the
        solver's place, as far as it is proved again.

        Raises
        ------
        OptionError
            If there is no answer in rationals.
        LimitError
            If a limit was reached; it carries a bracket on the optimum of the problem.
        """
        spec = self.spec(procedure)
        chosen: Callable[[ProblemT, Any], Any] | None = spec.exact if exact else spec.solve
        if chosen is None:
            raise OptionError("exact", f"does not apply to the {procedure} procedure", value=True)
        said = stated(settings)
        with taped(tape or Tape()) as running:
            answer = within_limits(
                partial(chosen, problem, settings),
                getattr(settings, "options", None),
                partial(self.known, problem, procedure),
                getattr(settings, "memory_limit", None),
            )
        return recorded(answer, Recorded(said, exact, FrozenMapping(running.kept)))


_FAMILIES: dict[type, Family[Any]] = {}


def register(family: Family[Any]) -> Family[Any]:
    """Add a family to the registry, and its form to those that instance files may name.

    One that has the same class gives way.
    """
    _FAMILIES[family.kind] = family
    if family.form is not None:
        accept(family.form)
    write_by(family.kind, partial(document_of, family, in_full=True))
    for kind, words in family.words.items():
        speak(kind, words)
    return family


def document_of(family: Family[Any], problem: Any, *, in_full: bool = False) -> Document:
    """What the file of a problem says, in plain Python; ``in_full`` for its key.

    Raises
    ------
    InstanceError
        For what cannot be written down.
    """
    if family.document is None:
        name = family.kind.__name__
        raise InstanceError("problem", f"cannot be written: {name} has no files", value=name)
    from persuasion_lp.core.documents.base import plain

    document = family.document().from_problem(problem)
    return plain(document.in_full() if in_full else document)


def families() -> tuple[Family[Any], ...]:
    """The families registered, in that order."""
    return tuple(_FAMILIES.values())


def family_of(problem: Any) -> Family[Any]:
    """The family that a problem belongs to.

    Raises
    ------
    InputError
        If it is no problem; the message lists the classes of problems.
    """
    for kind in type(problem).__mro__:
        if kind in _FAMILIES:
            return _FAMILIES[kind]
    known = ", ".join(kind.__name__ for kind in _FAMILIES)
    inside = getattr(type(problem), "__dataclass_fields__", {})
    hint = " (pass its .problem)" if "problem" in inside else ""
    raise InputError("problem", f"must be one of {known}{hint}", value=type(problem).__name__)
