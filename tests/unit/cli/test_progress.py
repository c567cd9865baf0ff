"""The line that says how far a bulk run is."""

from __future__ import annotations

import io
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from mcda.bulk.run import Step
from mcda.cli.main import cli
from mcda.cli.progress import line_of, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_rate_and_remaining_time_are_of_this_run_alone() -> None:
    step = Step(jobs=100, reused=40, done=60, scenarios=2_000)
    # 20 jobs in 10 s: the other 40 take 20 s
    assert line_of(step, 10.0, "en") == "60 %, 2,000 scenarios, 200 per second, 0:20 left"
    assert line_of(step, 10.0, "zh") == "60%，2,000 个情景，每秒 200 个，剩余 0:20"
    assert line_of(Step(jobs=100, reused=40, done=40), 10.0, "en") == "40 %"
    assert line_of(Step(jobs=2, done=1, scenarios=5), 3725.0, "en").endswith("1:02:05 left")
    assert line_of(Step(jobs=2, joining=True), 1.0, "en") == "Writing the output"


def test_lines_are_rare_and_leave_nothing() -> None:
    now = 0.0
    stream = Terminal()

    def interrupted() -> None:
        nonlocal now
        with progress("en", stream, lambda: now) as show:
            assert show is not None
            for done in range(1, 101):
                now += 0.01
                show(Step(jobs=100, done=done, scenarios=done))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    pieces = stream.getvalue().split("\r\x1b[K")
    assert 5 <= len(pieces) <= 15
    assert pieces[0] == pieces[-1] == ""
    assert all(0 < len(piece) < 80 and "\n" not in piece for piece in pieces[1:-1])


def test_nothing_is_said_where_nobody_looks() -> None:
    stream = io.StringIO()
    with progress("en", stream) as show:
        assert show is None
    assert stream.getvalue() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
def test_an_interrupt_leaves_the_terminal_clean(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import sys, time\n"
        "from mcda.bulk import jobs\n"
        "from mcda.cli.main import main\n"
        "jobs.do = lambda job: time.sleep(600)\n"
        "sys.exit(main())\n",
        encoding="utf-8",
    )
    (tmp_path / "s.jsonl").write_text("{}\n", encoding="utf-8")
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "slow.py", "bulk", "s.jsonl", "-o", "o.csv", "--workers", "1"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=end,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    os.close(end)
    said = b""
    while b"0 %" not in said:
        said += os.read(terminal, 1000)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    said += os.read(terminal, 1000)
    os.close(terminal)
    assert said.endswith(b"\r\x1b[KStopped. --resume goes on with what is done.\r\n"), said
    assert process.stdout is not None
    assert process.stdout.read() == b""
    process.stdout.close()


def test_an_interrupt_before_a_run_begins_is_no_failed_scenario(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(**_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("mcda.cli.bulk.run", interrupted)
    result = CliRunner().invoke(cli, ["bulk", "many", "-o", "o.csv"])
    assert result.exit_code == 130
    assert result.stderr == "Stopped.\n"
