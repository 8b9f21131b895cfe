"""Specs: the two judges (KKS, Example 1) under each procedure, from a fresh process.

What a user waits for who starts Python, imports the library and solves one small game: the first
solve of a process, which pays for everything that is loaded only when it is needed, and the later
ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import persuasion_lp as plp
from benchmarks.registry import Ask, Contender, Outcome, Spec, WorkNotDoneError
from persuasion_lp.beliefs.experiment import Procedure

__all__ = ["SPECS"]

ROOT = Path(__file__).resolve().parents[1]

CUTOFF = 0.8
PRIOR = ((0.0, 0.5), (0.5, 0.0))

MILLISECONDS = 5.0
"""Wanted of a solve after import."""

SCRIPT = """
import json, sys, time
from statistics import median
begin = time.perf_counter()
import persuasion_lp as plp
imported = time.perf_counter()
game = plp.PersuasionGame(json.loads(sys.argv[2]), [plp.Receiver.threshold(float(sys.argv[3]))] * 2)
def once():
    started = time.perf_counter()
    result = plp.solve(game, sys.argv[1])
    return time.perf_counter() - started, result
first, result = once()
later = [once()[0] for _ in range(15)]
recomputed = result.certificate.economic.value
print(json.dumps({
    "import": imported - begin, "first": first, "later": median(later), "value": result.value,
    "recomputed": recomputed, "columns": result.lp.shape[1], "nonzeros": result.lp.nonzeros,
}))
"""


def _here(procedure: Procedure) -> Contender:
    def build(_: int) -> plp.PersuasionGame:
        return plp.PersuasionGame(PRIOR, [plp.Receiver.threshold(CUTOFF)] * 2)

    def solve(game: plp.PersuasionGame) -> plp.GameResult:
        return plp.solve(game, procedure)

    def decode(result: plp.GameResult) -> Outcome:
        profiles = result.profiles

        def recompute() -> float:
            if not result.certificate.ok:
                raise WorkNotDoneError("the certificate does not hold")
            return sum(sum(actions) * probability for actions, probability in profiles.items())

        return Outcome(
            result.value, recompute, columns=result.lp.shape[1], nonzeros=result.lp.nonzeros
        )

    return Contender("in this process", build, solve, decode)


def _fresh(procedure: str) -> Contender:
    def build(_: int) -> list[str]:
        return [sys.executable, "-c", SCRIPT, procedure, json.dumps(PRIOR), str(CUTOFF)]

    def solve(command: list[str]) -> str:
        done = subprocess.run(  # noqa: S603 - the command is this module's own
            command, cwd=ROOT, check=True, capture_output=True, text=True
        )
        return done.stdout

    def decode(printed: str) -> Outcome:
        answer = json.loads(printed)
        return Outcome(
            answer["value"],
            lambda: float(answer["recomputed"]),
            columns=answer["columns"],
            nonzeros=answer["nonzeros"],
            details={name: answer[name] for name in ("import", "first", "later")},
        )

    return Contender("fresh process", build, solve, decode)


def _milliseconds(name: str) -> Callable[[Any], float]:
    def measure(times: Any) -> float:
        return 1e3 * times[name]

    return measure


_ASKS = (
    Ask("first solve after import", "fresh process", _milliseconds("first"), "ms", MILLISECONDS),
    Ask("later solves", "fresh process", _milliseconds("later"), "ms", MILLISECONDS),
    Ask("import", "fresh process", _milliseconds("import"), "ms"),
)

SPECS = tuple(
    Spec(
        f"tiny/{procedure}",
        "receivers",
        (2,),
        int,
        (_here(procedure), _fresh(procedure)),
        asks=_ASKS,
    )
    for procedure in ("simultaneous", "sequential", "intermediate", "flexible", "first_best")
)
