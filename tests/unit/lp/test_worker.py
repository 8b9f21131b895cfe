"""Calls that end when they have to: results, errors, interrupts, deadlines, forks."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from persuasion_lp.lp.engine import worker
from persuasion_lp.lp.engine.worker import LeftBehindError, call, left_behind

FOREVER = 60.0


@pytest.fixture
def busy() -> Iterator[threading.Event]:
    """What a call waits for that does not listen when it is asked to stop."""
    event = threading.Event()
    yield event
    event.set()


def test_the_result_comes_back_and_the_thread_stays() -> None:
    first = call(threading.get_ident, lambda: None, FOREVER)
    assert first != threading.get_ident()
    assert call(threading.get_ident, lambda: None, FOREVER) == first


def test_errors_come_back() -> None:
    with pytest.raises(ZeroDivisionError):
        call(lambda: 1 // 0, lambda: None, FOREVER)


def test_what_stops_when_it_is_asked_to_has_a_result() -> None:
    asked = threading.Event()
    assert call(lambda: asked.wait(FOREVER), asked.set, 0.05) is True
    assert not left_behind()


def test_what_does_not_stop_is_left_behind(busy: threading.Event) -> None:
    started = time.perf_counter()
    with pytest.raises(LeftBehindError):
        call(lambda: busy.wait(FOREVER), lambda: None, 0.05)
    assert time.perf_counter() - started < 0.05 + worker.STOPPING + 1
    assert left_behind()
    assert call(lambda: 7, lambda: None, FOREVER) == 7  # not behind the one that is busy
    busy.set()
    for _ in range(100):
        if not left_behind():
            break
        time.sleep(0.05)
    assert not left_behind()


def test_an_interrupt_stops_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()

    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(worker, "_ends", interrupted)
    with pytest.raises(KeyboardInterrupt):
        call(lambda: asked.wait(FOREVER), asked.set, FOREVER)
    assert asked.is_set()
    monkeypatch.undo()
    assert call(lambda: 7, lambda: None, FOREVER) == 7


def test_other_threads_call_directly() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(
            lambda: call(threading.get_ident, lambda: None, FOREVER) == threading.get_ident()
        ).result()


def test_long_waits_are_made_of_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "WAITING", 0.01)
    asked = threading.Event()
    threading.Timer(0.05, asked.set).start()
    assert call(lambda: asked.wait(FOREVER), lambda: None, float("inf")) is True
    with pytest.raises(LeftBehindError):
        call(lambda: time.sleep(1.0), lambda: None, 0.03)


def _seven(queue: multiprocessing.Queue[int]) -> None:
    queue.put(call(lambda: 7, lambda: None, FOREVER))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_starts_its_own_thread() -> None:
    call(lambda: None, lambda: None, FOREVER)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_seven, args=(queue,))
    child.start()
    assert queue.get(timeout=30) == 7
    child.join()
