"""What is chosen in the explorer, as a query string and back.

``of=kks-example-1&procedure=sequential&picture=experiment&receivers[0].threshold=0.7``; a file that
is no published instance travels in the link itself, packed: ``file=eNp…``.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from persuasion_lp.errors import InstanceError
from persuasion_lp.explorer.sliders import Moved
from persuasion_lp.primitives.content import Document
from persuasion_lp.reading import fraction_of

__all__ = ["LONGEST", "State", "packed", "unpacked"]

LONGEST = 1 << 16
"""Bytes of a document that a link may unpack to."""

NAMES = ("of", "file", "procedure", "picture")


@dataclass(frozen=True)
class State:
    """What is chosen.

    Attributes
    ----------
    of
        A published instance, by its slug; empty for a file.
    document
        What the file says, if it is one.
    procedure, picture
        Which answer and which picture are shown; empty for the first.
    moved
        Sliders that stand elsewhere than in the instance.
    """

    of: str = ""
    document: Document | None = None
    procedure: str = ""
    picture: str = ""
    moved: Moved = field(default_factory=dict)

    def to_query(self) -> dict[str, str]:
        """The state as a query string's names and values."""
        told = {"of": self.of, "procedure": self.procedure, "picture": self.picture}
        if self.document is not None:
            told["file"] = packed(self.document)
        query = {name: value for name, value in told.items() if value}
        return query | {key: str(value) for key, value in self.moved.items()}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> State:
        """The state of a query string.

        Raises
        ------
        InstanceError
            For a link that was cut or changed: a file that cannot be unpacked, a number that is
            none.
        """
        moved = {}
        for key, value in query.items():
            if key in NAMES:
                continue
            number = fraction_of(value)
            if number is None:
                raise InstanceError("link", f"must have a number for {key}", value=value)
            moved[key] = number
        return cls(
            of=query.get("of", ""),
            document=unpacked(query["file"]) if "file" in query else None,
            procedure=query.get("procedure", ""),
            picture=query.get("picture", ""),
            moved=moved,
        )


def packed(document: Document) -> str:
    """A document as letters, digits, ``-`` and ``_``."""
    text = json.dumps(document, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> Document:
    """The document of :func:`packed`.

    Raises
    ------
    InstanceError
        For anything else, and for what is larger than :data:`LONGEST`.
    """
    rule = "must be a link that the explorer made, whole"
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unzipped = zlib.decompressobj()
        content = unzipped.decompress(data, LONGEST)
        if unzipped.unconsumed_tail or not unzipped.eof:
            raise InstanceError("link", rule)
        found: Any = json.loads(content)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise InstanceError("link", rule) from None
    if not isinstance(found, dict):
        raise InstanceError("link", rule)
    return found
