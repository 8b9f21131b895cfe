"""Answers that can be saved: those that ``solve`` gave out, with the record of how they came about.

The record is no field of the answer, so the seal does not remember it, and ``dataclasses.replace``
does not hand it on: what has been changed is an answer to nothing and cannot be saved. Copies and
pickles keep it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from persuasion_lp.core.saving.record import Recorded
from persuasion_lp.errors import InputError
from persuasion_lp.storage import check_target, write_text

__all__ = ["Saveable", "recorded"]


class Saveable:
    """An answer that can be written to a file and read again."""

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the answer to a JSON file, from which :func:`persuasion_lp.load` proves it anew.

        The file holds the problem, what was asked, the answer (:meth:`to_dict`), and what the
        solver found on the way, so that loading needs no solver.

        Parameters
        ----------
        path
            File to write.
        overwrite
            Whether a file that is there is replaced.

        Raises
        ------
        InputError
            For an answer that is not as :func:`persuasion_lp.solve` returned it.
        InstanceError
            For a problem that cannot be written down, as its payoffs or its distribution are
            given by a function; nothing is written.
        FileError
            If there is such a file and ``overwrite`` is False, if it would be larger than what is
            read, or if it cannot be written.
        """
        check_target(path, overwrite=overwrite)
        record: Recorded | None = vars(self).get("_record")
        if record is None:
            rule = "must be as solve(problem, procedure, …) returned it to be saved"
            raise InputError("result", rule, value=type(self).__name__)
        from persuasion_lp.core.saving.document import document_text

        write_text(path, document_text(self, record, path), overwrite=overwrite)


def recorded(answer: Any, record: Recorded) -> Any:
    """The answer, with the record of it if it can be saved."""
    if isinstance(answer, Saveable):
        vars(answer)["_record"] = record
    return answer
