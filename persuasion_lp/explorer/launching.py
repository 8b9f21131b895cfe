"""The server of the explorer: on this machine only, without telemetry."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from persuasion_lp.errors import OptionError
from persuasion_lp.explorer.page import SCRIPT
from persuasion_lp.extras import load
from persuasion_lp.files import read

__all__ = ["command", "explore"]


PORTS = range(1, 1 << 16)


def command(file: str | None, *, port: int | None, browser: bool) -> list[str]:
    """What starts the server.

    Parameters
    ----------
    file
        An instance file that is shown first.
    port
        Where it listens; the first free one from 8501 on if left out.
    browser
        Whether a browser is opened.

    Raises
    ------
    MissingExtraError
        Without streamlit.
    InstanceError
        For a file that states no problem.
    OptionError
        For a port that is none.
    """
    load("streamlit", extra="web", feature="pages of the explorer")
    load("matplotlib", extra="web", feature="pictures of the explorer")
    if port is not None and port not in PORTS:
        raise OptionError("--port", "must be from 1 to 65535", value=port)
    after: Sequence[str] = ()
    if file is not None:
        read(file)
        after = ("--", str(Path(file).resolve()))
    listens = [] if port is None else [f"--server.port={port}"]
    return [
        *(sys.executable, "-m", "streamlit", "run", str(SCRIPT)),
        *("--server.address=127.0.0.1", "--browser.gatherUsageStats=false"),
        f"--server.headless={'false' if browser else 'true'}",
        *("--server.fileWatcherType=none", "--server.maxUploadSize=4"),
        "--client.toolbarMode=minimal",
        *listens,
        *after,
    ]


def explore(file: str | None, *, port: int | None = None, browser: bool = True) -> int:
    """Run the server until it is interrupted; returns its exit code."""
    server = subprocess.Popen(command(file, port=port, browser=browser))  # noqa: S603
    try:
        return server.wait()
    finally:
        server.terminate()
        server.wait()
