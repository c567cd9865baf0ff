"""What a run writes for itself beside its parts: tables in a form that jobs can read in part."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mcda.errors import InputError

__all__ = ["remove", "staged"]

#: What was written into a folder.
_ABOUT = "about.json"
#: Where Linux tells one start of the machine from another.
_BOOT = Path("/proc/sys/kernel/random/boot_id")
#: The prefix of folders with tables; of unfinished ones, which a run removes when it begins.
_TABLE, _WORKING = ".table-", ".working-"


def staged(
    folder: Path, key: str, build: Callable[[Path], dict[str, Any]]
) -> tuple[Path, dict[str, Any]]:
    """A folder inside `folder` with what `build` writes, and what it says; made once for each key.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    import polars as pl

    digest = hashlib.blake2b(f"{_boot()} {key}".encode(), digest_size=16).hexdigest()
    place = folder / f"{_TABLE}{digest}"
    # without knowing about restarts, a table of an earlier run may have holes
    if _boot() and (said := _finished(place)) is not None:
        return place, said
    draft: Path | None = None
    try:
        folder.mkdir(exist_ok=True)
        shutil.rmtree(place, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(prefix=_WORKING, dir=folder))
        said = build(draft)
        sizes = {each.name: each.stat().st_size for each in draft.iterdir()}
        about = json.dumps({"said": said, "sizes": sizes})
        (draft / _ABOUT).write_text(about, encoding="utf-8")
        draft.replace(place)
    except (OSError, pl.exceptions.PolarsError) as error:
        text = getattr(error, "strerror", None) or (str(error).splitlines() or [""])[0]
        what = f"{str(folder)!r} cannot hold the table's rows: {text}"
        raise InputError(what, "Free some space, or choose another output") from None
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
    return place, said


def remove(folder: Path) -> None:
    """Remove the tables in a folder, and the folder if nothing else is in it."""
    for each in folder.glob(f"{_TABLE}*"):
        shutil.rmtree(each, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _boot() -> str:
    """What tells this start of the machine from others: what was not on the disk then is gone."""
    with contextlib.suppress(OSError):  # only Linux says it
        return _BOOT.read_text(encoding="ascii")
    return ""


def _finished(place: Path) -> dict[str, Any] | None:
    """What a finished folder says; nothing if a file in it is not whole."""
    try:
        about = json.loads((place / _ABOUT).read_text(encoding="utf-8"))
        whole = all((place / name).stat().st_size == size for name, size in about["sizes"].items())
        said: dict[str, Any] = about["said"]
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None
    return said if whole else None
