"""Sweeps on a Dask cluster of two processes, to which something is done on the way.

    python -m tests.people.cluster EVENT STORE AXES

prints the rows, or what the sweep raised. It is a process of its own: importing Dask changes how
exceptions are pickled.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading

import persuasion_lp as plp
from tests.unit.sweep.makers import PROCEDURES, comparable, judges, slow_judges

__all__ = ["EVENTS", "main"]

EVENTS = ("nothing", "a worker is killed", "the cluster is closed")


def main(event: str, store: str, axes: str) -> None:
    """Print the rows of a sweep during which an event happens, or its error."""
    import distributed

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        first = min(client.run(os.getpid).values())
        happened = threading.Event()

        def tell(rows: int, _: int) -> None:
            if not rows or happened.is_set():
                return
            happened.set()
            if event == "a worker is killed":
                os.kill(first, signal.SIGKILL)
            elif event == "the cluster is closed":
                cluster.close()

        build = judges if event == "nothing" else slow_judges
        try:
            swept = plp.sweep(
                build,
                json.loads(axes),
                PROCEDURES,
                backend="dask",
                client=client,
                store=store,
                progress=tell,
            )
        except plp.PersuasionError as error:
            print(f"{type(error).__name__}: {error}")
            return
        assert happened.is_set()
        print(comparable(swept), end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
