"""``describe``: problems and answers say what they are, in the words of their family."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

from persuasion_lp.inputs import check_choice
from persuasion_lp.words.report import Report
from persuasion_lp.words.setting import as_html, as_latex, as_markdown, as_text

__all__ = ["Described", "Format", "speak", "words_of"]

Format = Literal["text", "markdown", "latex"]

_WORDS: dict[type, Callable[[Any], Report]] = {}

_SET: dict[str, Callable[[Report], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "latex": as_latex,
}


def speak(kind: type, words: Callable[[Any], Report]) -> None:
    """Take a function as what is said of a class of problems or answers."""
    _WORDS[kind] = words


def words_of(described: Any) -> Report:
    """What is said of a problem or an answer; of what nobody speaks of, what it prints as."""
    for kind in type(described).__mro__:
        if kind in _WORDS:
            return _WORDS[kind](described)
    return Report(repr(described), ())


class Described:
    """A problem or an answer that describes itself."""

    def describe(self, format: Format = "text") -> str:  # noqa: A002
        r"""What this is, in words and tables.

        Parameters
        ----------
        format
            ``"text"``, ``"markdown"`` or ``"latex"``. LaTeX is a fragment for a paper: it needs the
            package ``booktabs`` and nothing else.

        Raises
        ------
        OptionError
            For another format.
        """
        check_choice("format", format, get_args(Format))
        return _SET[format](words_of(self))

    def _repr_html_(self) -> str:
        """What notebooks show."""
        return as_html(words_of(self))
