"""Named blocks of columns and rows, and the senses of rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["SENSE_CODE", "Block", "RowSense"]

RowSense = Literal["<=", "==", ">="]

SENSE_CODE: Mapping[RowSense, int] = MappingProxyType({"<=": -1, "==": 0, ">=": 1})


@dataclass(frozen=True)
class Block:
    """A named run of columns or rows with the shape of the array it stands for."""

    name: str
    shape: tuple[int, ...]
    start: int

    @property
    def size(self) -> int:
        """Number of columns or rows."""
        return math.prod(self.shape)

    @property
    def span(self) -> slice:
        """Positions of the block in the flat vector."""
        return slice(self.start, self.start + self.size)
