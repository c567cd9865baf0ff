"""The page on coming from other libraries prints what it shows."""

from __future__ import annotations

import re
import warnings
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "migrate.md"


def test_the_output_shown_is_printed() -> None:
    blocks = re.findall(
        r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(blocks) == 5
    names: dict[str, Any] = {}
    for code, shown in blocks:
        printed = StringIO()
        with warnings.catch_warnings(), redirect_stdout(printed):
            warnings.simplefilter("ignore")  # scikit-criteria warns on import
            exec(code, names)
        assert printed.getvalue() == shown
