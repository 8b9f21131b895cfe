"""The memory that a call may take: stated once at the front door, read by whoever builds.

Programs in floats come and go; those in fractions stay, as the proofs of a search are put together
from all of them, so they are counted together.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from persuasion_lp.errors import SizeError

__all__ = ["check_memory", "within_memory"]


class _Allowance:
    """Bytes allowed, and bytes taken for good."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0


_ALLOWANCE: ContextVar[_Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def within_memory(limit: int | None) -> Iterator[None]:
    """What is built inside takes so many bytes at most; ``None`` changes nothing."""
    if limit is None:
        yield
        return
    token = _ALLOWANCE.set(_Allowance(limit))
    try:
        yield
    finally:
        _ALLOWANCE.reset(token)


def check_memory(what: str, needed: int, *, kept: bool = False, **sizes: int) -> None:
    """Refuse what needs more than is allowed.

    Parameters
    ----------
    what
        What is to be built.
    needed
        Bytes for it.
    kept
        Whether it stays until the call ends.
    sizes
        What is large about it, by name.

    Raises
    ------
    SizeError
        If what is kept already and what is needed are more than what is allowed.
    """
    allowance = _ALLOWANCE.get()
    if allowance is None:
        return
    if allowance.held + needed > allowance.limit:
        raise SizeError(what, needed=allowance.held + needed, limit=allowance.limit, **sizes)
    if kept:
        allowance.held += needed
