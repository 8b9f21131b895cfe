"""Managers' problems, menus and the commitment benchmark in words."""

from persuasion_lp.families.menus.words.answers import manager_words, menu_words

__all__ = ["manager_words", "menu_words"]
