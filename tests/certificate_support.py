"""Certificate files, honest and altered, for the tests of what reads them."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from persuasion_lp import PersuasionGame, Receiver, catalog, solve
from persuasion_lp.lp import certificate_file

F = Fraction

CERTIFICATE: dict[str, Any] = json.loads(
    solve(catalog.get("kks-example-2").problem(), "sequential", exact=True).certificate.to_json()
)


def changed(**changes: Any) -> str:
    return json.dumps({**CERTIFICATE, **changes})


def bumped(field: str, place: int) -> str:
    values = list(CERTIFICATE[field])
    if field == "entries":
        i, j, text = values[place]
        values[place] = [i, j, str(F(text) + F(1, 10**9))]
    else:
        values[place] = str(F(values[place]) + F(1, 10**9))
    return changed(**{field: values})


HONEST: dict[str, Any] = json.loads(
    solve(
        PersuasionGame(["7/10", "3/10"], [Receiver.threshold("1/2")]), "simultaneous", exact=True
    ).certificate.to_json()
)


def signed(**changes: Any) -> str:
    """A forger knows how digests are made."""
    document = {k: v for k, v in {**HONEST, **changes}.items() if k != "digest"}
    return json.dumps({**document, "digest": certificate_file._digest(document)})
