r"""Games in strategic form, as people have them: tables of cells, pandas frames, Gambit's text.

Gambit's ``.nfg`` states players and actions, then either one payoff for each player at every
profile, or a list of outcomes and their numbers; profiles come with the first player's action
changing fastest.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from persuasion_lp.arrays import Rationals, written
from persuasion_lp.errors import PayoffError
from persuasion_lp.inputs import is_a, is_frame, is_ordered
from persuasion_lp.reading import read_number

__all__ = ["read_nfg", "read_table"]

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}])|([^\s{},"]+)')

Labels = dict[str, Any]


def read_table(table: Any) -> tuple[list[Any], Labels]:
    """One payoff table for each player, and the names of actions of a frame.

    Raises
    ------
    PayoffError
        For another shape.
    """
    labels: Labels = {}
    if is_frame(table):
        labels["action_labels"] = [list(map(str, table.index)), list(map(str, table.columns))]
        table = table.to_numpy().tolist()
        for r, row in enumerate(table):
            for c, cell in enumerate(row):
                if not is_ordered(cell):
                    rule = "must hold a tuple with a payoff for every player in each cell"
                    raise PayoffError("table", rule, index=(r, c), value=cell)
        table = [list(map(list, row)) for row in table]
    read = written("table", table, PayoffError)
    shape = read.floats.shape
    if len(shape) < 2 or shape[-1] != len(shape) - 1 or 0 in shape:
        raise PayoffError(
            "table",
            "must list in each cell a payoff for every player: shape (A_1, …, A_n, n)",
            value=shape,
        )
    payoffs = read.floats if read.entries is None else read.entries
    return [payoffs[..., i] for i in range(shape[-1])], labels


def read_nfg(text: Any) -> tuple[list[Rationals], Labels]:
    """One payoff table for each player, and the names of players and actions.

    Raises
    ------
    PayoffError
        For what is not such a text.
    """
    if not is_a(text, str):
        raise PayoffError("text", "must be the text of an .nfg file", value=type(text).__name__)
    return _Reader(text).read()


class _Reader:
    """Reads the text word by word."""

    def __init__(self, text: str) -> None:
        self.words = [
            (match.group(1), True) if match.group(1) is not None else (match.group(0), False)
            for match in _TOKEN.finditer(text)
        ]
        self.place = 0

    def read(self) -> tuple[list[Rationals], Labels]:
        if [word for word, _ in self.words[:2]] != ["NFG", "1"]:
            self.place = 0
            raise self._error("must begin with NFG 1")
        self.place = 3
        self._name()
        players = self._names()
        self._expect("{")
        if self._is("{"):
            actions = []
            while self._is("{"):
                actions.append(self._names())
            counts = [len(names) for names in actions]
        else:
            actions, counts = [], []
            while not self._is("}"):
                counts.append(int(self._number()))
        self._expect("}")
        if len(counts) != len(players) or min(counts, default=0) < 1:
            raise self._error(f"must state the actions of each of the {len(players)} players")
        if self.place < len(self.words) and self.words[self.place][1]:
            self.place += 1
        rows = self._outcomes(len(players)) if self._is("{") else None
        profiles = math.prod(counts)
        cells = [
            rows[self._outcome(rows)] if rows else [self._number() for _ in players]
            for _ in range(profiles)
        ]
        if self.place != len(self.words):
            raise self._error(f"must end after {profiles} profiles")
        values = np.empty((profiles, len(players)), dtype=object)
        for k, cell in enumerate(cells):
            values[k] = cell
        tables = [values[:, i].reshape(counts, order="F") for i in range(len(players))]
        labels: Labels = {}
        if len(set(players)) == len(players) and all(players):
            labels["names"] = players
        if actions and all(len(set(names)) == len(names) and all(names) for names in actions):
            labels["action_labels"] = actions
        return tables, labels

    def _outcomes(self, players: int) -> list[list[Any]]:
        """Payoffs of every outcome; number 0 pays nothing."""
        self._expect("{")
        rows: list[list[Any]] = [[read_number("0")] * players]
        while self._is("{"):
            self._expect("{")
            self._name()
            rows.append([self._number() for _ in range(players)])
            self._expect("}")
        self._expect("}")
        return rows

    def _outcome(self, rows: list[list[Any]]) -> int:
        number = self._number()
        if number.denominator != 1 or not 0 <= number < len(rows):
            self.place -= 1
            raise self._error(f"must name one of {len(rows) - 1} outcomes, or 0 for none")
        return int(number)

    def _names(self) -> list[str]:
        self._expect("{")
        names = []
        while not self._is("}"):
            names.append(self._name())
        self._expect("}")
        return names

    def _name(self) -> str:
        word, quoted = self._next()
        if not quoted:
            self.place -= 1
            raise self._error("must have a name in quotes here")
        return word

    def _number(self) -> Any:
        word, quoted = self._next()
        number = word if quoted else read_number(word)
        if isinstance(number, str):
            self.place -= 1
            raise self._error("must have a number here")
        return number

    def _is(self, word: str) -> bool:
        return self.place < len(self.words) and self.words[self.place] == (word, False)

    def _expect(self, word: str) -> None:
        if not self._is(word):
            raise self._error(f"must have {word} here")
        self.place += 1

    def _next(self) -> tuple[str, bool]:
        if self.place >= len(self.words):
            raise self._error("ends too early")
        self.place += 1
        return self.words[self.place - 1]

    def _error(self, rule: str) -> PayoffError:
        word = self.words[self.place][0] if self.place < len(self.words) else "the end"
        return PayoffError("text", rule, index=self.place, value=word)
