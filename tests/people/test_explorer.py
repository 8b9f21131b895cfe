"""The explorer, as its page runs and as a browser shows it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

import persuasion_lp as plp
from persuasion_lp.cli import main
from persuasion_lp.errors import OptionError
from persuasion_lp.explorer.launching import command
from persuasion_lp.explorer.page import SCRIPT
from persuasion_lp.explorer.state import State
from persuasion_lp.files import document

EXAMPLE = Path(__file__).parents[2] / "examples" / "two_judges.toml"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WAITS = 60

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit.*"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _without_windows() -> Iterator[None]:
    with mpl.rc_context():
        mpl.use("agg")
        yield


def page(**query: str) -> Any:
    """The page as a link opens it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from streamlit.testing.v1 import AppTest

        app = AppTest.from_file(str(SCRIPT), default_timeout=WAITS)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()


def calm(app: Any) -> Any:
    """A page on which nothing went wrong."""
    assert not app.exception
    assert [error.value for error in app.error] == []
    return app


def _one(value: Any) -> str:
    """A query's value, which is a list in some versions of streamlit."""
    return str(value if isinstance(value, str) else value[0])


def slider(app: Any, label: str) -> Any:
    return next(one for one in app.sidebar.slider if one.label == label)


def test_the_first_page_shows_a_published_instance() -> None:
    app = calm(page())
    assert app.header[0].value == "kks-example-1"
    assert app.metric[0].value == "1"
    assert "The problem" in app.markdown[0].value
    assert len(app.markdown) == 1  # nothing is shown by accident


def test_sliders_move_the_value_and_the_link() -> None:
    app = calm(page(of="kks-example-1", procedure="sequential"))
    assert app.metric[0].value == "1.15625"
    slider(app, "receiver 0: threshold").set_value(0.6)
    calm(app.run())
    game = plp.PersuasionGame(
        [[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.6), plp.Receiver.threshold(0.8)]
    )
    assert app.metric[0].value == f"{plp.solve(game, 'sequential').value:.6g}"
    query = {name: _one(value) for name, value in dict(app.query_params).items()}
    assert query["receivers[0].threshold"] == "3/5"
    again = calm(page(**query))
    assert again.metric[0].value == app.metric[0].value
    assert slider(again, "receiver 0: threshold").value == 0.6
    slider(app, "receiver 0: threshold").set_value(0.8)
    calm(app.run())
    assert "receivers[0].threshold" not in dict(app.query_params)


@pytest.mark.parametrize(
    ("of", "procedure", "value"),
    [
        ("kks-example-4", "sequential", "0.714286"),
        ("lx-two-tests", "menu", "0.122755"),
        ("bi-pooling-two-peaks", "simultaneous", "0.8"),
        ("kks-three-states", "sequential", "0.834444"),
    ],
)
def test_every_kind_of_problem_has_its_page(of: str, procedure: str, value: str) -> None:
    app = calm(page(of=of, procedure=procedure))
    assert app.metric[0].value == value
    for name in app.selectbox(key=f"picture {procedure}").options:
        calm(app.selectbox(key=f"picture {procedure}").set_value(name).run())


def test_downloads_are_made_where_they_are_asked_for() -> None:
    app = calm(page(of="kks-example-1"))
    assert not app.get("download_button")
    calm(app.toggle(key="downloads").set_value(True).run())
    assert len(app.get("download_button")) == 4


def test_files_are_shown_and_travel_in_the_link() -> None:
    game = plp.read(EXAMPLE)
    app = calm(page(**State(document=document(game)).to_query()))
    expected = plp.solve(game, "simultaneous").value
    assert app.metric[0].value == f"{expected:.6g}"
    assert "file" in dict(app.query_params)


def test_numbers_that_make_no_problem_leave_the_page_alive() -> None:
    app = page(of="lx-two-tests")
    slider(app, "type 0").set_value(3.5)
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    slider(app, "type 0").set_value(1.2)
    calm(app.run())


@pytest.mark.parametrize("query", [{"file": "cut"}, {"of": "no-such"}, {"payment": "much"}])
def test_broken_links_are_told(query: dict[str, str]) -> None:
    app = calm(page(**query))
    assert "This link cannot be read" in app.warning[0].value
    assert app.metric[0].value == "1"


def test_what_cannot_be_explored_is_refused_before_a_server_starts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["explore", "nowhere.toml"]) == 2
    assert "nowhere.toml" in capsys.readouterr().err
    with pytest.raises(OptionError, match="65535"):
        command(None, port=70_000, browser=False)
    told = command(str(EXAMPLE), port=8512, browser=False)
    assert told[-1] == str(EXAMPLE)
    assert "--server.address=127.0.0.1" in told
    assert "--browser.gatherUsageStats=false" in told


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


@pytest.fixture
def server() -> Iterator[str]:
    """The explorer's address, with a file of ours."""
    port = free_port()
    process = subprocess.Popen(
        command(str(EXAMPLE), port=port, browser=False),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + WAITS
        while True:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()


FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
]


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_browser_opens_moves_a_slider_and_reads_the_number(server: str, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            sheet = browser.new_page(viewport={"width": 1400, "height": 1000})
            sheet.goto(server)
            value = sheet.get_by_test_id("stMetricValue")
            value.wait_for(timeout=1000 * WAITS)
            first = value.inner_text()
            assert float(first) == 1.0
            sheet.get_by_text("sequential", exact=True).first.click()
            sheet.wait_for_function(
                "before => document.querySelector('[data-testid=stMetricValue]').innerText"
                " !== before",
                arg=first,
                timeout=1000 * WAITS,
            )
            assert float(value.inner_text()) == 1.15625
            thumb = sheet.get_by_role("slider").first
            thumb.focus()
            for _ in range(5):
                thumb.press("ArrowLeft")
            sheet.wait_for_function(
                "() => +document.querySelector('[data-testid=stMetricValue]').innerText > 1.16",
                timeout=1000 * WAITS,
            )
            sheet.wait_for_url(re.compile("threshold"), timeout=1000 * WAITS)
            sheet.screenshot(path=str(tmp_path / "explorer.png"))
        finally:
            browser.close()
    assert (tmp_path / "explorer.png").stat().st_size > 10_000
