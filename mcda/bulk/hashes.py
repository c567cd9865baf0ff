"""What tells whether a scenario's input is the same as in another run: 64 bits, 16 hex digits.

Rows of tables are hashed by their values after reading, all rows at once, so that it does not
matter which kind of table they stand in; files and lines by their bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.rows import StackValues
from mcda.bulk.sources import Settings, hash_of_documents, hash_of_referred
from mcda.engine.weighing_many import Given
from mcda.model.problem import Problem

__all__ = ["Hasher", "hash_of_bytes", "said_by", "texts"]

Rows = NDArray[np.intp]
Bits = NDArray[np.uint64]


def _mixed(bits: Bits) -> Bits:
    """Every bit made to depend on every other: the finaliser of SplitMix64 (Steele et al. 2014)."""
    shifted = bits >> np.uint64(30)
    mixed = bits ^ shifted
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= np.right_shift(mixed, np.uint64(27), out=shifted)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= np.right_shift(mixed, np.uint64(31), out=shifted)
    return mixed


@cache
def _of_text(text: str) -> np.uint64:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "big"))


def _of_texts(texts: Sequence[str]) -> Bits:
    """Of each text, and of the position -1 that stands for none."""
    return np.array([*map(_of_text, texts), _UNKNOWN], dtype=np.uint64)


#: Stands for what is not known; no finite number has these bits.
_UNKNOWN = np.uint64(0xFFFFFFFFFFFFFFFF)


class Hasher:
    """Hashes of the scenarios of one table.

    Parameters
    ----------
    problem
        The template.
    names
        Of options.
    columns
        What the table says something of; of all else the template says everything.
    of_template : (R,)
        Which of the template's options each row is; -1 for none.
    said
        What belongs to the input of every scenario: the program's version, and all that the
        template says.
    """

    def __init__(
        self,
        problem: Problem,
        names: Sequence[str],
        columns: Collection[str],
        of_template: Rows,
        said: str,
    ) -> None:
        self.facts = [name for name in problem.criteria.facts if name in columns]
        self.profile = [name for name in problem.criteria.profile if name in columns]
        self.of_template = of_template
        self.names = _of_texts(names)
        self.template = _of_texts([option.name for option in problem.options])
        self.common = _of_text(said)

    def of(self, stack: StackValues, weights: Mapping[str, Given]) -> Bits:
        """Of each scenario (B,) of a run of them.

        Parameters
        ----------
        stack
            Values of facts and the profile.
        weights
            Node -> what the scenarios say of the weights under it.
        """
        layout = stack.layout
        total = self._column("option", self.names[layout.options])
        total += self._column(
            "from", self.template[self.of_template[stack.offset : stack.offset + stack.size]]
        )
        for role, rows in stack.roles.items():
            players = np.append(layout.options, -1)[rows]
            total += self._column(f"part:{role}", self.names[players])
        for name in self.facts:
            total += self._column(name, _bits(*stack.table[name]))
        begins = layout.starts[:-1]
        found = np.add.reduceat(_mixed(total), begins)
        for name in self.profile:  # it belongs to the scenario: all its rows say the same
            values, known = (_at(each, begins) for each in stack.table[name])
            found += self._column(name, _bits(values, known))
        for node, given in weights.items():
            direct = () if given.direct is None else given.direct
            for kind, numbers in (("judgement", given.ratios), ("weight", direct)):
                for place, row in enumerate(numbers):
                    found += self._column(f"{kind} {place} {node}", _bits(row, ~np.isnan(row)))
        found += self.common
        return _mixed(found)

    @staticmethod
    def _column(name: str, bits: Bits) -> Bits:
        return _mixed(bits + _of_text(f"column {name}"))


def _at(array: NDArray[Any], rows: Rows) -> NDArray[Any]:
    return array if array.size == 1 else array.take(rows)


def _bits(values: NDArray[Any], known: NDArray[np.bool_]) -> Bits:
    # adding zero turns -0.0 into 0.0
    bits = (np.asarray(values, dtype=np.float64) + 0.0).view(np.uint64)
    return bits if known.size == 1 and known.all() else np.where(known, bits, _UNKNOWN)


def said_by(problem: Problem) -> str:
    """All that a problem says, apart from its id."""
    scenario = problem.scenario.model_dump_json(exclude={"id"}, by_alias=True)
    pack = "" if problem.pack is None else problem.pack.model_dump_json(by_alias=True)
    return "\n".join((scenario, problem.criteria.model_dump_json(by_alias=True), pack))


def hash_of_bytes(data: bytes, folder: Path, settings: Settings) -> str:
    """Of a scenario's own document and of those that it refers to, as text."""
    found = hashlib.blake2b(settings.version.encode(), digest_size=8)
    found.update(data.strip())
    found.update(hash_of_referred(data, str(folder)))
    for name in filter(None, (settings.criteria, settings.facts)):
        found.update(hash_of_documents(name, Path()))
    return found.hexdigest()


def texts(hashes: Bits, fine: NDArray[np.bool_]) -> Any:
    """16 hexadecimal digits for each, as a Polars column; null where a scenario has failed."""
    import polars as pl

    digits = np.frombuffer(hashes.astype(">u8").tobytes().hex().encode(), dtype="S16")
    every = pl.Series("input_hash", digits).cast(pl.String)
    if fine.all():
        return every
    return every.set(pl.Series(~fine), None)
