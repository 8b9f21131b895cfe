"""Every error of the library: one base class, one leaf per kind of failure.

``InputError`` and its leaves are also ``ValueError``: the problem as stated breaks a rule, and
nothing has been solved. ``SolveError`` and its leaves are also ``RuntimeError``: the problem is
well stated, but no proved answer can be given. ``PersuasionWarning`` is no error: the problem is
admissible, and solved as stated, but may not be what was meant.

Errors travel: they are pickled and copied with everything they carry, so that a process that raises
one is heard in another. Of what cannot be pickled, a description arrives.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from typing import Any

from persuasion_lp.shown import gibibytes, listed, plain_index, printable, shortened, shown

__all__ = [
    "CertificateError",
    "ClusterError",
    "ExactSizeError",
    "ExactnessError",
    "FileError",
    "GridError",
    "HypothesisError",
    "InfeasibleError",
    "InputError",
    "InstanceError",
    "LimitError",
    "MissingExtraError",
    "OptionError",
    "OrderError",
    "PaymentError",
    "PayoffError",
    "PersuasionError",
    "PersuasionWarning",
    "PriorError",
    "ProcedureError",
    "QuotaError",
    "ReceiverError",
    "SizeError",
    "SolveError",
    "SolverFailureError",
    "TooLargeError",
    "UnboundedError",
    "VerificationError",
    "WorkerTypeError",
]


class PersuasionError(Exception):
    """Base class of every error raised on purpose by ``persuasion_lp``."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle each part by itself: one that cannot be sent or read is replaced by words."""
        args = tuple(_packed(argument) for argument in self.args)
        return _unpacked, (type(self), args, {k: _packed(v) for k, v in self._carried().items()})

    def __copy__(self) -> PersuasionError:
        return _restored(type(self), self.args, self._carried())

    def __deepcopy__(self, memo: dict[int, Any]) -> PersuasionError:
        carried = {name: _deep(value, memo) for name, value in self._carried().items()}
        return _restored(type(self), tuple(_deep(a, memo) for a in self.args), carried)

    def _carried(self) -> dict[str, Any]:
        """What the error has beside its message, by attribute."""
        return dict(self.__dict__)


class PersuasionWarning(UserWarning):
    """The problem is admissible but may not be what was meant: an action that is never taken."""


class InputError(PersuasionError, ValueError):
    """An input breaks a rule.

    Parameters
    ----------
    field
        Name of the argument, as the caller wrote it.
    rule
        The rule it breaks, as a sentence fragment ("must …").
    index
        Where the rule is broken, if the argument has entries.
    value
        The offending value.
    """

    def __init__(self, field: str, rule: str, *, index: Any = None, value: Any = None) -> None:
        self.field = field
        self.rule = rule
        self.index = index
        self.value = value
        name = shortened(field)
        place = name if index is None else f"{name}[{plain_index(index)}]"
        got = "" if value is None else f"; got {shown(value)}"
        super().__init__(f"{place} {printable(rule)}{got}")


class PriorError(InputError):
    """A prior is no probability distribution, or has the wrong shape."""


class ReceiverError(InputError):
    """A receiver's cutoffs, utility or acceptance set are not well formed."""


class PayoffError(InputError):
    """A payoff array has the wrong shape, or a value or monotonicity that is not admissible."""


class GridError(InputError):
    """A belief grid has no admissible size or dimension, or misses a belief."""


class PaymentError(InputError):
    """A payment to a worker is outside (0, 1)."""


class WorkerTypeError(InputError):
    """A worker's types or their probabilities are not well formed, or outside the model."""


class OrderError(InputError):
    """An order of receivers is no permutation, or was given where none applies."""


class ProcedureError(InputError):
    """The procedure does not exist for this problem."""


class QuotaError(InputError):
    """A quota is no number of approvals between one and the number of voters."""


class OptionError(InputError):
    """A solver option does not exist or has a value that the solver rejects."""


class InstanceError(InputError):
    """No published instance has this name, or an instance file is not well formed.

    Parameters
    ----------
    field, rule, index, value
        As of :class:`InputError`; the field by its path in the file (``receivers[1].cutoffs[0]``).
    file
        The file, if there is one.
    line
        The line in it, where the parser knows it.
    """

    def __init__(
        self,
        field: str,
        rule: str,
        *,
        index: Any = None,
        value: Any = None,
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(field, rule, index=index, value=value)
        self.file = file
        self.line = line
        where = "" if file is None else shortened(file)
        if line is not None:
            where += f"{', ' * bool(where)}line {line}"
        if where:
            self.args = (f"{where}: {self.args[0].strip()}",)


class HypothesisError(InputError):
    """A theorem is asked about a problem that does not satisfy its hypotheses."""


class TooLargeError(InputError):
    """The problem is larger than what is taken on; nothing has been allocated.

    Attributes
    ----------
    sizes
        What is large, by name.
    needed, limit
        How much is needed, and the most that is taken on.
    """

    sizes: dict[str, int]
    needed: int
    limit: int


class SizeError(TooLargeError):
    """The problem would need more memory than the stated limit; nothing has been allocated.

    Attributes
    ----------
    sizes
        What would be large, by name: ``columns``, ``rows``, ``nonzeros`` of a linear program,
        ``paths`` and ``states`` of an experiment, ``beliefs`` and ``states`` of a grid.
    needed, limit
        Bytes estimated for it, and bytes allowed.
    """

    def __init__(
        self, what: str, instead: str = "", /, *, needed: int, limit: int, **sizes: int
    ) -> None:
        self.what, self.sizes = what, sizes
        self.needed = needed
        self.limit = limit
        super().__init__(
            "memory_limit",
            f"({gibibytes(limit)}) is below what this {what} needs: {listed(sizes)}, "
            f"about {gibibytes(needed)}{'; ' if instead else ''}{instead}",
        )


class ExactSizeError(TooLargeError):
    """The problem is larger than what exact arithmetic takes on; no option changes that.

    Parameters
    ----------
    what
        What is too large.
    counted
        Which of the sizes is limited.
    limit
        The largest number of it that is taken on.

    Attributes
    ----------
    sizes
        What is large, by name, ``counted`` among them.
    needed, limit
        How many there are of what is counted, and the largest number taken on.
    """

    def __init__(self, what: str, *, counted: str, limit: int, **sizes: int) -> None:
        self.sizes = sizes
        self.needed = sizes[counted]
        self.limit = limit
        super().__init__(
            "exact", f"takes on at most {limit} {counted}, but this {what} has {listed(sizes)}"
        )


class MissingExtraError(PersuasionError, ImportError):
    """A package that only some features need is not installed."""

    def __init__(self, feature: str, package: str, extra: str) -> None:
        super().__init__(
            f"{feature} need {package}: pip install 'persuasion-lp[{extra}]'", name=package
        )

    def _carried(self) -> dict[str, Any]:
        return {**self.__dict__, "msg": self.msg, "name": self.name, "path": self.path}


class SolveError(PersuasionError, RuntimeError):
    """A well-stated problem could not be solved to a proved optimum."""


class InfeasibleError(SolveError):
    """The linear program has no feasible point."""


class UnboundedError(SolveError):
    """The linear program has no finite optimum."""


class SolverFailureError(SolveError):
    """The solver ended with an error or a status that proves nothing."""


class LimitError(SolveError):
    """A limit ended the run before the optimum was proved.

    Attributes
    ----------
    limit
        Which limit ended the run: ``"time"``, ``"iterations"``, ``"refinement"`` (of a bracket) or
        ``"memory"`` (for a finer grid).
    best_bound
        A proved upper bound on the optimal value (``inf`` when none is known).
    best_value
        Value of the best feasible point known (``-inf`` when none is known).
    """

    def __init__(self, limit: str, *, best_bound: float, best_value: float) -> None:
        self.limit = limit
        self.best_bound = best_bound
        self.best_value = best_value
        super().__init__(
            f"the {limit} limit ended the run before the optimum was proved; "
            f"the optimal value lies in [{best_value:.9g}, {best_bound:.9g}]"
        )


class CertificateError(SolveError):
    """An answer was found, but its certificate does not hold, or it contradicts itself.

    Attributes
    ----------
    certificate
        The failed certificate, if there is one.
    """

    def __init__(self, message: str, certificate: Any = None) -> None:
        self.certificate = certificate
        super().__init__(message)


class ExactnessError(SolveError):
    """No rational optimum could be proved."""


class ClusterError(SolveError):
    """The processes that a sweep runs on went away before all of it was solved.

    Attributes
    ----------
    done, rows, store
        How many rows are solved, of how many, and where they are saved, if anywhere.
    """

    def __init__(self, reason: str, *, done: int, rows: int, store: str | None) -> None:
        self.done = done
        self.rows = rows
        self.store = store
        kept = "; nothing is saved: with store= the same call would go on from here"
        if store is not None:
            kept = f" and saved in {printable(store)}: the same call goes on from there"
        super().__init__(f"{reason}; {done} of {rows} rows are solved{kept}")


class VerificationError(PersuasionError, ValueError):
    """A certificate file is not well formed, so nothing can be verified."""


class FileError(PersuasionError, OSError):
    """A file cannot be read or written.

    Parameters
    ----------
    path
        The file, as the caller wrote it.
    reason
        What is wrong, as a sentence fragment ("cannot be written: …").
    """

    def __init__(self, path: Any, reason: str) -> None:
        self.path = str(path)
        self.reason = reason
        super().__init__(f"{shortened(self.path, 500)} {reason}")


def _packed(value: Any) -> tuple[bytes | None, str]:
    """A value pickled, if it can be, and described."""
    try:
        return pickle.dumps(value), shown(value)
    except Exception:
        return None, shown(value)


def _opened(packed: tuple[bytes | None, str]) -> Any:
    pickled, words = packed
    try:
        return words if pickled is None else pickle.loads(pickled)  # noqa: S301
    except Exception:
        return words


def _unpacked(
    kind: type[PersuasionError], args: tuple[Any, ...], carried: Mapping[str, Any]
) -> PersuasionError:
    opened = {name: _opened(packed) for name, packed in carried.items()}
    return _restored(kind, tuple(map(_opened, args)), opened)


def _restored(
    kind: type[PersuasionError], args: tuple[Any, ...], carried: Mapping[str, Any]
) -> PersuasionError:
    error = kind.__new__(kind, *args)
    error.args = args
    for name, value in carried.items():
        setattr(error, name, value)
    return error


def _deep(value: Any, memo: dict[int, Any]) -> Any:
    """A deep copy, or the value itself where it cannot be copied."""
    try:
        return copy.deepcopy(value, memo)
    except Exception:
        return value
