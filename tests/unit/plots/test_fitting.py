"""Whatever a picture is asked of, it is drawn or refused by name; every picture fits something."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
from matplotlib import pyplot as plt

import persuasion_lp as plp
from persuasion_lp import plots
from persuasion_lp.plots.fitting import PICTURES
from tests.hostile_values import HOSTILE
from tests.shown_pictures import PICTURES as SHOWN
from tests.shown_pictures import judges_apart


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_every_picture_has_a_twin_a_rule_and_an_example() -> None:
    drawn = set(plots.__all__) - {"data", "fitting"}
    assert drawn == set(plots.data.__all__) == set(PICTURES)
    assert {name.partition("_")[0] for name in drawn} <= {n.partition("_")[0] for n in SHOWN}
    for name in drawn:
        own, twin = (inspect.signature(getattr(place, name)) for place in (plots, plots.data))
        assert next(iter(own.parameters)) == next(iter(twin.parameters)) == "of"
        assert "ax" in own.parameters
        assert set(twin.parameters) <= set(own.parameters)


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_whatever_is_no_subject_of_a_picture_is_refused_by_name(name: str) -> None:
    for make in HOSTILE.values():
        if name in plots.fitting(make()):
            continue
        for draw in (getattr(plots, name), getattr(plots.data, name)):
            with pytest.raises(plp.PersuasionError) as caught:
                draw(make())
            assert f"plots.{name}" in str(caught.value)
            assert len(str(caught.value)) < 1000


def test_axes_that_are_none_are_refused() -> None:
    with pytest.raises(plp.errors.OptionError, match="ax must be Axes"):
        plots.procedures(judges_apart(), ax=3)  # type: ignore[arg-type]


def test_pictures_are_drawn_on_axes_that_are_given() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    assert plots.procedures(judges_apart(), ax=left) is left
    assert plots.pacman(plp.Pacman(judges_apart()), ax=right) is right
    assert figure.axes[:2] == [left, right]
