"""Instance and certificate files with anything anywhere: an answer or an error of ours, no other.

Every place of every kind of file is given every kind of value that JSON can hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from persuasion_lp.core.documents.texts import as_json, as_toml, parsed
from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.errors import InstanceError, PersuasionError, VerificationError
from persuasion_lp.files import problem_from, read_file
from persuasion_lp.lp.certificate_file import verify
from persuasion_lp.storage import parse_json
from tests.certificate_support import HONEST
from tests.unit.core.test_instance_files import FILES
from tests.unit.files.test_documents import SAID

NUMBERS = ["0", "1", "1/2", "-1", "1e999", "1e999999999", "1e-400", "nan", "inf", "1/0", "٣", "0x1"]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 2**31, 2**63, 2**64, 10**400, 1e-320, 1e308, 0.5, 1.0]),
    st.sampled_from([*NUMBERS, "", " ", "\x1b[2J", "\ud800", "\0", "9" * 1000, "9" * 5000]),
    st.sampled_from([[], {}, [[]], [[], [[]]], ["1"] * 1000, [["1", "0"]] * 3, {"labels": [0]}]),
    st.recursive(
        st.sampled_from([*NUMBERS, 1, None]),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=2),
        max_leaves=8,
    ),
)


def check_plain(error: PersuasionError) -> None:
    """What an error says is short and on one line."""
    assert str(error).isprintable()
    assert len(str(error)) < 500


def places(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, the whole of it excepted."""
    if way:
        yield way
    for key in (
        data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    ):
        yield from places(data[key], (*way, key))


def replaced(document: Any, way: tuple[Any, ...], value: Any) -> Any:
    """A copy of a document with another value at a place."""
    copy = json.loads(json.dumps(document))
    where = copy
    for key in way[:-1]:
        where = where[key]
    where[way[-1]] = value
    return parse_json(json.dumps(copy))


@pytest.mark.parametrize("said", ["two\nlines", "\x1b[2J", "long" * 200])
def test_an_error_that_is_not_plain_is_noticed(said: str) -> None:
    with pytest.raises(AssertionError):
        check_plain(VerificationError(said))


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=150)
@given(data=st.data())
def test_an_instance_is_built_or_refused(name: Any, data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(list(places(FILES[name]))))
    document = replaced(FILES[name], way, data.draw(VALUES))
    try:
        RationalInstance.from_dict(document).build()
    except PersuasionError as error:
        check_plain(error)


SETTINGS = {"solve": [{"procedure": "sequential", "order": [1, 0], "tol": 0.1, "exact": True}]}
DOCUMENTS = [
    {"name": "mine", "description": "", **(SETTINGS if "receivers" in said else {}), **said}
    for _, said in SAID
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(k) for k in range(len(DOCUMENTS))])
@settings(max_examples=150)
@given(data=st.data())
def test_a_document_is_read_or_refused(document: dict[str, Any], data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(list(places(document))))
    changed = replaced(document, way, data.draw(VALUES))
    if data.draw(st.booleans()):
        changed = replaced(changed, way[:-1], misspelt(changed, way)) if len(way) > 1 else changed
    check_document(changed)


def misspelt(document: Any, way: tuple[Any, ...]) -> Any:
    """The table or list at a place without what is there, or with it by another name."""
    held = document
    for key in way[:-1]:
        held = held[key]
    if isinstance(held, list):
        return held[: way[-1]]
    return {f"{key}\u202e" if key == way[-1] else key: value for key, value in held.items()}


def check_document(document: Any) -> None:
    """A problem that comes back, or a refusal; of the text in both syntaxes too."""
    texts = [(json.dumps(document), True)]
    with suppress(TypeError, ValueError):  # TOML has no null, nor half a character
        toml = tomli_w.dumps(document)
        toml.encode("utf-8")
        texts.append((toml, False))
    for text, json_text in texts:
        try:
            said = parsed(text, json_text=json_text)
            problem = problem_from(said)
        except PersuasionError as error:
            check_plain(error)
        else:
            assert json_text is False or problem_from(said) == problem


@pytest.mark.parametrize("ending", ["toml", "json"])
@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(k) for k in range(len(DOCUMENTS))])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_text_is_read_or_refused(
    document: dict[str, Any], ending: str, data: st.DataObject, tmp_path: Path
) -> None:
    text = as_toml(document) if ending == "toml" else as_json(document)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    put = data.draw(st.sampled_from(PUT) | st.text(max_size=5))
    path = tmp_path / f"mine.{ending}"
    path.write_bytes((text[:start] + put + text[end:]).encode("utf-8", "surrogatepass"))
    try:
        read_file(path)
    except InstanceError as error:
        check_plain(error)
        where = error.file
    else:
        where = str(path)
    assert where == str(path)


PUT = [
    *"[]{}=.,#\"'\n\r\0",
    "",
    "[[",
    '"""',
    "\x1b[2J",
    "true",
    "2024-01-01",
    "1e999",
    "nan",
    "-inf",
]
PUT += ["9" * 5000, "[" * 3000, "{a=" * 3000, "a." * 999]


@settings(max_examples=300)
@given(way=st.sampled_from(list(places(HONEST))), value=VALUES)
def test_a_certificate_is_checked_or_refused(way: tuple[Any, ...], value: Any) -> None:
    try:
        found = verify(json.dumps(replaced(HONEST, way, value)))
    except PersuasionError as error:
        check_plain(error)
    else:
        assert found.ok == (replaced(HONEST, way, value) == HONEST)
