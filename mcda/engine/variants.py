"""Many variants of one problem at once: a fact or a profile field takes other values."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mcda.engine.decision import Decision
from mcda.engine.scoring import OptionValues, evaluated, scored_name
from mcda.engine.stack import hold, scorable
from mcda.errors import McdaError
from mcda.formulas import Values, evaluate
from mcda.model.documents import located
from mcda.ranking.ranks import TIE

__all__ = [
    "Variants",
    "variants_of_fact",
    "variants_of_facts",
    "variants_of_profile",
    "worked_out",
]

Floats = NDArray[np.float64]
Value = float | bool | str


@dataclass(frozen=True, eq=False)
class Variants:
    """B variants of a problem with n options.

    Attributes
    ----------
    values : (B, n, m) array
        Leaf values.
    closeness : (B, n) array
        NaN for options that are not eligible, or where they cannot be scored.
    eligible : (B, n) array
        Which options pass every gate.
    valid : (B,) array
        Whether every eligible option can be scored, inside its domains.
    """

    values: Floats
    closeness: Floats
    eligible: NDArray[np.bool_]
    valid: NDArray[np.bool_]

    def leaders(self, winner: int) -> NDArray[np.intp]:
        """Who leads each variant (B,): `winner` unless another is strictly closer.

        -1 for nobody: where none is eligible, or several others tie.
        """
        filled = np.where(np.isnan(self.closeness), -np.inf, self.closeness)
        best = filled.max(axis=1)
        others = np.delete(filled, winner, axis=1)
        several = (others >= best[:, None] - TIE).sum(axis=1) > 1
        ahead = np.where(several | ~np.isfinite(best), -1, filled.argmax(axis=1))
        return np.where(np.isfinite(best) & (filled[:, winner] == best), winner, ahead)


def variants_of_fact(decision: Decision, option: int, fact: str, values: list[Value]) -> Variants:
    """One option's fact takes other values."""
    return variants_of_facts(decision, {(option, fact): _column(decision, fact, values)})


def variants_of_facts(
    decision: Decision, changes: Mapping[tuple[int, str], NDArray[np.generic]]
) -> Variants:
    """Several options' facts take B other values each, as formulas have them."""
    options = _options(decision).with_facts(changes)
    size = len(next(iter(changes.values())))
    return _variants(decision, options, frozenset(fact for _, fact in changes), size)


def variants_of_profile(decision: Decision, field: str, values: list[Value]) -> Variants:
    """A profile field takes other values."""
    options = _options(decision).with_profile(field, _column(decision, field, values))
    return _variants(decision, options, frozenset([field]), len(values))


def worked_out(
    decision: Decision,
    changes: Mapping[tuple[int | None, str], NDArray[np.generic]],
    measures: frozenset[str],
    rows: NDArray[np.bool_],
) -> OptionValues:
    """The options where facts (option, name) and profile fields (None, name) take B values each.

    Only `measures` are worked out anew, and only in `rows` (n,) can they be wrong.

    Raises
    ------
    DocumentError
        If a formula's result is not finite there.
    """
    facts = {(at, name): values for (at, name), values in changes.items() if at is not None}
    options = _options(decision).with_facts(facts) if facts else _options(decision)
    for (at, name), values in changes.items():
        if at is None:
            options = options.with_profile(name, values)
    changed = frozenset(name for _, name in changes)
    criteria, compiled = decision.problem.criteria, options.compiled
    for name, node in compiled.measures.items():
        if name in measures and changed & compiled.reads[name]:
            with located(criteria, ("measures", name, "formula")):
                text = criteria.measures[name].formula
                options.table[name] = evaluate(node, text, options, rows)
    return options


def _options(decision: Decision) -> OptionValues:
    options = decision.workings.scored.options
    assert isinstance(options, OptionValues)
    return options


def _column(decision: Decision, name: str, values: list[Value]) -> NDArray[np.generic]:
    """Values as formulas have them: choices as positions."""
    criteria = decision.problem.criteria
    declared = criteria.facts.get(name) or criteria.profile[name]
    if declared.type == "choice":
        return np.array(
            [(declared.values or ()).index(str(value)) for value in values], dtype=float
        )
    return np.array(values, dtype=np.bool_ if declared.type == "boolean" else np.float64)


def _variants(
    decision: Decision, options: OptionValues, changed: frozenset[str], size: int
) -> Variants:
    problem = decision.problem
    try:
        values, known, eligible = _leaf_values(decision, options, changed, size)
    except McdaError:
        # a formula fails somewhere: halve until it is known where
        if size == 1:
            nowhere = np.zeros((1, len(problem.options)), dtype=bool)
            missing = np.full((1, len(problem.options), len(problem.tree.leaves)), np.nan)
            return Variants(missing, missing[..., 0], nowhere, np.zeros(1, dtype=bool))
        halves = [
            _variants(decision, _rows(options, changed, rows), changed, rows.stop - rows.start)
            for rows in (slice(0, size // 2), slice(size // 2, size))
        ]
        return Variants(
            np.concatenate([half.values for half in halves]),
            np.concatenate([half.closeness for half in halves]),
            np.concatenate([half.eligible for half in halves]),
            np.concatenate([half.valid for half in halves]),
        )
    usable = scorable(problem, values, known)
    valid = np.asarray((usable | ~eligible).all(axis=1))
    return Variants(
        values, _closeness(decision, values, eligible & valid[:, None]), eligible, valid
    )


def _rows(options: OptionValues, changed: frozenset[str], rows: slice) -> OptionValues:
    """The same with some of the variants only."""
    fewer = copy(options)
    taken = {
        name: Values(options.table[name].values[rows], options.table[name].known[rows])
        for name in changed
    }
    fewer.table = {**options.table, **taken}
    return fewer


def _leaf_values(
    decision: Decision, options: OptionValues, changed: frozenset[str], size: int
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Leaf values and where they are known (B, n, m), and who is eligible (B, n)."""
    problem, compiled = decision.problem, options.compiled
    table = evaluated(options, changed)
    shape = (size, len(problem.options))
    values = np.empty((*shape, len(problem.tree.leaves)))
    known = np.ones(values.shape, dtype=bool)
    for j, leaf in enumerate(problem.tree.leaves):
        if leaf.id in decision.compared:
            values[..., j] = decision.compared[leaf.id].weights
        else:
            column = table[scored_name(leaf)]
            values[..., j], known[..., j] = column.values, column.known
    eligible = np.ones(shape, dtype=bool)
    for name, node in compiled.gates.items():
        if changed & compiled.reads[f"gate:{name}"]:
            passed, sure = evaluate(node, problem.gates[name].rule, options)
            eligible &= passed & sure
        else:
            yes, sure = decision.workings.scored.passed[name]
            eligible &= yes & sure
    return values, known, eligible


def _closeness(decision: Decision, values: Floats, taking_part: NDArray[np.bool_]) -> Floats:
    """Closeness (B, n) of the options that take part; NaN of others, and where none has meaning."""
    problem, workings = decision.problem, decision.workings
    size, n = taking_part.shape
    return hold(
        problem,
        values.reshape(size * n, -1),
        taking_part.ravel(),
        taking_part.ravel(),
        np.arange(size + 1) * n,
        None if problem.weights.objective else workings.weighed,
        workings.contest.normalization,
        firm=False,
    ).closeness.reshape(size, n)
