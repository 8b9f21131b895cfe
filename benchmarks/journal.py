"""What a run has measured so far, a line for each spec and size, so that it can go on later.

Lines belong together if machine, versions, settings and the sources of package and benchmarks are
the same; others are not read. A line that was cut off is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.runner import Measurement

__all__ = ["Journal", "sources"]

_ROOT = Path(__file__).resolve().parents[1]


def sources() -> str:
    """Hash of the package and the benchmarks as they are now."""
    found = sha256()
    for folder in ("persuasion_lp", "benchmarks"):
        for path in sorted((_ROOT / folder).rglob("*.py")):
            found.update(path.relative_to(_ROOT).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()


class Journal:
    """A file of measurements.

    Parameters
    ----------
    path
        The file.
    key
        What the measurements depend on, in plain types.
    resume
        Whether to keep what the file holds of the same key; otherwise it begins empty.
    """

    def __init__(self, path: Path, key: Mapping[str, Any], *, resume: bool) -> None:
        self.path = path
        self.key = json.loads(json.dumps(key))
        self.known: dict[tuple[str, int], list[Measurement]] = {}
        if resume and path.exists():
            self.known = dict(self._read(path.read_text(encoding="utf-8")))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
        for (spec, size), found in self.known.items():
            self._append(spec, size, found)

    def _read(self, text: str) -> Iterable[tuple[tuple[str, int], list[Measurement]]]:
        for line in text.splitlines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue
            if entry["key"] == self.key:
                read = [
                    Measurement(**{**m, "samples": tuple(m["samples"])}) for m in entry["found"]
                ]
                yield (entry["spec"], entry["size"]), read

    def get(self, spec: str, size: int) -> list[Measurement] | None:
        """What was measured before, ``None`` if nothing was."""
        return self.known.get((spec, size))

    def put(self, spec: str, size: int, found: list[Measurement]) -> None:
        """Note measurements at once."""
        self.known[spec, size] = found
        self._append(spec, size, found)

    def _append(self, spec: str, size: int, found: list[Measurement]) -> None:
        entry = {"key": self.key, "spec": spec, "size": size, "found": [asdict(m) for m in found]}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def done(self) -> None:
        """Remove the file: everything is in the document."""
        self.path.unlink(missing_ok=True)
