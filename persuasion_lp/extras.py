"""Packages that only some features need, imported where they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from persuasion_lp.errors import MissingExtraError

__all__ = ["load"]


def load(package: str, *, extra: str, feature: str) -> Any:
    """Import a package of an extra.

    Raises
    ------
    MissingExtraError
        If it is not installed; says which feature needs it and how to install it.
    """
    try:
        return import_module(package)
    except ModuleNotFoundError as missing:
        if missing.name != package:
            raise
        raise MissingExtraError(feature, package, extra) from None
