"""Many worlds between two problems that differ in facts: which ones are switched is free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.engine.ages import facts_that_count
from mcda.engine.evaluate import normalization_of
from mcda.engine.local import comparisons_of_options
from mcda.engine.scoring import Compiled, RowValues, column_of, compile_formulas, score
from mcda.engine.stack import hold, scorable
from mcda.engine.weighing import weigh
from mcda.formulas import Type, Values
from mcda.model.problem import OptionFacts, Problem

__all__ = ["Outcome", "Switch", "Worlds"]

Mask = NDArray[np.bool_]


class Switch(NamedTuple):
    """What can be switched: a fact of an option, or without a fact whether the option is there."""

    option: str
    fact: str | None


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of W worlds of n options.

    Attributes
    ----------
    winners : (W,) array
        Position of the winner; -1 without one, -2 where the world cannot be evaluated.
    passed : mapping
        Gate -> (W, n) whether each option passes it for certain.
    """

    winners: NDArray[np.intp]
    passed: Mapping[str, Mask]


class Worlds:
    """The worlds between `before` and `after`, problems of one scenario and criteria model.

    Attributes
    ----------
    names : tuple of str
        The options of both, in the scenario's order.
    switches : tuple of Switch
        What differs and counts: facts that a leaf or a gate reads, of options that both problems
        have, and options that only one of them has.
    """

    def __init__(self, before: Problem, after: Problem, names: tuple[str, ...]) -> None:
        self.names = names
        self._sides = [{each.name: each for each in side.options} for side in (before, after)]
        either = {**self._sides[1], **self._sides[0]}
        self._options = tuple(either[name] for name in names)
        self._problem = replace(before, options=self._options)
        self._compiled: Compiled = compile_formulas(before)
        self._normalization = normalization_of(before)
        self._compared = comparisons_of_options(before)
        self._weighed = None if before.weights.objective else weigh(before)
        self.switches = tuple(self._switches())
        self._place = {switch: i for i, switch in enumerate(self.switches)}

    def _switches(self) -> list[Switch]:
        count = facts_that_count(self._problem, self._compiled)
        found = []
        for name in self.names:
            sides = [side.get(name) for side in self._sides]
            if sides[0] is None or sides[1] is None:
                found.append(Switch(name, None))
                continue
            for fact in self._problem.criteria.facts:
                one, other = (self._said(each, fact) for each in sides if each is not None)
                if fact in count and one != other:
                    found.append(Switch(name, fact))
        return found

    def _said(self, option: OptionFacts, fact: str) -> tuple[Any, bool]:
        """A fact's value, and whether it is kept from the parts because it is said unknown."""
        if fact in option.facts:
            return option.facts[fact].value, False
        combined = self._problem.criteria.facts[fact].combine is not None
        return None, combined and bool(option.parts) and fact in option.unknown

    def outcome(self, switched: Mask) -> Outcome:
        """Evaluate worlds.

        Parameters
        ----------
        switched : (W, k)
            Which of the switches stand as in `after`, the others as in `before`.

        Raises
        ------
        DocumentError
            If a formula's result is not finite in one of the worlds.
        """
        worlds, n = len(switched), len(self.names)
        present = self._present(switched)
        rows = self._rows(switched, present)
        scored = score(rows, present.ravel())
        values, known = scored.values.copy(), scored.known.copy()
        for j, leaf in enumerate(self._problem.tree.leaf_ids):
            if leaf in self._compared:
                values[:, j], known[:, j] = np.tile(self._compared[leaf].weights, worlds), True
        eligible = scored.eligible & present.ravel()
        broken = (eligible & ~scorable(self._problem, values, known)).reshape(worlds, n).any(1)
        eligible &= ~np.repeat(broken, n)
        starts = np.arange(worlds + 1) * n
        held = hold(
            self._problem,
            values,
            eligible,
            eligible,
            starts,
            self._weighed,
            self._normalization,
            firm=False,
        )
        winners = np.where(held.recommended < 0, -1, held.recommended - starts[:-1])
        winners[broken] = -2
        winners[list(held.failed)] = -2
        passed = {
            gate: (yes & sure).reshape(worlds, n) for gate, (yes, sure) in scored.passed.items()
        }
        return Outcome(winners, passed)

    def _present(self, switched: Mask) -> Mask:
        """Which options (W, n) are there; those whose parts are not, are not either."""
        present = np.ones((len(switched), len(self.names)), dtype=bool)
        for i, name in enumerate(self.names):
            if Switch(name, None) in self._place:
                new = switched[:, self._place[Switch(name, None)]]
                present[:, i] = new == (name not in self._sides[0])
        whole = present.copy()
        for i, option in enumerate(self._options):
            for part in option.parts.values():
                whole[:, i] &= present[:, self.names.index(part)]
        return whole

    def _rows(self, switched: Mask, present: Mask) -> RowValues:
        worlds, n = present.shape
        criteria = self._problem.criteria
        offset = np.repeat(np.arange(worlds) * n, n)
        roles = {}
        for role in criteria.parts:
            at = [self._position(option.parts.get(role)) for option in self._options]
            plays = np.tile(np.array(at), worlds)
            roles[role] = np.where(plays >= 0, plays + offset, -1)
        rows = RowValues(self._problem, self._compiled, {}, roles, self.names, worlds * n)
        for name in criteria.profile:
            given = [self._problem.profile.get(name)]
            rows.table[name] = column_of(given, self._compiled.names[name])
        for name, declared in criteria.facts.items():
            column, said = self._fact(name, switched, self._compiled.names[name])
            rows.table[name] = rows.combined(column, declared, said)
        return rows

    def _position(self, name: str | None) -> int:
        return -1 if name is None else self.names.index(name)

    def _fact(self, fact: str, switched: Mask, kind: Type) -> tuple[Values, Mask]:
        """A fact of all rows, and where an option gives it itself, be it as unknown."""
        new = np.zeros((len(switched), len(self.names)), dtype=bool)
        for i, name in enumerate(self.names):
            place = self._place.get(Switch(name, fact))
            if place is not None:
                new[:, i] = switched[:, place]
        columns, said = [], []
        for side in self._sides:
            of = [side.get(each.name, each) for each in self._options]
            given = [each.facts[fact].value if fact in each.facts else None for each in of]
            columns.append(column_of(given, kind))
            said.append(np.array([fact in each.facts or fact in each.unknown for each in of]))
        values = np.where(new, columns[1].values, columns[0].values).ravel()
        known = np.where(new, columns[1].known, columns[0].known).ravel()
        return Values(values, known), np.where(new, said[1], said[0]).ravel()
