"""Tests for several workers, in words."""

from __future__ import annotations

from typing import Any

from persuasion_lp.core.said import payoff_table, proof_of
from persuasion_lp.families.menus.profile.result import ProfileResult
from persuasion_lp.families.menus.words import manager_words
from persuasion_lp.words import Cell, Report, Section, Table

__all__ = ["profile_words"]

MOST_ROWS = 12
"""Profiles that are listed."""


def profile_words(result: ProfileResult) -> Report:
    """What an answer says."""
    stated = manager_words(result.problem)
    listed: list[dict[str, Any]] = result._rows()
    rows: list[tuple[Cell, ...]] = [
        (
            ", ".join(f"{x:g}" for x in row["capabilities"]),
            row["probability"],
            row["p"],
            "no plan" if row["q"] is None else row["q"],
        )
        for row in listed[:MOST_ROWS]
    ]
    heads = ("capabilities", "probability", "proposed with", "expected difficulty")
    more = max(0, len(listed) - MOST_ROWS)
    worth: list[tuple[Cell, ...]] = [
        ("no information", *[result.no_information] * 3),
        ("full information", *[result.full_information] * 3),
        ("profile_menu", result.value, result.lower, result.upper),
    ]
    return Report(
        f"{stated.title}: tests that depend on all reports",
        (
            *stated.sections,
            Section(
                "The tests",
                (
                    "Every worker reports his capability; the test depends on all reports, and is "
                    "run in front of everybody. All must accept what is proposed.",
                    Table("After each profile of reports", heads, tuple(rows), more),
                ),
            ),
            Section("What they are worth", (payoff_table("The manager's payoff", worth),)),
            Section("How it is proved", (proof_of(result),)),
        ),
    )
