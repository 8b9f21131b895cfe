"""The command line as a process: what a shell sees."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from persuasion_lp import catalog

COMMAND = [sys.executable, "-W", "error", "-m", "persuasion_lp"]
needs_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")


def test_a_reader_who_has_read_enough_sees_no_traceback() -> None:
    command = [*COMMAND, "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@needs_full
@pytest.mark.parametrize("arguments", [["list"], ["reproduce", "kks-example-1"]])
def test_an_output_that_cannot_be_written_is_an_error(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.stderr == ("persuasion-lp: the output cannot be written: No space left on device\n")
    assert done.returncode == 2


@needs_full
def test_an_error_that_cannot_be_told_keeps_its_code(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        command = [*COMMAND, "solve", str(tmp_path / "missing.json")]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize("arguments", [["list"], ["reproduce", "kks-example-1"]])
def test_a_closed_output_does_not_matter(arguments: list[str]) -> None:
    line = 'exec "$0" "$@" >&-'
    done = subprocess.run(
        ["/bin/sh", "-c", line, *COMMAND, *arguments], stderr=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_may_lack_characters(encoding: str) -> None:
    done = subprocess.run(
        [*COMMAND, "list"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.decode(encoding).splitlines()) == 3 * len(catalog.INSTANCES)
    assert (b"\\u" in done.stdout) == (encoding != "utf-8")
