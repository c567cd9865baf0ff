"""What became of a table's scenarios: a row for each option, or for each scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk import columns as named
from mcda.bulk import hashes
from mcda.bulk.columns import NOTHING, Extras
from mcda.bulk.expected import Expectations
from mcda.bulk.leads import Leads
from mcda.bulk.rows import Failures, Layout, OptionRow, ScenarioAt, numbered
from mcda.bulk.table import Table
from mcda.bulk.why import limits, top, why
from mcda.engine.contest import Weights
from mcda.engine.evaluate import normalization_of, wanting
from mcda.engine.scoring import Scored, every
from mcda.engine.stack import Block, hold, scorable
from mcda.engine.verdict import VERDICTS
from mcda.engine.weighing_many import Given, WeighedMany
from mcda.errors import InputError
from mcda.frames.building import Cells, Words, frame_of, kind_of
from mcda.model.language import Language
from mcda.model.problem import Problem

__all__ = ["Results"]

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

#: Truth values that make one small whole number, and one whole number.
_FEW_BITS, _BITS = 16, 62


class Results:
    """The results of all rows, filled in chunk by chunk."""

    def __init__(
        self, problem: Problem, layout: Layout, lang: Language, extras: Extras = NOTHING
    ) -> None:
        rows, contests = len(layout.options), len(layout.starts) - 1
        self.problem = problem
        self.layout = layout
        self.lang = lang
        self.eligible = np.zeros(rows, dtype=bool)
        self.closeness = np.full(rows, np.nan)
        self.ranks = np.zeros(rows, dtype=np.int64)
        self.failing = np.zeros((len(problem.gates), rows), dtype=bool).T
        self.unknown = np.full(rows, -1)
        self.unknown_words: dict[str, int] = {}
        self.recommended = np.zeros(rows, dtype=bool)
        self.extras = extras
        self.expectations: Expectations | None = None
        self.weights: Mapping[str, Given] = {}
        self.leads = Leads()
        self.hashes = np.zeros(contests, dtype=np.uint64)
        bounded = len(problem.tree.dimensions) if extras.bounds else 0
        self.limits = np.full((3, bounded, contests), np.nan)
        self.reasons = np.full((named.REASONS, contests), -1)
        self.amounts = np.full((named.REASONS, contests), np.nan)
        self.flip_leaf = np.full(contests, -1)
        self.flip_to = np.full(contests, -1)
        self.flip_now = np.full(contests, np.nan)
        self.flip_at = np.full(contests, np.nan)
        self.winner = np.full(contests, -1)
        self.second = np.full(contests, -1)
        self.consistency_ratio = np.full(contests, np.nan)
        self.firmness = np.full(contests, np.nan)
        self.margin = np.full(contests, np.nan)
        self.verdicts = np.zeros(contests, dtype=np.intp)

    def add(
        self, contests: slice, scored: Scored, weighed: Weights | None, failures: Failures
    ) -> None:
        """Hold the contests of a run of scenarios, and note what became of them."""
        problem, starts = self.problem, self.layout.starts
        rows = slice(int(starts[contests.start]), int(starts[contests.stop]))
        own = starts[contests.start : contests.stop + 1] - rows.start
        eligible = scored.eligible
        usable = scorable(problem, scored.values, scored.known)
        # what a formula has failed for already may be no number at all
        sound = np.repeat(~failures.failed[contests], np.diff(own))
        for row in np.flatnonzero(eligible & ~usable & sound).tolist():
            what, remedy = wanting(problem, scored, row, in_table=True)[0]
            failures.add(OptionRow(rows.start + row), what, remedy)
        alive = np.repeat(~failures.failed[contests], np.diff(own))
        held = hold(
            problem,
            scored.values,
            usable & alive,
            eligible & alive,
            own,
            weighed,
            normalization_of(problem),
        )
        for contest, error in held.failed.items():
            text = str(error).replace("\n", " ")
            failures.add_scenario(ScenarioAt(contests.start + contest), text)
        self.eligible[rows] = eligible
        self.closeness[rows] = held.closeness
        self.ranks[rows] = held.ranks
        self.firmness[contests] = held.firmness
        self.margin[contests] = held.margin
        self.verdicts[contests] = held.verdicts
        self.recommended[rows.start + held.recommended[held.recommended >= 0]] = True
        if isinstance(weighed, WeighedMany):
            self.consistency_ratio[contests] = weighed.consistency_ratio
        elif weighed is not None and weighed.answers:
            ratios = [each.consistency_ratio for each in weighed.answers.values()]
            self.consistency_ratio[contests] = max(ratios)
        self._take_gates(rows, scored)
        for block in held.blocks:
            at, contested = contests.start + block.contests, ~block.tied
            first, second = (
                self._options(rows.start, block, each) for each in (block.winner, block.second)
            )
            self.winner[at] = np.where(contested, first, -1)
            self.second[at] = np.where(contested & (block.second >= 0), second, -1)
            if self.extras.reasons:
                self._explain(contests.start, rows.start, block)
            if self.extras.bounds:
                self.limits[:, :, contests.start + block.contests] = limits(problem, block)

    def _explain(self, first: int, first_row: int, block: Block) -> None:
        """Note why the winners of a block lead, and what would change them soonest."""
        found = why(self.problem, block)
        at = first + block.contests
        order, amounts = top(found.reasons, named.REASONS)
        self.reasons[: len(order), at], self.amounts[: len(order), at] = order, amounts
        self.flip_leaf[at], self.flip_now[at] = found.flip_leaf, found.flip_now
        self.flip_at[at] = found.flip_at
        takers = self._options(first_row, block, found.flip_to)
        self.flip_to[at] = np.where(found.flip_to >= 0, takers, -1)
        winners, seconds = self.winner[at], self.second[at]
        dimensions = self.problem.tree.dimensions
        self.leads.add_block(winners, seconds, self.layout.names, found.reasons, dimensions)

    def _options(self, first_row: int, block: Block, places: Rows) -> Rows:
        """Which options stand at places (B,) of a block's contests."""
        rows = block.rows.reshape(-1).take(block.at(np.maximum(places, 0)))
        return self.layout.options.take(first_row + rows)

    def _take_gates(self, rows: slice, scored: Scored) -> None:
        open_questions = np.zeros(len(scored.values), dtype=bool)
        for number, (yes, sure) in enumerate(scored.passed.values()):
            if every(yes) and every(sure):
                continue
            if every(sure):
                np.logical_not(yes, out=self.failing[rows, number])
                continue
            self.failing[rows, number] = ~(yes & sure)
            open_questions |= ~sure
        for row in np.flatnonzero(open_questions).tolist():
            missing: dict[str, None] = {}
            for gate, (_, sure) in scored.passed.items():
                if not sure[row]:
                    missing.update(dict.fromkeys(scored.missing_of_gate(gate, row)))
            text = " ".join(missing)
            known_as = self.unknown_words.setdefault(text, len(self.unknown_words))
            self.unknown[rows.start + row] = known_as

    def frame(self, table: Table) -> Any:
        """All of it as the caller's kind of frame, in the order of the caller's rows."""
        per_row = self.layout.contest_of
        failed = table.failures.failed[per_row]
        fine = ~failed
        back = _inverse(table)
        verdicts = np.where(failed, -1, self.verdicts[per_row])
        firmness, margin = self.firmness[per_row], self.margin[per_row]
        texts = list(dict.fromkeys(table.failures.found.values()))
        at = {text: i for i, text in enumerate(texts)}
        errors = np.full(len(table.failures.failed), -1)
        for contest, text in table.failures.found.items():
            errors[contest] = at[text]
        results: dict[str, Cells | Words] = {
            "eligible": Cells(self.eligible, fine),
            "rank": Cells(self.ranks, fine & (self.ranks > 0)),
            "closeness": Cells(self.closeness, fine & ~np.isnan(self.closeness)),
            "recommended": Cells(self.recommended, fine),
            "verdict": Words(verdicts, VERDICTS),
            "firmness": Cells(firmness, fine & ~np.isnan(firmness)),
            "margin": Cells(margin, fine & ~np.isnan(margin)),
            "gates": self._gates(fine),
            "because": self._because(fine),
            "unknown": Words(np.where(fine, self.unknown, -1), list(self.unknown_words)),
            "error": Words(errors[per_row], texts),
        }
        contests = ~table.failures.failed
        missed = self._missed(contests, *self._excluded(contests))
        if missed is not None:
            results["missed"] = Words(missed.positions[per_row], missed.words)
        columns: dict[str, Any] = {}
        source, kind = table.source, kind_of(table.source.native)
        if table.expand is not None:
            every = len(self.layout.options) // max(1, len(source))
            source = source.take(np.repeat(np.arange(len(source)), every))
        for name in (table.scenario, table.option, *table.keep):
            if name in source:
                columns[name] = source.native_column(name)
            else:
                columns[name] = Words(self.layout.options, self.layout.names)
        for name, column in results.items():
            if name in columns:
                raise InputError(
                    f"the column {name!r} is one of the results' own", "Rename it before"
                )
            columns[name] = column if back is None else column.take(back)
        index = getattr(table.source.native, "index", None) if table.expand is None else None
        return frame_of(columns, kind, index if kind == "pandas" else None)

    def by_scenario(self, failures: Failures) -> dict[str, Any]:
        """A row for each scenario, which is not named: columns, null where not known."""
        layout = self.layout
        fine = ~failures.failed
        contests = len(fine)
        winner = np.where(fine, self.winner, -1)
        columns: dict[str, Any] = {
            "recommended": Words(winner, layout.names),
            "verdict": Words(np.where(fine, self.verdicts, -1), VERDICTS),
            "firmness": Cells(self.firmness, fine & ~np.isnan(self.firmness)),
            "margin": Cells(self.margin, fine & ~np.isnan(self.margin)),
            "runner_up": Words(np.where(fine, self.second, -1), layout.names),
            "consistency_ratio": Cells(
                self.consistency_ratio, fine & ~np.isnan(self.consistency_ratio)
            ),
        }
        if self.extras.reasons:
            columns.update(self._explanations(fine))
        if self.extras.bounds:
            columns.update(self._bounds(fine))
        for code, name in enumerate(layout.names):
            if not name:
                continue  # rows whose option has no name, which are failures
            closeness, ranks = self._of_option(code, self.closeness, self.ranks)
            columns[named.closeness(name)] = Cells(closeness, fine & ~np.isnan(closeness))
            columns[named.rank(name)] = Cells(ranks, fine & (ranks > 0))
        excluded, exclusions = self._excluded(fine)
        texts = [
            "; ".join(f"{option}: {' '.join(gates)}" for option, gates in each.items())
            for each in exclusions
        ]
        columns["excluded"] = Words(excluded, texts)
        missed = self._missed(fine, excluded, exclusions)
        if missed is not None:
            columns["missed"] = missed
        if self.extras.hashes:
            columns["input_hash"] = hashes.texts(self.hashes, fine)
        errors = np.full(contests, -1)
        errors[list(failures.found)] = np.arange(len(failures.found))
        columns["error"] = Words(errors, list(failures.found.values()))
        return columns

    def _explanations(self, fine: NDArray[np.bool_]) -> dict[str, Any]:
        tree = self.problem.tree
        columns: dict[str, Any] = {}
        for place, (order, amounts) in enumerate(zip(self.reasons, self.amounts, strict=True), 1):
            columns[named.reason(place)] = Words(np.where(fine, order, -1), tree.dimensions)
            columns[named.amount(place)] = Cells(amounts, fine & ~np.isnan(amounts))
        flips = fine & (self.flip_leaf >= 0)
        columns["flip_criterion"] = Words(np.where(flips, self.flip_leaf, -1), tree.leaf_ids)
        columns["flip_share"] = Cells(self.flip_now, flips)
        columns["flip_at"] = Cells(self.flip_at, flips)
        columns["flip_to"] = Words(np.where(flips, self.flip_to, -1), self.layout.names)
        return columns

    def _bounds(self, fine: NDArray[np.bool_]) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        for number, dimension in enumerate(self.problem.tree.dimensions):
            for name, values in zip(named.bounds(dimension), self.limits[:, number], strict=True):
                columns[name] = Cells(values, fine & ~np.isnan(values))
        return columns

    def _of_option(self, code: int, closeness: Floats, ranks: Rows) -> tuple[Floats, Rows]:
        """What rows (R,) say of an option, for each scenario (B,); NaN and 0 where it is not."""
        layout = self.layout
        contests = len(layout.starts) - 1
        if layout.places is not None and layout.places[code] >= 0:
            place = int(layout.places[code])
            return closeness.reshape(contests, -1)[:, place], ranks.reshape(contests, -1)[:, place]
        rows = np.flatnonzero(layout.options == code)
        own, rank = np.full(contests, np.nan), np.zeros(contests, dtype=np.int64)
        own[layout.contest_of[rows]] = closeness[rows]
        rank[layout.contest_of[rows]] = ranks[rows]
        return own, rank

    def _missed(
        self,
        fine: NDArray[np.bool_],
        excluded: Rows,
        exclusions: Sequence[Mapping[str, Sequence[str]]],
    ) -> Words | None:
        """What is expected and not so; ``None`` if the table expects nothing."""
        if self.expectations is None:
            return None
        verdicts = np.where(fine, self.verdicts, -1)
        return self.expectations.missed(
            self.winner, self.layout.names, verdicts, excluded, exclusions
        )

    def _excluded(self, fine: NDArray[np.bool_]) -> tuple[Rows, list[dict[str, list[str]]]]:
        """Which of the exclusions each scenario has, -1 for none: option -> the gates it fails."""
        layout = self.layout
        rows, which, patterns = self._patterns(fine[layout.contest_of])
        codes = np.full(len(fine), -1)
        if not rows.size:
            return codes, []
        contests = layout.contest_of[rows]
        begins = np.flatnonzero(np.concatenate([[True], contests[1:] != contests[:-1]]))
        place = np.arange(len(rows)) - np.repeat(begins, np.diff([*begins, len(rows)]))
        pair = layout.options[rows] * len(patterns) + which
        # a scenario's pairs one after the other, each step told apart by numbers from 1 on
        key = np.zeros(len(fine), dtype=np.intp)
        for step in range(int(place.max()) + 1):
            here = place == step
            at = contests[here]
            mixed = key[at] * (int(pair.max()) + 1) + pair[here]
            key[at] = step * len(fine) + numbered(mixed)[1] + 1
        first, found = numbered(key[contests[begins]])
        codes[contests[begins]] = found
        ends = np.append(begins[1:], len(rows))
        every = [range(int(begins[each]), int(ends[each])) for each in first]
        return codes, [
            {layout.names[layout.options[rows[at]]]: patterns[which[at]] for at in each}
            for each in every
        ]

    def _gates(self, fine: NDArray[np.bool_]) -> Words:
        """The gates that each row fails, as one text."""
        positions = np.full(len(fine), -1)
        rows, which, patterns = self._patterns(fine)
        positions[rows] = which
        return Words(positions, [" ".join(each) for each in patterns])

    def _patterns(self, wanted: NDArray[np.bool_]) -> tuple[Rows, Rows, list[list[str]]]:
        """Which gates fail together: wanted rows that fail some, the pattern of each, the patterns.

        `wanted` (R,) are the rows that are looked at.
        """
        names = list(self.problem.gates)
        if not names:
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), []
        keys: NDArray[Any]
        if len(names) <= _BITS:
            kind: Any = np.uint16 if len(names) <= _FEW_BITS else np.int64
            keys = np.zeros(len(wanted), dtype=kind)
            for number, fails in enumerate(self.failing.T):
                if fails.any():
                    keys |= fails.astype(kind) << kind(number)
            rows = np.flatnonzero((keys > 0) & wanted)
        else:
            packed = np.packbits(np.ascontiguousarray(self.failing), axis=1)
            keys = packed.view(f"V{packed.shape[1]}").ravel()
            rows = np.flatnonzero(packed.any(axis=1) & wanted)
        if not rows.size:
            return rows, rows, []
        first, which = numbered(
            keys[rows] if keys.dtype.kind == "V" else keys[rows].astype(np.intp)
        )
        patterns = [
            [name for name, fails in zip(names, self.failing[row], strict=True) if fails]
            for row in rows[first]
        ]
        return rows, which, patterns

    def _because(self, fine: NDArray[np.bool_]) -> Words:
        """The reason of the first gate that each row fails."""
        words = [gate.because.say(self.lang) for gate in self.problem.gates.values()]
        if not words:
            return Words(np.full(len(fine), -1), words)
        first = np.argmax(self.failing, axis=1)
        return Words(np.where(fine & self.failing.any(axis=1), first, -1), words)


def _inverse(table: Table) -> Rows | None:
    """Where each row of the result stands in the layout; ``None`` where they are in order."""
    if table.order is None:
        return None
    back = np.argsort(table.order, kind="stable")
    if table.expand is None:
        return np.asarray(back)
    every = len(table.layout.options) // max(1, len(back))
    return np.asarray((back[:, None] * every + np.arange(every)).reshape(-1))
