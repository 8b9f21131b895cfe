"""Saved answers: read, solved anew from what the solver found, and compared.

A file that :meth:`save` wrote holds a problem, a question, an answer and a tape of what the solver
found on the way. Loading it states the problem, asks the question again, and computes the answer
with the tape in the solver's place: every point and every price is certified from the program as if
it came from the solver, and what is not proved is solved. The answer that is returned is the one
that has been computed and proved; the one that the file states has to be the same.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from persuasion_lp.core.family import family_of
from persuasion_lp.core.saving.comparing import differences
from persuasion_lp.core.settings import settings_from
from persuasion_lp.errors import InputError, VerificationError
from persuasion_lp.files import document, problem_from
from persuasion_lp.lp.engine.tape import Tape
from persuasion_lp.primitives.content import key_of
from persuasion_lp.shown import printable, shown
from persuasion_lp.storage import read_text

__all__ = ["load"]

MOST_DIFFERENCES = 3
"""As many are named; one is enough to refuse."""


def load(path: str | Path) -> Any:
    """Read an answer that was saved, and prove it anew.

    Nothing in the file is believed: the problem is stated again, every linear program's point and
    prices are certified again, and all that follows from them is computed again. What the file has
    no proof of is solved.

    Parameters
    ----------
    path
        A file that the ``save`` of an answer wrote.

    Returns
    -------
    GameResult, BeliefResult, MenuResult, MeansResult, VoteResult or ExactResult
        The answer, of the class that was saved, with a certificate that holds.

    Raises
    ------
    FileError
        For a file that cannot be read.
    VerificationError
        For a file that is not well formed, that states no problem, or whose key, value, bracket
        or answer is not that of the problem; says what differs.
    SolveError
        If what the file has no proof of could not be solved.

    Examples
    --------
    >>> import os, tempfile
    >>> import persuasion_lp as plp
    >>> judges = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.8)] * 2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     plp.solve(judges, "sequential").save(os.path.join(folder, "judges.json"))
    ...     again = plp.load(os.path.join(folder, "judges.json"))
    >>> round(again.value, 9), again.certificate.ok, again.problem == judges
    (1.15625, True, True)
    """
    from persuasion_lp.core.saving.document import MAX_SAVED_BYTES, saved_from, summary

    text = read_text(path, MAX_SAVED_BYTES)
    try:
        saved = saved_from(text)
        played = saved.played()
        problem = _problem(saved.problem, saved.key)
        family = family_of(problem)
        try:
            settings = settings_from(family.spec(saved.procedure).settings, saved.given())
        except InputError as error:
            raise VerificationError(f"settings: {error}") from None
        tape = Tape(played)
        try:
            answer = family.answer(problem, saved.procedure, settings, exact=saved.exact, tape=tape)
        except InputError as error:
            raise VerificationError(f"it states what cannot be solved: {error}") from error
        computed = summary(answer)
        _compare(saved.stated(), computed, answer, tape)
    except VerificationError as error:
        raise VerificationError(f"{printable(str(path))}: {error}") from error.__cause__
    return answer


def _problem(stated: Any, key: str) -> Any:
    try:
        problem = problem_from(stated)
        found = key_of(document(problem))
    except InputError as error:
        raise VerificationError(f"problem: {error}") from error
    if found != key:
        rule = f"the problem's key is {found}, not {shown(key)}: it was changed after it was saved"
        raise VerificationError(rule)
    return problem


def _compare(stated: dict[str, Any], computed: dict[str, Any], answer: Any, tape: Tape) -> None:
    """Refuse a file that states another answer."""
    scale = float(getattr(answer.certificate, "scale", 0.0))
    entries = stated.pop("answer"), computed.pop("answer")
    found = [*differences(stated, computed, scale), *differences(*entries, scale)]
    if not found:
        return
    listed = "; ".join(islice(found, MOST_DIFFERENCES))
    more = f" and {len(found) - MOST_DIFFERENCES} more" if len(found) > MOST_DIFFERENCES else ""
    solved = f" ({len(tape.solved)} programs had to be solved anew)" if tape.solved else ""
    raise VerificationError(f"the answer is not that of the problem: {listed}{more}{solved}")
