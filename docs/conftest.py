"""The code of the pages runs in an empty folder; what is generated is not collected."""

from pathlib import Path

import pytest

collect_ignore = ["_build", "generated", "conf.py"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
