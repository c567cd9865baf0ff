"""Long tables in, results out, all scenarios at once."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.rows import Failures, Layout, StackValues, layout_of, layout_of_all, stack_of
from mcda.bulk.why import top, why
from mcda.engine.evaluate import normalization_of, wanting
from mcda.engine.scoring import Scored, compile_formulas, score
from mcda.engine.stack import Block, hold, scorable
from mcda.engine.verdict import VERDICTS
from mcda.engine.weighing import Weighed, weigh
from mcda.errors import DocumentError, FormulaError, InputError, hint
from mcda.files.loader import Loader
from mcda.frames.building import Cells, Words, frame_of, kind_of
from mcda.frames.reading import Coded, Frame
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack
from mcda.model.problem import Problem
from mcda.model.scenario import Scenario
from mcda.model.text import Language, check_name
from mcda.weighting.ahp import AhpResult

__all__ = ["Errors", "Results", "Table", "evaluate_table", "held", "table_of", "template"]

Rows = NDArray[np.intp]
Errors = Literal["raise", "report"]

#: Rows that are worked on at a time; their arrays stay in the processor's cache.
_CHUNK = 2**14
#: Failures that one error lists.
_LISTED = 8
#: Reasons that each scenario's row has.
_REASONS = 3
#: What names an option of the facts pack, and a part.
_FROM, _PART = "from", "part:"


@dataclass(frozen=True, eq=False)
class Table:
    """A long table with its columns sorted out.

    Attributes
    ----------
    source : Frame
        As the caller gave it.
    frame : Frame
        Its rows in the layout's order, or one for each scenario.
    order : (F,) array or None
        Where each of them stood; ``None`` where they stand as they stood.
    layout : Layout
        One row for each option of each scenario.
    expand : (R,) array or None
        Where the frame has one row for each scenario: which one each row is from.
    scenario, option : str
        Columns; `option` is not one of the frame's where it has a row for each scenario.
    columns : mapping
        Fact, profile field, ``from`` or ``part:role`` -> column.
    options : mapping or None
        What is given of options beside the table.
    keep : tuple of str
        Columns that go into the result as they are.
    ids : sequence
        Of the scenarios.
    failures : Failures
    """

    source: Frame
    frame: Frame
    order: Rows | None
    layout: Layout
    expand: Rows | None
    scenario: str
    option: str
    columns: Mapping[str, str]
    options: Mapping[str, Any] | None
    keep: tuple[str, ...]
    ids: Sequence[Any]
    failures: Failures

    def scenario_of(self, row: int) -> str:
        """The id of a row's scenario, for messages."""
        return str(self.ids[int(self.layout.contest_of[row])])


def table_of(
    native: Any,
    criteria: Criteria,
    options: Mapping[str, Any] | None,
    scenario: str,
    option: str,
    keep: Sequence[str],
    numbers: Rows | None = None,
    textual: bool = False,
) -> Table:
    """Sort out which column is what, and which rows belong together.

    Parameters
    ----------
    native
        The caller's frame.
    criteria
        Whose facts, profile fields and parts columns are named after.
    options
        Those that all scenarios have, if they are given.
    scenario, option, keep
        Names of columns.
    numbers : (F,) array, optional
        What messages call the rows; by default they count from 1.
    textual
        Whether columns hold text that says numbers and truth values, as in CSV.

    Raises
    ------
    InputError
        For columns that are missing or unknown, and scenarios without an id.
    """
    frame = Frame(native, textual=textual)
    _check_names(scenario=scenario, option=option)
    keep = (keep,) if isinstance(keep, str) else tuple(keep)
    _check_names(**{f"keep[{i}]": name for i, name in enumerate(keep)})
    for name in (scenario, *keep):
        if name not in frame:
            remedy = hint(name, map(str, frame.columns))
            if name == scenario and not remedy.startswith("Did"):
                remedy = f"Say which column has the scenarios' ids: scenario=...; {remedy}"
            raise InputError(f"the table has no column {name!r}", remedy)
    columns = _columns(frame, criteria, (scenario, option), keep)
    starts, order, ids = frame.groups(scenario)
    source = frame
    if order is not None:
        frame = frame.take(order)
    per_option = option in frame
    size = len(ids) if per_option else len(frame)
    if not per_option:
        if options is None:
            raise InputError(
                f"the table has no column {option!r}",
                "Name it with option=..., or give options={name: {...}} for every scenario",
            )
        if len(ids) < len(frame):
            _refuse_repeated(starts, ids, order)
    shared = layout_of_all(size, list(map(check_name, options or ())))
    contest_of = shared.contest_of
    if per_option:
        contest_of = np.repeat(np.arange(size), np.diff(starts))

    def scenario_at(row: int) -> str:
        return f"scenario {str(ids[int(contest_of[row])])!r}"

    def place(row: int) -> str:
        at = row if per_option else int(contest_of[row])
        original = at if order is None else int(order[at])
        name = names.at(row) if per_option and len(names.codes) > row else ""
        which = f", option {name!r}" if name else ""
        number = original + 1 if numbers is None else int(numbers[original])
        return f"row {number} ({scenario_at(row)}{which})"

    names = Coded(np.zeros(0, dtype=np.intp), [])
    failures = Failures(contest_of, place, scenario_at, np.zeros(size, dtype=bool))
    if per_option:
        names = frame.labels(option, failures.at(option))
    table = Table(
        source,
        frame,
        order,
        layout_of(starts, names) if per_option else shared,
        None if per_option else contest_of,
        scenario,
        option,
        columns,
        options,
        keep,
        ids,
        failures,
    )
    _refuse_twice(table)
    return table


def _check_names(**given: Any) -> None:
    for what, name in given.items():
        if not isinstance(name, str):
            raise InputError(f"{what}={name!r} is not the name of a column", "Give text")


def _columns(
    frame: Frame, criteria: Criteria, taken: tuple[str, str], keep: Sequence[str]
) -> dict[str, str]:
    """Fact, profile field, ``from`` or ``part:role`` -> its column."""
    known = {
        **{name: name for name in (*criteria.profile, *criteria.facts)},
        **{f"profile:{name}": name for name in criteria.profile},
        **{f"fact:{name}": name for name in criteria.facts},
        **{f"{_PART}{role}": f"{_PART}{role}" for role in criteria.parts},
        _FROM: _FROM,
    }
    for column in taken:
        if column in known:
            raise InputError(
                f"the column {column!r} is a fact or a profile field of {criteria.id!r}",
                "Name the columns of scenarios and options otherwise: scenario=..., option=...",
            )
    found: dict[str, str] = {}
    for column in map(str, frame.columns):
        if column in taken:
            continue
        if column not in known:
            if column in keep:
                continue
            names = [name for name in known if not name.startswith(("profile:", "fact:"))]
            raise InputError(
                f"the column {column!r} is no fact or profile field of {criteria.id!r}",
                f"{hint(column, names)} Drop it, or pass it through: keep=[{column!r}]",
            )
        if known[column] in found:
            raise InputError(
                f"the columns {found[known[column]]!r} and {column!r} are the same", "Drop one"
            )
        found[known[column]] = column
    return found


def _refuse_repeated(starts: Rows, ids: Sequence[Any], order: Rows | None) -> None:
    """A table without options has one row for each scenario."""
    contest = int(np.argmax(np.diff(starts) > 1))
    rows = [int(starts[contest]), int(starts[contest]) + 1]
    shown = " and ".join(str((row if order is None else int(order[row])) + 1) for row in rows)
    raise InputError(
        f"rows {shown} have the same scenario {str(ids[contest])!r}, and no option is named",
        "Give every scenario an id of its own, or add a column for the options",
    )


def _refuse_twice(table: Table) -> None:
    """An option stands in a scenario once."""
    layout = table.layout
    keys = layout.contest_of * len(layout.names) + layout.options
    order = np.argsort(keys, kind="stable")
    again = order[1:][keys[order][1:] == keys[order][:-1]]
    for row in again.tolist():
        table.failures.add(row, "the scenario has this option already", "Keep one row")


def template(
    loader: Loader,
    criteria: Criteria,
    facts: FactsPack | str | None,
    options: Mapping[str, Any] | None,
    columns: Mapping[str, str],
    keys: Mapping[str, Any],
) -> Problem:
    """What holds where a table is silent.

    Parameters
    ----------
    loader
        Finds the facts pack.
    criteria, facts
        Of all scenarios.
    options
        Of all scenarios, if they are given; else those that the column ``from`` names.
    columns
        Of the table.
    keys
        What else stands in a scenario: profile, weights, method, constraints.

    Raises
    ------
    McdaError
        If they are no scenario.
    """
    pack = loader.pack(facts, criteria) if isinstance(facts, str) else facts
    known: Mapping[str, Any] = options if options is not None else {"option": {}}
    if options is None and _FROM in columns:
        if pack is None:
            what = f"the column {columns[_FROM]!r} names options of a facts pack"
            raise InputError(f"{what}, but none is given", "Give facts=NAME")
        known = {name: {"from": name} for name in pack.options}
    given = {"id": "table", "criteria": criteria, "facts": pack, "options": dict(known), **keys}
    return loader.problem(Scenario(**given))


def evaluate_table(table: Table, problem: Problem, errors: Errors, lang: Language) -> Any:
    """The results of all options, in the table's order and the caller's kind of frame.

    Parameters
    ----------
    table
    problem
        The template: criteria, weights, method, gates, and what holds where the table is silent.
    errors
        "raise" ends with the first failures; "report" puts them into the column ``error``.
    lang
        Language of the reasons.

    Raises
    ------
    InputError
        For what is wrong with scenarios, if errors are raised.
    """
    results = held(table, problem, lang)
    failures = table.failures
    if errors == "raise" and failures.found:
        texts = [failures.found[contest] for contest in sorted(failures.found)]
        size = len(failures.failed)
        count = f"{len(texts)} of {size} scenarios" if size > 1 else "the scenario"
        more = [f"and {len(texts) - _LISTED} more"] if len(texts) > _LISTED else []
        raise InputError(
            "\n  ".join([f"{count} cannot be evaluated:", *texts[:_LISTED], *more]) + "\n",
            "errors='report' gives the others' results, and the errors in a column",
        )
    return results.frame(table)


def held(table: Table, problem: Problem, lang: Language, *, explained: bool = False) -> Results:
    """The results of all contests of a table; what is wrong with scenarios is in its failures."""
    layout, failures = table.layout, table.failures
    if problem.weights.comparisons or any(
        judge.comparisons for judge in problem.weights.judges.values()
    ):
        raise InputError(
            "the weights compare options in pairs, which differ from scenario to scenario",
            "Evaluate such scenarios one by one",
        )
    compiled = compile_formulas(problem)
    weighed = weigh(problem) if problem.weights.objective is None else None
    if weighed is not None and weighed.warnings:
        said = [notice.titled(problem.tree.titles).say(lang) for notice in weighed.warnings]
        warnings.warn(" ".join(said), UserWarning, stacklevel=4)
    stack = stack_of(
        problem,
        compiled,
        table.frame,
        {name: column for name, column in table.columns.items() if name != _FROM},
        layout,
        _of_template(table, problem),
        table.expand,
        table.scenario_of,
        failures,
    )
    if table.expand is None:
        _refuse_differing(table, stack)
    results = Results(problem, layout, lang, explained=explained)
    results.consistency = {} if weighed is None else weighed.consistency
    size = len(layout.starts) - 1
    step = max(1, _CHUNK * size // max(1, len(layout.options)))
    for first in range(0, size, step):
        last = min(first + step, size)
        scored = _scored(stack.part(first, last), failures)
        results.add(slice(first, last), scored, weighed, failures)
    return results


def _of_template(table: Table, problem: Problem) -> Rows:
    """Which of the template's options each row is; -1 for none."""
    position = {option.name: i for i, option in enumerate(problem.options)}
    if table.options is None and _FROM in table.columns:
        refuse = table.failures.at(table.columns[_FROM])
        codes, words = table.frame.words(table.columns[_FROM], refuse)
        places = np.array([*(position.get(word, -1) for word in words), -1], dtype=np.intp)
        for row in np.flatnonzero((places[codes] < 0) & (codes >= 0)).tolist():
            word = words[int(codes[row])]
            refuse(row, f"names {word!r}, which the facts pack has not", hint(word, position))
        return np.asarray(places[codes])
    if _FROM in table.columns:
        raise InputError(
            f"options come from options= and from the column {table.columns[_FROM]!r}",
            "Leave out one of them",
        )
    names = table.layout.names
    known = np.array([position.get(name, -1) for name in names], dtype=np.intp)
    if table.options is not None:
        for row in np.flatnonzero(known[table.layout.options] < 0).tolist():
            name = names[table.layout.options[row]]
            table.failures.add(row, f"options= has no {name!r}", hint(name, position))
    return np.asarray(known[table.layout.options])


def _refuse_differing(table: Table, stack: StackValues) -> None:
    """A profile field has one value in a scenario."""
    together = np.diff(table.layout.contest_of) == 0
    for name in stack.problem.criteria.profile:
        values, known = stack.table[name]
        if name not in table.columns:
            continue
        same = (known[1:] == known[:-1]) & ((values[1:] == values[:-1]) | ~known[1:])
        for row in np.flatnonzero(together & ~same).tolist():
            what = f"column {table.columns[name]!r} differs from the row before"
            remedy = "A profile belongs to the scenario: repeat it in all its rows"
            table.failures.add(row + 1, what, remedy)


def _scored(stack: StackValues, failures: Failures) -> Scored:
    """The scores of a run of scenarios; those whose formulas fail are noted as failures."""
    active = np.ones(stack.size, dtype=bool)
    while True:
        try:
            return score(stack, active)
        except DocumentError as error:
            origin = error.origin
            if not isinstance(origin, FormulaError) or not origin.everywhere:
                raise
            at = error.findings[0].place
            for row, said in origin.everywhere.items():
                contest = int(stack.layout.contest_of[row])
                if active[row]:
                    text = f"{at}: {said(row)}, in {origin.formula.strip()}"
                    failures.add(stack.offset + row, text, origin.remedy)
                    starts = stack.layout.starts
                    active[starts[contest] : starts[contest + 1]] = False


class Results:
    """The results of all rows, filled in chunk by chunk."""

    def __init__(
        self, problem: Problem, layout: Layout, lang: Language, *, explained: bool = False
    ) -> None:
        rows, contests = len(layout.options), len(layout.starts) - 1
        self.problem = problem
        self.layout = layout
        self.lang = lang
        self.consistency: Mapping[str, AhpResult] = {}
        self.eligible = np.zeros(rows, dtype=bool)
        self.closeness = np.full(rows, np.nan)
        self.ranks = np.zeros(rows, dtype=np.int64)
        self.failing = np.zeros((rows, len(problem.gates)), dtype=bool)
        self.unknown = np.full(rows, -1)
        self.unknown_words: dict[str, int] = {}
        self.recommended = np.zeros(rows, dtype=bool)
        self.explained = explained
        self.reasons = np.full((_REASONS, contests), -1)
        self.amounts = np.full((_REASONS, contests), np.nan)
        self.flip_leaf = np.full(contests, -1)
        self.flip_to = np.full(contests, -1)
        self.flip_now = np.full(contests, np.nan)
        self.flip_at = np.full(contests, np.nan)
        self.firmness = np.full(contests, np.nan)
        self.margin = np.full(contests, np.nan)
        self.verdicts = np.zeros(contests, dtype=np.intp)

    def add(
        self, contests: slice, scored: Scored, weighed: Weighed | None, failures: Failures
    ) -> None:
        """Hold the contests of a run of scenarios, and note what became of them."""
        problem, starts = self.problem, self.layout.starts
        rows = slice(int(starts[contests.start]), int(starts[contests.stop]))
        own = starts[contests.start : contests.stop + 1] - rows.start
        eligible = scored.eligible
        usable = scorable(problem, scored.values, scored.known)
        for row in np.flatnonzero(eligible & ~usable).tolist():
            failures.add(rows.start + row, *wanting(problem, scored, row, in_table=True)[0])
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
            failures.add(rows.start + int(own[contest]), text, whole=True)
        self.eligible[rows] = eligible
        self.closeness[rows] = held.closeness
        self.ranks[rows] = held.ranks
        self.firmness[contests] = held.firmness
        self.margin[contests] = held.margin
        self.verdicts[contests] = held.verdicts
        self.recommended[rows.start + held.recommended[held.recommended >= 0]] = True
        self._take_gates(rows, scored)
        if self.explained:
            for block in held.blocks:
                self._explain(contests.start, rows.start, block)

    def _explain(self, first: int, first_row: int, block: Block) -> None:
        """Note why the winners of a block lead, and what would change them soonest."""
        found = why(self.problem, block)
        at = first + block.contests
        order, amounts = top(found.reasons, _REASONS)
        self.reasons[: len(order), at], self.amounts[: len(order), at] = order, amounts
        self.flip_leaf[at], self.flip_now[at] = found.flip_leaf, found.flip_now
        self.flip_at[at] = found.flip_at
        takers = np.maximum(found.flip_to, 0)
        rows = first_row + block.rows[takers, np.arange(len(takers))]
        self.flip_to[at] = np.where(found.flip_to >= 0, self.layout.options[rows], -1)

    def _take_gates(self, rows: slice, scored: Scored) -> None:
        open_questions = np.zeros(len(scored.values), dtype=bool)
        for number, (yes, sure) in enumerate(scored.passed.values()):
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

    def by_scenario(self, table: Table) -> dict[str, Any]:
        """A row for each scenario: columns of plain arrays and lists, null where not known."""
        layout, failures = self.layout, table.failures
        fine = ~failures.failed
        contests = len(fine)
        winner = np.full(contests, -1)
        won = np.flatnonzero(self.recommended)
        winner[layout.contest_of[won]] = layout.options[won]
        second = np.full(contests, -1)
        runs = np.flatnonzero(self.ranks == 2)
        runs = runs[np.lexsort((-runs, self.closeness[runs]))]  # the closest is written last
        second[layout.contest_of[runs]] = layout.options[runs]
        columns: dict[str, Any] = {
            "scenario": Words(np.arange(contests), [str(each) for each in table.ids]),
            "recommended": Words(np.where(fine, winner, -1), layout.names),
            "verdict": Words(np.where(fine, self.verdicts, -1), VERDICTS),
            "firmness": Cells(self.firmness, fine & ~np.isnan(self.firmness)),
            "margin": Cells(self.margin, fine & ~np.isnan(self.margin)),
            "runner_up": Words(np.where(fine & (winner >= 0), second, -1), layout.names),
        }
        if self.explained:
            columns.update(self._explanations(fine))
        for code, name in enumerate(layout.names):
            if not name:
                continue  # rows whose option has no name, which are failures
            rows = np.flatnonzero(layout.options == code)
            closeness, ranks = np.full(contests, np.nan), np.zeros(contests, dtype=np.int64)
            closeness[layout.contest_of[rows]] = self.closeness[rows]
            ranks[layout.contest_of[rows]] = self.ranks[rows]
            columns[f"closeness:{name}"] = Cells(closeness, fine & ~np.isnan(closeness))
            columns[f"rank:{name}"] = Cells(ranks, fine & (ranks > 0))
        gates = self._gates(np.repeat(fine, np.diff(layout.starts)))
        said: dict[tuple[tuple[int, int], ...], int] = {}
        rows = np.flatnonzero(gates.positions >= 0)
        pairs = np.stack([layout.options[rows], gates.positions[rows]], axis=1).tolist()
        of: dict[int, list[tuple[int, int]]] = {}
        for contest, (option, failing) in zip(layout.contest_of[rows].tolist(), pairs, strict=True):
            of.setdefault(contest, []).append((option, failing))
        excluded = np.full(contests, -1)
        for contest, each in of.items():
            excluded[contest] = said.setdefault(tuple(each), len(said))
        texts = ["; ".join(f"{layout.names[o]}: {gates.words[g]}" for o, g in key) for key in said]
        columns["excluded"] = Words(excluded, texts)
        errors = np.full(contests, -1)
        errors[list(failures.found)] = np.arange(len(failures.found))
        columns["error"] = Words(errors, list(failures.found.values()))
        return columns

    def _explanations(self, fine: NDArray[np.bool_]) -> dict[str, Any]:
        tree = self.problem.tree
        columns: dict[str, Any] = {}
        for place, (order, amounts) in enumerate(zip(self.reasons, self.amounts, strict=True), 1):
            columns[f"reason_{place}"] = Words(np.where(fine, order, -1), tree.dimensions)
            columns[f"amount_{place}"] = Cells(amounts, fine & ~np.isnan(amounts))
        flips = fine & (self.flip_leaf >= 0)
        columns["flip_criterion"] = Words(np.where(flips, self.flip_leaf, -1), tree.leaf_ids)
        columns["flip_share"] = Cells(self.flip_now, flips)
        columns["flip_at"] = Cells(self.flip_at, flips)
        columns["flip_to"] = Words(np.where(flips, self.flip_to, -1), self.layout.names)
        return columns

    def _gates(self, fine: NDArray[np.bool_]) -> Words:
        """The gates that each row fails, as one text."""
        names = list(self.problem.gates)
        positions = np.full(len(fine), -1)
        rows = np.flatnonzero(fine & self.failing.any(axis=1))
        if not rows.size:
            return Words(positions, [])
        packed = np.packbits(self.failing[rows], axis=1)
        _, first, which = np.unique(
            packed.view(f"V{packed.shape[1]}").ravel(), return_index=True, return_inverse=True
        )
        positions[rows] = which
        words = [
            " ".join(name for name, fails in zip(names, self.failing[row], strict=True) if fails)
            for row in rows[first]
        ]
        return Words(positions, words)

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
