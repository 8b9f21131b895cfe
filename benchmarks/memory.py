"""The most memory that this process held between two moments, where Linux tells."""

from __future__ import annotations

from pathlib import Path

__all__ = ["above", "start"]

_RESET, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


def start() -> int | None:
    """Bytes held now; the peak is counted from here. ``None`` where the system does not tell."""
    try:
        _RESET.write_text("5")
        return _bytes("VmRSS")
    except (OSError, LookupError):
        return None


def above(held: int | None) -> list[int]:
    """Bytes by which the peak since :func:`start` was above what was held then, if it is known."""
    return [] if held is None else [max(0, _bytes("VmHWM") - held)]


def _bytes(name: str) -> int:
    for line in _STATUS.read_text().splitlines():
        if line.startswith(name + ":"):
            return 1024 * int(line.split()[1])
    raise LookupError(name)
