"""The parts of a run: whole or not there, reused only for their job, and one run at a time."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mcda.bulk import parts
from mcda.bulk.parts import opened
from mcda.errors import InputError

ROOT = Path(__file__).parents[3]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_parts_are_found_again_by_number_and_key_alone(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    with opened(folder, resume=False) as store:
        path = store.write(3, "ab", b"three")
        store.write(4, "cd", b"four")
        (folder / "notes.txt").write_text("mine")
    assert names(folder) == ["000000003-ab.parquet", "000000004-cd.parquet", "notes.txt"]
    with (
        pytest.raises(InputError, match="holds 2 parts of an earlier run.*--resume.*remove"),
        opened(folder, resume=False),
    ):
        raise AssertionError
    with opened(folder, resume=True) as store:
        assert store.done(3, "cd") is None
        assert store.done(4, "ab") is None
        assert store.done(3, "ab") == path
        assert path.read_bytes() == b"three"
        store.forget_old()
    assert names(folder) == ["000000003-ab.parquet", "notes.txt"]


def test_a_folder_of_nothing_is_gone_at_the_end(tmp_path: Path) -> None:
    with opened(tmp_path / "parts", resume=False) as store:
        assert store.scratch.is_dir()
        (store.scratch / "table").write_text("x")
    assert names(tmp_path) == []


def test_what_a_killed_run_left_half_written_is_removed(tmp_path: Path) -> None:
    stale = tmp_path / "parts" / ".working-abc"
    stale.mkdir(parents=True)
    (stale / "part").write_bytes(b"half")
    (tmp_path / "parts" / ".lock").write_text("1\n")
    with opened(tmp_path / "parts", resume=False) as store:
        assert not stale.exists()
        store.write(0, "a", b"x")
    assert names(tmp_path / "parts") == ["000000000-a.parquet"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_part_that_cannot_be_written_ends_the_run_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(number, "out of order")

    said = "out of order" if number == errno.EIO else "no space left"
    with opened(tmp_path / "parts", resume=False) as store:
        store.write(0, "a", b"x")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(InputError, match=f"cannot be written: .*{said}.*--resume"):
            store.write(1, "b", b"y")
    assert names(tmp_path / "parts") == ["000000000-a.parquet"]


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in ("file", "file/inside", "no/such"):
        with (
            pytest.raises(InputError, match="cannot be written: .*Name an output"),
            opened(tmp_path / folder, resume=False),
        ):
            raise AssertionError


_HOLDER = """
import sys, time
from pathlib import Path
from mcda.bulk.parts import opened

with opened(Path(sys.argv[1]), resume=True):
    print("in", flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_second_run_is_refused_with_the_first_ones_number_until_that_is_dead(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "parts"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"in\n"
            for resume in (False, True):
                with (
                    pytest.raises(InputError, match=f"process {process.pid} is writing to"),
                    opened(folder, resume=resume),
                ):
                    raise AssertionError
        finally:
            process.send_signal(signal.SIGKILL)
    with opened(folder, resume=False):
        pass
    assert not folder.exists()


def test_a_folder_has_one_run_at_a_time_however_many_try(tmp_path: Path) -> None:
    inside = 0
    most: list[int] = []
    refused: list[str] = []

    def attempt() -> None:
        nonlocal inside
        for _ in range(30):
            try:
                with opened(tmp_path / "parts", resume=True):
                    inside += 1
                    most.append(inside)
                    time.sleep(0.001)
                    inside -= 1
            except InputError as error:
                refused.append(str(error))

    threads = [threading.Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) + len(refused) == 180
    assert all("is writing to" in each for each in refused)
    assert set(most) == {1}


def test_a_lock_that_was_removed_before_it_was_got_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, real = tmp_path / ".lock", parts._lock
    tries: list[int] = []

    def late(descriptor: int) -> bool:
        tries.append(descriptor)
        if len(tries) == 1:  # as its holder does, between opening and locking
            lock.unlink()
        return real(descriptor)

    monkeypatch.setattr(parts, "_lock", late)
    with opened(tmp_path, resume=False):
        assert lock.exists()
    assert len(tries) == 2
