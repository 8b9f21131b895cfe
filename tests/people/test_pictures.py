"""Pictures look as they did when somebody last looked at them, and no word covers another.

After a change that is meant, look at the new pictures, then write them with
``pytest tests/people/test_pictures.py --mpl-generate-path=tests/people/pictures``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images

from tests.pictures import blemishes
from tests.shown_pictures import PICTURES

BASELINES = Path(__file__).parent / "pictures"

LOCKED = dict(
    line.split("==")
    for line in (Path(__file__).parents[2] / "requirements" / "locked.txt").read_text().splitlines()
)["matplotlib"]

TOLERANCE = 2.0
"""Root mean square of the differences of pixels, of 255: a moved label is more."""

DPI = 100


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.use("agg")
        yield
    plt.close("all")


def figure_of(draw: Callable[[], Axes]) -> Figure:
    figure = draw().figure
    assert isinstance(figure, Figure)
    return figure


@pytest.mark.skipif(
    mpl.__version__ != LOCKED,
    reason=f"baselines are of matplotlib {LOCKED}; others set letters a little differently",
)
@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.mpl_image_compare(
    baseline_dir=str(BASELINES),
    filename=None,
    tolerance=TOLERANCE,
    style="default",
    savefig_kwargs={"dpi": DPI},
)
def test_a_picture_looks_as_it_did(name: str) -> Figure:
    return figure_of(PICTURES[name])


@pytest.mark.parametrize("name", PICTURES)
def test_no_word_covers_another_and_none_is_cut_off(name: str) -> None:
    assert not blemishes(figure_of(PICTURES[name]))


def test_a_moved_label_is_noticed(tmp_path: Path) -> None:
    name = "value_function"
    figure = figure_of(PICTURES[name])
    figure.savefig(tmp_path / "as_it_is.png", dpi=DPI)
    axes = figure.axes[0]
    axes.xaxis.label.set_text("belief")
    figure.savefig(tmp_path / "moved.png", dpi=DPI)
    same = compare_images(str(tmp_path / "as_it_is.png"), str(tmp_path / "moved.png"), TOLERANCE)
    assert same is not None


def test_words_over_words_and_words_cut_off_are_noticed() -> None:
    figure, axes = plt.subplots()
    axes.text(0.5, 0.5, "one thing")
    assert not blemishes(figure)
    axes.text(0.52, 0.5, "another")
    axes.text(1.2, 0.2, "a long way outside")
    assert blemishes(figure) == ["'one thing' over 'another'", "'a long way outside' is cut off"]
