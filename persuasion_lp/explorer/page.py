"""The page of the explorer; streamlit runs it anew whenever something is moved."""

from __future__ import annotations

import sys
import tempfile
import warnings
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from persuasion_lp.errors import PersuasionError, PersuasionWarning
from persuasion_lp.explorer.shown import Shown, published
from persuasion_lp.explorer.sliders import Slider
from persuasion_lp.explorer.state import State
from persuasion_lp.extras import load
from persuasion_lp.files import document, read, read_document
from persuasion_lp.words import spoken

__all__ = ["main"]

SCRIPT = Path(__file__).with_name("script.py")
"""What streamlit runs; only then are the arguments the explorer's."""

A_FILE = "a file of mine"

WIDTH = 560
"""Pixels of a picture on the page."""

DIGITS = 6
"""Decimals of a number that was set with a slider."""


def main() -> None:
    """Show what is chosen."""
    st = load("streamlit", extra="web", feature="pages of the explorer")
    st.set_page_config(page_title="persuasion_lp", layout="wide")
    try:
        start = _start(st)
        chosen = _chosen(st, start)
        shown = Shown(chosen)
        moved = _moved(st, shown, start)
        shown = Shown(State(chosen.of, chosen.document, chosen.procedure, chosen.picture, moved))
        _show(st, shown)
    except PersuasionError as error:
        st.error(str(error))


def _start(st: Any) -> State:
    """What the link, or the command line, says at first."""
    if "start" not in st.session_state:
        given = dict(st.query_params)
        try:
            state = State.from_query(given)
            if state.of and state.of not in published():
                raise PersuasionError(f"there is no published instance {state.of!r} with a file")
        except PersuasionError as error:
            st.session_state["broken"] = f"This link cannot be read: {error}"
            state = State()
        if not given and len(sys.argv) > 1 and Path(sys.argv[0]) == SCRIPT:
            state = State(document=document(read(sys.argv[1])))
        st.session_state["start"] = state
    if "broken" in st.session_state:
        st.warning(st.session_state["broken"])
    found: State = st.session_state["start"]
    return found


def _chosen(st: Any, start: State) -> State:
    """The instance: published, or a file."""
    titles = published()
    names = [*titles, A_FILE]
    first = names.index(A_FILE if start.document is not None else start.of or names[0])
    of = st.sidebar.selectbox("Instance", names, index=first)
    own = None
    if of == A_FILE:
        own = start.document
        handed = st.sidebar.file_uploader("An instance file", type=["toml", "json"])
        if handed is not None:
            own = _handed(handed)
        if own is None:
            st.info("Choose a file: TOML or JSON, as `persuasion-lp new game` prints one.")
            st.stop()
    else:
        st.header(of)
        st.caption(titles[of])
    return State("" if own is not None else of, own, start.procedure, start.picture)


def _handed(handed: Any) -> Any:
    """What an uploaded file says."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(handed.name).name
        path.write_bytes(handed.getvalue())
        said = read_document(path)
        said.pop("solve", None)
        return said


def _moved(st: Any, shown: Shown, start: State) -> dict[str, Fraction]:
    """Where the sliders stand, if elsewhere than in the instance."""
    same = (start.of, start.document) == (shown.state.of, shown.state.document)
    moved = {}
    group = None
    for slider in shown.sliders:
        if slider.group != group:
            group = slider.group
            st.sidebar.subheader(group)
        at = start.moved.get(slider.key, slider.value) if same else slider.value
        value = _slider(st, slider, at, f"{shown.state.of or 'file'} {slider.key}")
        if value != slider.value:
            moved[slider.key] = value
    return moved


def _slider(st: Any, slider: Slider, at: Fraction, key: str) -> Fraction:
    number: Any = int if slider.whole else float
    step = number(slider.step)
    value = st.sidebar.slider(
        slider.label,
        min_value=number(slider.low),
        max_value=number(slider.high),
        value=number(min(max(at, slider.low), slider.high)),
        step=step,
        format="%d" if slider.whole else "%.3f",
        key=key,
    )
    for known in (at, slider.value):
        if value == number(known):
            return known  # exactly as it was stated
    return Fraction(repr(round(value, DIGITS)))


def _show(st: Any, shown: Shown) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", PersuasionWarning)
        shown.compared  # noqa: B018 - solved here, where its warnings are caught
    for warning in caught:
        if issubclass(warning.category, PersuasionWarning):
            st.warning(str(warning.message))
    left, right = st.columns([3, 2])
    with right:
        names = shown.procedures
        start = shown.state.procedure
        procedure = st.radio(
            "Procedure",
            names,
            index=names.index(start) if start in names else 0,
            captions=[shown.bracket(name) for name in names],
            key="procedure",
        )
    shown = _with(shown, procedure=procedure)
    with left:
        pictures = list(shown.subjects)
        start = shown.state.picture
        picture = st.selectbox(
            "Picture",
            pictures,
            index=pictures.index(start) if start in pictures else 0,
            key=f"picture {procedure}",
        )
        shown = _with(shown, picture=picture)
        figure = shown.draw()
        st.image(shown.as_png(figure), width=WIDTH)
    with right:
        st.metric(f"value, {spoken(procedure)}", f"{shown.answer.value:.6g}")
        proved = "proved" if shown.answer.certificate.ok else "not proved"
        st.caption(f"between {shown.answer.lower:.12g} and {_upper(shown)}, {proved}")
        if st.toggle("Downloads", key="downloads"):
            _downloads(st, shown, figure)
    with st.expander("In words", expanded=True):
        st.markdown(shown.answer.describe("markdown"))
    query = shown.state.to_query()
    st.query_params.from_dict(query)
    st.caption("A link to what you see, for whoever runs the explorer:")
    st.code(f"?{urlencode(query)}", language=None)
    _close(figure)


def _with(shown: Shown, **changed: str) -> Shown:
    """The same with another procedure or picture; what has been solved stays so."""
    state: Any = shown.state
    other = Shown(replace(state, **changed))
    for name in ("instance", "sliders", "document", "problem", "compared"):
        if name in vars(shown):
            vars(other)[name] = vars(shown)[name]
    return other


def _upper(shown: Shown) -> str:
    upper = shown.answer.upper
    return "an unknown end" if upper is None else f"{upper:.12g}"


def _downloads(st: Any, shown: Shown, figure: Any) -> None:
    st.download_button("Instance (TOML)", shown.as_file(), "instance.toml")
    st.download_button("Picture (PDF)", shown.as_pdf(figure), f"{shown.picture}.pdf")
    st.download_button("Procedures (CSV)", shown.table(), "procedures.csv")
    st.download_button("Answer with its proof (JSON)", shown.as_answer(), "answer.json")


def _close(figure: Any) -> None:
    from matplotlib import pyplot as plt

    plt.close(figure)
