"""A headless Chromium that loads a page and hands its document back."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

__all__ = ["answers_of", "chromium"]

_OUTPUT = re.compile(r'<pre id="answers">(.*?)</pre>', re.DOTALL)


def chromium() -> str:
    """The browser's path; the test is skipped without one."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("there is no chromium")
    return path


def answers_of(script: str, folder: Path) -> Any:
    """What a script leaves in the variable ``answers``, worked out in a page."""
    page = folder / "page.html"
    page.write_text(
        '<!doctype html><meta charset="utf-8"><pre id="answers"></pre>'
        f"<script>{script}\n"
        'document.getElementById("answers").textContent = JSON.stringify(answers);</script>',
        encoding="utf-8",
    )
    command = [
        *(chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
        *(f"--user-data-dir={folder / 'profile'}", page.as_uri()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = _OUTPUT.search(done.stdout)
    assert found, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(html.unescape(found[1]))
