"""Problems and answers in words and tables, for people: what is said, and how it is set."""

from persuasion_lp.words.described import Described, speak, words_of
from persuasion_lp.words.report import Cell, Report, Section, Table, listed, number, spoken, table

__all__ = [
    "Cell",
    "Described",
    "Report",
    "Section",
    "Table",
    "listed",
    "number",
    "speak",
    "spoken",
    "table",
    "words_of",
]
