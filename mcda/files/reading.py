"""Text from a file, safely: regular files of bounded size, in UTF-8."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

from mcda.errors import DocumentError, Finding, Place, hint
from mcda.files.catalog import exists

__all__ = ["LARGEST_FILE", "decode", "fail", "read_bytes", "read_text"]

#: The largest document, in bytes.
LARGEST_FILE = 4 * 1024 * 1024
#: How files are opened; not every system knows each of these.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
#: Bytes that are read at a time of a file that has more than its status said.
_MORE = 2**16


def fail(
    path: str, what: str, remedy: str = "", line: int | None = None, column: int | None = None
) -> DocumentError:
    """The error for one finding about the file at `path`."""
    return DocumentError([Finding(Place(path, line, column), what, remedy)])


def read_text(path: Path | str) -> str:
    """The text of the regular file at `path` in NFC, without a byte-order mark.

    Raises
    ------
    DocumentError
        If there is no such file, it is not a regular file, it is larger than `LARGEST_FILE`, it
        cannot be read, or it is not UTF-8 (with line and column of the first bad byte).
    """
    return decode(read_bytes(path, LARGEST_FILE), str(path))


def read_bytes(path: Path | str, largest: int) -> bytes:
    """What the regular file at `path` holds, if that is not more than `largest` bytes."""
    shown = str(path)
    try:
        status = os.stat(path)  # noqa: PTH116  many files: no Path is made for each
        if stat.S_ISDIR(status.st_mode):
            raise fail(shown, "this is a folder", "Name a file")
        if not stat.S_ISREG(status.st_mode):
            raise fail(shown, "this is not a regular file", "Name a file on disk")
        if status.st_size > largest:
            size = f"{status.st_size / 2**20:.1f} MiB"
            limit = f"{largest // 2**20} MiB"
            raise fail(shown, f"the file has {size}, the limit is {limit}", "Split it")
        # not blocking: what was a file a moment ago may be a pipe now
        descriptor = os.open(path, _FLAGS)
        try:
            data = os.read(descriptor, status.st_size + 1)
            if len(data) > status.st_size:  # there is more than it said
                while len(data) <= largest and (more := os.read(descriptor, _MORE)):
                    data += more
            return data[: largest + 1]
        finally:
            os.close(descriptor)
    except DocumentError:
        raise
    except FileNotFoundError:
        raise fail(shown, "there is no such file", _neighbours(Path(path))) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise fail(shown, f"the file cannot be read: {reason}") from None


def decode(data: bytes, shown: str) -> str:
    """The text of UTF-8 in NFC, without a byte-order mark."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        last = before[before.rfind(b"\n") + 1 :].decode("utf-8-sig", "replace")
        raise fail(
            shown,
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            "Save the file as UTF-8",
            line,
            len(last) + 1,
        ) from None
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _neighbours(path: Path) -> str:
    try:
        names = sorted(each.name for each in path.parent.iterdir())[:200]
    except OSError:
        return f"There is no folder {path.parent} either" if not exists(path.parent) else ""
    close = hint(path.name, names)
    return close if close.startswith("Did you mean") else ""
