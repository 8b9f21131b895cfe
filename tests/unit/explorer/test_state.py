"""Links: what is chosen, as a query string and back."""

from __future__ import annotations

import base64
import zlib
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persuasion_lp.errors import InstanceError
from persuasion_lp.explorer.state import LONGEST, State, packed, unpacked

DOCUMENTS = st.recursive(
    st.one_of(st.integers(-9, 9), st.text(max_size=8), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)
STATES = st.builds(
    State,
    of=st.text(max_size=20),
    document=st.none() | st.dictionaries(st.text(max_size=9), DOCUMENTS, max_size=4),
    procedure=st.sampled_from(["", "sequential"]),
    picture=st.sampled_from(["", "order_tree"]),
    moved=st.dictionaries(
        st.from_regex(r"[a-z]{5,9}\[[0-9]\]\.[a-z]{5,9}", fullmatch=True),
        st.fractions(),
        max_size=4,
    ),
)


@given(STATES)
def test_a_link_restores_the_state(state: State) -> None:
    link = urlencode(state.to_query())
    assert State.from_query(dict(parse_qsl(link, keep_blank_values=True))) == state


@given(st.dictionaries(st.text(max_size=9), DOCUMENTS, max_size=4))
def test_documents_are_packed_and_unpacked(document: Any) -> None:
    assert unpacked(packed(document)) == document


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "äöü",
        packed({"a": 1})[:-4],
        base64.urlsafe_b64encode(b"not zipped").decode(),
        base64.urlsafe_b64encode(zlib.compress(b"not json")).decode(),
        base64.urlsafe_b64encode(zlib.compress(b"[1]")).decode(),
        base64.urlsafe_b64encode(zlib.compress(b'{"a":"' + b"x" * LONGEST + b'"}')).decode(),
        base64.urlsafe_b64encode(zlib.compress(b"[" * 60_000)).decode(),
    ],
)
def test_broken_links_are_told(text: str) -> None:
    with pytest.raises(InstanceError, match="a link that the explorer made"):
        State.from_query({"file": text})


def test_numbers_that_are_none_are_told() -> None:
    for value in ("much", "1/0", ""):
        with pytest.raises(InstanceError, match="must have a number for payment"):
            State.from_query({"payment": value})
    assert State.from_query({"payment": "2/3"}).moved == {"payment": Fraction(2, 3)}


def test_numbers_that_would_take_for_ever_to_write_out_are_refused_at_once() -> None:
    for value in ("1e999999999", "1e-999999999", "9" * 100_000):
        with pytest.raises(InstanceError, match="must have a number for payment"):
            State.from_query({"payment": value})
