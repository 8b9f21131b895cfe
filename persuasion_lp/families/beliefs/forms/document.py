"""What a file says of a game on one common belief."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from persuasion_lp.beliefs import IntervalGrid, PiecewiseLinear, SimplexGrid
from persuasion_lp.beliefs.grids import GRID_MEMORY_LIMIT
from persuasion_lp.core.documents.base import Given, ProblemDocument, Table, plain
from persuasion_lp.core.documents.functions import WAY_OUT, FunctionTable
from persuasion_lp.core.documents.numbers import Array, Number, exact_text
from persuasion_lp.core.documents.priors import Belief, StateLabels, labels_of
from persuasion_lp.core.documents.receivers import ReceiverTable
from persuasion_lp.core.documents.refusals import below
from persuasion_lp.core.documents.validation import converted
from persuasion_lp.errors import InstanceError
from persuasion_lp.families.beliefs.problem import BeliefGame, BeliefPayoff
from persuasion_lp.inputs import is_whole, near_names
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["BeliefDocument"]


class PayoffTable(Given):
    """A receiver, or a function of the belief."""

    tables = (ReceiverTable, FunctionTable)

    @classmethod
    def read(cls, data: Any) -> PayoffTable:
        """A table of one of the two kinds."""
        return cls(plain(_table(data)))

    @classmethod
    def of(cls, payoff: BeliefPayoff, field: str) -> PayoffTable:
        """What a file says of a payoff."""
        if isinstance(payoff, Receiver):
            return cls(plain(ReceiverTable.of(payoff, field)))
        if isinstance(payoff, PiecewiseLinear):
            return cls(plain(FunctionTable.of(payoff, field)))
        raise InstanceError(field, WAY_OUT, value=payoff)

    def payoff(self) -> Receiver | PiecewiseLinear:
        """The receiver or the function."""
        table = _table(self.value)
        return table.receiver() if isinstance(table, ReceiverTable) else table.function()

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Either."""
        return {
            "anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in ("ReceiverTable", "FunctionTable")]
        }


class GridTable(Table, kw_only=True):
    """A lattice of beliefs with a denominator, and beliefs added to it."""

    denominator: int
    extra: Array | None = None


class Grid(Given):
    """A number of steps, or a lattice with what is added to it."""

    tables = (GridTable,)

    @classmethod
    def read(cls, data: Any) -> Grid:
        """A whole number or a table."""
        if isinstance(data, dict):
            converted(data, GridTable)
        elif not is_whole(data):
            rule = "must be a number of steps, a whole number, or a table with a denominator"
            raise InstanceError("", rule, value=data)
        return cls(data)

    @classmethod
    def of(cls, grid: int | IntervalGrid | SimplexGrid | None) -> Grid | None:
        """What a file says of a grid as it was passed."""
        if not isinstance(grid, IntervalGrid | SimplexGrid):
            return None if grid is None else cls(int(grid))
        if grid.memory_limit != GRID_MEMORY_LIMIT:
            raise InstanceError("grid", "must have no memory limit of its own for a file")
        added = {"extra": grid.extra.tolist()} if grid.extra.size else {}
        return cls({"denominator": grid.denominator, **added})

    def grid(self, states: int) -> int | IntervalGrid | SimplexGrid:
        """As the constructor takes it."""
        if not isinstance(self.value, dict):
            return int(self.value)
        table = converted(self.value, GridTable)
        extra: Any = [] if table.extra is None else table.extra.numbers
        if states == 2:
            return IntervalGrid(table.denominator, extra)
        return SimplexGrid(states, table.denominator, extra)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Either."""
        return {"anyOf": [{"type": "integer", "minimum": 1}, {"$ref": "#/$defs/GridTable"}]}


class BeliefDocument(ProblemDocument, tag="BeliefGame", kw_only=True):
    """A sender persuades receivers whose states are functions of one common state."""

    prior: Belief
    payoffs: list[PayoffTable]
    grid: Grid | None = None
    normalize: bool = False
    state_labels: StateLabels | None = None

    @classmethod
    def from_problem(cls, problem: BeliefGame) -> BeliefDocument:
        """What a file says of a game; payoffs by functions that have no pieces are refused."""
        return cls(
            prior=Belief.of(problem._written_prior),
            payoffs=[
                PayoffTable.of(payoff, f"payoffs[{i}]") for i, payoff in enumerate(problem.payoffs)
            ],
            grid=Grid.of(problem._stated_grid),
            state_labels=StateLabels.of(problem.state_labels),
        )

    def in_full(self) -> BeliefDocument:
        """The prior over both states where Pr(H) is all that is said."""
        if isinstance(self.prior.value, list):
            return self
        high = Number(self.prior.value).exactly
        prior = [exact_text("prior", 1 - high), exact_text("prior", high)]
        return msgspec.structs.replace(self, prior=Belief(prior))

    def to_problem(self) -> BeliefGame:
        """The game."""
        payoffs = []
        for i, table in enumerate(self.payoffs):
            with below(f"payoffs[{i}]"):
                payoffs.append(table.payoff())
        belief = self.prior.belief
        grid = None
        if self.grid is not None:
            with below("grid"):
                grid = self.grid.grid(len(belief) if isinstance(self.prior.value, list) else 2)
        return BeliefGame(
            belief,
            payoffs,
            grid,
            normalize=self.normalize,
            state_labels=labels_of(self.state_labels),
        )


def _table(data: Any) -> ReceiverTable | FunctionTable:
    kind: type[ReceiverTable | FunctionTable] = (
        FunctionTable if _is_function(data) else ReceiverTable
    )
    return converted(data, kind)


def _is_function(data: Any) -> bool:
    """Whether a table is meant to be a function: it has keys, or nearly, that only those have."""
    if not isinstance(data, Mapping):
        return False
    own = [name for name in ReceiverTable.__struct_fields__ if name in data]
    return not own and any(near_names(FunctionTable.__struct_fields__, key) for key in data)
