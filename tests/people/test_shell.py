"""The command line as a process: what a shell sees."""

import subprocess
import sys


def test_a_reader_who_has_read_enough_sees_no_traceback() -> None:
    command = [sys.executable, "-W", "error", "-m", "persuasion_lp", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
