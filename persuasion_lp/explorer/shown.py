"""What the explorer shows of a state: the problem, answers, pictures, and what is downloaded."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import persuasion_lp as plp
from persuasion_lp.errors import InputError, PersuasionError
from persuasion_lp.explorer.sliders import Slider, moved_document, sliders_of
from persuasion_lp.explorer.state import State
from persuasion_lp.files import document, problem_from
from persuasion_lp.primitives.content import Document

__all__ = ["Shown", "instance_of", "published"]

SECONDS = 5.0
"""Granted to every solve: a page is not a batch job."""

FIRST = ("value_function", "simplex", "price_function", "tests", "procedures", "experiment")
"""Pictures that stand first in the list, where they fit."""

DPI = 200
"""Of pictures on the page."""

KEPT = 64
"""Answers that are kept: a slider that is moved back shows them at once."""


def published() -> dict[str, str]:
    """Published instances that have a file, by slug, with their titles."""
    return {
        slug: f"{instance.title} ({instance.citation})"
        for slug, instance in plp.catalog.INSTANCES.items()
        if _written(slug) is not None
    }


@lru_cache
def _written(slug: str) -> Document | None:
    try:
        return document(plp.catalog.get(slug).problem())
    except PersuasionError:
        return None


def instance_of(state: State) -> Document:
    """What the instance of a state says before anything is moved.

    Raises
    ------
    InstanceError
        For a slug that there is not.
    """
    if state.document is not None:
        return state.document
    said = _written(state.of or next(iter(published())))
    return document(plp.catalog.get(state.of).problem()) if said is None else said


@dataclass(frozen=True)
class Shown:
    """A state, solved as far as it is looked at.

    Raises
    ------
    PersuasionError
        From its properties, if the numbers are those of no problem, or nothing could be proved.
    """

    state: State

    @cached_property
    def instance(self) -> Document:
        """The instance as it was."""
        return instance_of(self.state)

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """Its sliders, where they are before they are moved."""
        return sliders_of(self.instance)

    @cached_property
    def document(self) -> Document:
        """The instance with its numbers moved."""
        return moved_document(self.instance, self.state.moved)

    @cached_property
    def problem(self) -> Any:
        """The problem."""
        return problem_from(self.document)

    @cached_property
    def compared(self) -> Any:
        """All procedures, or what is known of those that could be solved in time."""
        return _compared(self.problem)

    @property
    def procedures(self) -> tuple[str, ...]:
        """Procedures that there are answers of."""
        return tuple(self.compared.results)

    @cached_property
    def answer(self) -> Any:
        """The answer under the procedure chosen, the first if there is none of that name."""
        results = self.compared.results
        return results.get(self.state.procedure, next(iter(results.values())))

    @cached_property
    def subjects(self) -> dict[str, Any]:
        """What each picture that fits is drawn of."""
        found: dict[str, Any] = {}
        for subject in (self.compared, self.answer, self.problem):
            for name in plp.plots.fitting(subject):
                found.setdefault(name, subject)
        return {name: found[name] for name in sorted(found, key=_rank)}

    @property
    def picture(self) -> str:
        """The picture chosen, the first if it does not fit."""
        names = list(self.subjects)
        return self.state.picture if self.state.picture in names else names[0]

    def draw(self) -> Any:
        """The figure of the picture chosen."""
        draw = getattr(plp.plots, self.picture)
        return draw(self.subjects[self.picture]).figure

    def table(self) -> str:
        """Every procedure with its bracket, in CSV."""
        text: str = self.compared.to_frame().to_csv()
        return text

    def bracket(self, procedure: str) -> str:
        """What is proved of a procedure, in a few words."""
        result = self.compared.results[procedure]
        upper = "unknown" if result.upper is None else f"{result.upper:.9g}"
        return f"{result.value:.6g} in [{result.lower:.9g}, {upper}]"

    def as_file(self) -> str:
        """The instance as a TOML file."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "instance.toml"
            plp.write(self.problem, path)
            return path.read_text("utf-8")

    def as_answer(self) -> str:
        """The answer with its proof, for ``persuasion-lp verify``."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "answer.json"
            self.answer.save(path)
            return path.read_text("utf-8")

    def as_png(self, figure: Any) -> bytes:
        """The picture for the page."""
        held = io.BytesIO()
        figure.savefig(held, format="png", dpi=DPI)
        return held.getvalue()

    def as_pdf(self, figure: Any) -> bytes:
        """The picture as a PDF."""
        held = io.BytesIO()
        figure.savefig(held, format="pdf")
        return held.getvalue()


def _rank(picture: str) -> int:
    """Place in the list of pictures."""
    return FIRST.index(picture) if picture in FIRST else len(FIRST)


@lru_cache(KEPT)
def _compared(problem: Any) -> Any:
    """All procedures of a problem; problems that say the same share them."""
    limited = plp.SolverOptions(time_limit=SECONDS)
    try:
        return plp.compare(problem, options=limited)
    except InputError as error:
        if error.field != "options":
            raise
        return plp.compare(problem)
