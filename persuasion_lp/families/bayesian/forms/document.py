"""What a file says of a Bayesian game."""

from __future__ import annotations

from typing import Any

from persuasion_lp.core.documents.base import Given, ProblemDocument
from persuasion_lp.core.documents.numbers import Array
from persuasion_lp.errors import InstanceError
from persuasion_lp.families.bayesian.problem import BayesianGame

__all__ = ["BayesianDocument"]


class Aim(Given):
    """``"welfare"``, ``["player", i]``, or a table of payoffs."""

    @classmethod
    def read(cls, data: Any) -> Aim:
        """Name, name and number, or nested lists of numbers."""
        named = isinstance(data, list) and len(data) == 2 and data[0] == "player"
        if isinstance(data, str):
            if data != "welfare":
                rule = 'must be "welfare", ["player", i] or a table of payoffs'
                raise InstanceError("", rule, value=data)
        elif not named:
            Array.read(data)
        return cls(data)

    @property
    def objective(self) -> Any:
        """As the constructor takes it."""
        if isinstance(self.value, str):
            return self.value
        return tuple(self.value) if self.value[:1] == ["player"] else Array(self.value).numbers

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """One of the three."""
        player = {
            "type": "array",
            "prefixItems": [{"const": "player"}, {"type": "integer", "minimum": 0}],
            "minItems": 2,
            "maxItems": 2,
        }
        return {"anyOf": [{"const": "welfare"}, player, {"$ref": "#/$defs/Array"}]}


class BayesianDocument(ProblemDocument, tag="BayesianGame", kw_only=True):
    """A designer informs players whose payoffs depend on each other's actions."""

    prior: Array
    utilities: list[Array]
    objective: Aim | None = None
    normalize: bool = False
    names: list[str] | None = None
    action_labels: list[list[str]] | None = None
    state_labels: list[str] | None = None
    type_labels: list[list[str]] | None = None

    @classmethod
    def from_problem(cls, problem: BayesianGame) -> BayesianDocument:
        """What a file says of a game."""
        said = problem.aim.said
        aim: Any = said if said is None or isinstance(said, str) else list(said)
        if said is None:
            aim = Array.of("objective", problem.aim.parts[0].given).value
        return cls(
            prior=Array.of("prior", problem._written_prior),
            utilities=[Array.of("utilities", payoff.given) for payoff in problem.payoffs],
            objective=Aim(aim),
            names=_listed(problem.called),
            action_labels=_lists(problem.action_labels),
            state_labels=_listed(problem.state_labels),
            type_labels=_lists(problem.type_labels),
        )

    def to_problem(self) -> BayesianGame:
        """The game."""
        return BayesianGame(
            self.prior.numbers,
            [utility.numbers for utility in self.utilities],
            None if self.objective is None else self.objective.objective,
            normalize=self.normalize,
            names=self.names,
            action_labels=self.action_labels,
            state_labels=self.state_labels,
            type_labels=self.type_labels,
        )


def _listed(names: Any) -> list[str] | None:
    return None if names is None else list(names)


def _lists(names: Any) -> list[list[str]] | None:
    return None if names is None else [list(one) for one in names]
