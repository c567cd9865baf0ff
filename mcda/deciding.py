"""A decision straight from a matrix or a data frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, get_args

import numpy as np

from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import InputError, hint, listing, short
from mcda.files.tables import read_matrix
from mcda.frames.matrix import Matrix, labelled, matrix_of
from mcda.model.arrays import as_floats
from mcda.model.language import given_number
from mcda.model.recognition import Rows, Said
from mcda.model.resolve import resolve
from mcda.model.scenario import Method, ObjectiveMethod, Scenario
from mcda.model.values import not_given
from mcda.weighting.ahp import AhpResult

__all__ = ["decide", "said_of", "scenario_of"]


def decide(
    matrix_or_frame: Any,
    weights: Any,
    directions: Any,
    *,
    domain: Any = None,
    options: Any = None,
    criteria: Any = None,
    rows: Rows | None = None,
    method: Mapping[str, Any] | Method | None = None,
    id: str = "decision",  # noqa: A002
) -> Decision:
    """Rank the options of a matrix or a data frame.

    Parameters
    ----------
    matrix_or_frame : (n, m)
        Values of n options by m criteria: nested lists, an array, a pandas, Polars or PyArrow
        table with a column for each criterion, a mapping option -> {criterion: value}, or the path
        of a CSV file or workbook whose first row names criteria and first column options.
    weights
        Numbers in any scale (they are normalised), pairwise judgements ``{("a", "b"): 3}``, an
        `AhpResult`, ``"equal"``, or the name of a method that takes weights from the values
        ("entropy", "critic", "standard_deviation", "variance", "gini", "merec"). What has labels
        (a mapping, a pandas Series, an `AhpResult` of named criteria) is aligned by them; a plain
        list goes by the order of the columns.
    directions
        "benefit" or "cost" (also max, min, 1, -1): one for all, a list in the order of the
        columns, or criterion -> direction.
    domain : optional
        [low, high] for all criteria, a list of such pairs, or criterion -> [low, high]. Without
        it, vector normalisation is used, under which ranks may reverse when options change.
    options : optional
        Names of the options, or the column of the frame or file that has them. By default the
        frame's index if it has names, else its only column of text, else a first column of ids
        (by its name, or because it is named neither in the weights nor in the directions), else
        "option 1", "option 2", ...
    criteria : optional
        Names of the criteria; of a frame, the columns to use. By default all other columns.
    rows : optional
        "options" if every row is an option, whatever it looks like. Without it, rows that are named
        like a total, an average, weights, ... or hold directions or units, and tables that hold
        comparisons or have their criteria in rows, are refused.
    method : optional
        As under ``method:`` in a scenario, such as ``{"normalization": "minmax"}``.
    id
        The decision's name in reports.

    Returns
    -------
    Decision
        The same as for a scenario file; explain it with `mcda.explain`, vary it with
        `mcda.sensitivity`. Later changes of the matrix do not reach it.

    Raises
    ------
    InputError, DocumentError
        For labels that are missing, unknown or given twice, cells that are no finite number,
        weights that are negative or all zero, and values outside their domain.

    Examples
    --------
    >>> decision = decide(
    ...     {"a": {"price": 900, "battery": 9}, "b": {"price": 1500, "battery": 16}},
    ...     weights={("price", "battery"): 2},
    ...     directions={"price": "cost", "battery": "benefit"},
    ...     domain={"price": [500, 2500], "battery": [4, 20]},
    ... )
    >>> decision.recommended, decision.verdict
    ('a', 'clear')
    """
    said = said_of(weights, directions, domain, criteria)
    if isinstance(matrix_or_frame, (str, PathLike)):
        column = options if isinstance(options, str) else None
        read = read_matrix(matrix_or_frame, names=column, said=said, rows=rows)
        matrix_or_frame = dict(
            zip(
                read.options,
                (dict(zip(read.criteria, row, strict=True)) for row in read.values),
                strict=True,
            )
        )
        matrix = matrix_of(matrix_or_frame, None if column else options, criteria, rows="options")
    else:
        matrix = matrix_of(matrix_or_frame, options, criteria, said=said, rows=rows)
    return evaluate(
        resolve(scenario_of(matrix, weights, directions, domain, method, id), None, None)
    )


def said_of(weights: Any, directions: Any, domain: Any = None, criteria: Any = None) -> Said:
    """What the arguments of `decide` say about which columns are criteria."""
    labels: set[str] = set()
    counts: set[int] = set()
    for given in (weights, directions, None if _is_pair(domain) else domain):
        named = _labels_in(given)
        labels.update(named)
        listed = given.labels if isinstance(given, AhpResult) else given
        if not named and isinstance(listed, (list, tuple, np.ndarray)) and np.iterable(listed):
            counts.add(len(listed))
    chosen = tuple(map(str, criteria)) if isinstance(criteria, (list, tuple)) else None
    return Said(frozenset(labels), counts.pop() if len(counts) == 1 else None, chosen)


def _labels_in(given: Any) -> set[str]:
    """The criteria that weights or the like name; what cannot be used is refused elsewhere."""
    if isinstance(given, AhpResult):
        return set() if _are_counted(given.labels) else set(given.labels)
    if isinstance(given, Mapping) and all(
        isinstance(key, tuple) or (isinstance(key, str) and " vs " in key) for key in given
    ):
        sides = (key if isinstance(key, tuple) else key.split(" vs ") for key in given)
        return {side for pair in sides for side in pair if isinstance(side, str)}
    try:
        return set(labelled(given) or ())
    except InputError:
        return set()


def _are_counted(labels: Sequence[str]) -> bool:
    """Whether labels are only numbers that count."""
    return tuple(labels) == tuple(str(number + 1) for number in range(len(labels)))


def scenario_of(
    matrix: Matrix,
    weights: Any,
    directions: Any,
    domain: Any = None,
    method: Mapping[str, Any] | Method | None = None,
    id: str = "decision",  # noqa: A002
) -> Scenario:
    """The stand-alone scenario of a matrix; parameters as for `decide`."""
    names = matrix.criteria
    tree: dict[str, dict[str, Any]] = {name: {} for name in names}
    given = directions
    if isinstance(given, (str, int, np.integer)) and not isinstance(given, bool):
        given = [given] * len(names)
    for name, direction in _aligned(given, matrix, "directions").items():
        if isinstance(direction, np.generic):
            direction = direction.item()
        tree[name]["direction"] = direction
    if domain is not None:
        pairs: Any = [domain] * len(names) if _is_pair(domain) else domain
        for name, ends in _aligned(pairs, matrix, "domains").items():
            if not _is_pair(ends):
                raise InputError(
                    f"the domain of {name!r} is {short(ends)}", "Give its ends: [low, high]"
                )
            tree[name]["domain"] = [
                _number(end, f"an end of the domain of {name!r}") for end in ends
            ]
    if not isinstance(method, (Mapping, Method, type(None))):
        raise InputError(f"method={short(method)}", 'Give a mapping: {"normalization": "minmax"}')
    how = dict(
        method.model_dump(exclude_unset=True) if isinstance(method, Method) else method or {}
    )
    data: dict[str, Any] = {
        "id": id,
        "criteria": tree,
        "options": {
            option: dict(zip(names, map(float, row), strict=True))
            for option, row in zip(matrix.options, matrix.values, strict=True)
        },
        "weights": _weights(weights, matrix, how),
        "method": how,
    }
    return Scenario(**data)


def _weights(given: Any, matrix: Matrix, how: dict[str, Any]) -> dict[str, Any]:
    """What stands under ``weights:``."""
    names = matrix.criteria
    if isinstance(given, str):
        if given == "equal":
            return {"direct": dict.fromkeys(names, 1.0)}
        methods = get_args(ObjectiveMethod)
        if given not in methods:
            raise InputError(
                f"weights are {short(given)}", hint(given, ("equal", *methods)) or "Give numbers"
            )
        return {"objective": given}
    if isinstance(given, AhpResult):
        return _judged(given, matrix, how)
    if isinstance(given, Mapping) and given and _compares(given, names):
        pairs: dict[str, Any] = {}
        for pair, ratio in given.items():
            text = _pair(pair)
            if text in pairs:
                raise InputError(f"{text} is compared twice", "Keep one judgement")
            pairs[text] = ratio
        said = {pair: ratio for pair, ratio in pairs.items() if not not_given(ratio)}
        return {"judgements": {"goal": said}}
    if _is_table(given):
        raise InputError(
            "weights have rows and columns",
            "Give a number for each criterion; judgements become weights by mcda.ahp(judgements)",
        )
    numbers = {}
    for name, number in _aligned(given, matrix, "weights").items():
        numbers[name] = _number(number, f"the weight of {name!r}")
        if numbers[name] < 0:
            raise InputError(
                f"the weight of {name!r} is {given_number(numbers[name])}",
                "Weights are not negative",
            )
    if not any(numbers.values()):
        raise InputError("all weights are zero", "Give at least one above zero")
    return {"direct": numbers}


def _compares(given: Mapping[Any, Any], names: Sequence[str]) -> bool:
    """Whether the keys are pairs of criteria, not criteria."""
    return all(
        isinstance(key, tuple) or (isinstance(key, str) and " vs " in key and key not in names)
        for key in given
    )


def _pair(pair: Any) -> str:
    if isinstance(pair, str):
        return pair
    if len(pair) != 2 or not all(isinstance(each, str) for each in pair):
        raise InputError(f"{pair!r} is not a pair of names", 'Write {("a", "b"): 3}')
    return " vs ".join(pair)


def _judged(result: AhpResult, matrix: Matrix, how: dict[str, Any]) -> dict[str, Any]:
    """The judgements behind a result, so that their consistency and their noise are known."""
    if result.weights.ndim > 1:
        raise InputError("the AhpResult holds a batch of weights", "Decide one after the other")
    if result._index is not None:
        raise InputError(
            "the AhpResult has a random index of its own, which a decision does not keep",
            "Leave random_index out",
        )
    labels = result.labels
    made_up = _are_counted(labels)
    if made_up and labels != matrix.criteria and set(labels) == set(matrix.criteria):
        raise InputError(
            f"the AhpResult counts its criteria, the columns are called {listing(matrix.criteria)}",
            "Give names in the judgements, or rename the columns",
        )
    if made_up and set(labels) != set(matrix.criteria):
        if len(labels) != len(matrix.criteria):
            raise _wrong_count("weights", len(labels), matrix)
        labels = matrix.criteria
    ordered = _aligned(dict(zip(labels, range(len(labels)), strict=True)), matrix, "weights")
    how.setdefault("priorities", result.method)
    if len(ordered) == 1:
        return {"direct": dict.fromkeys(ordered, 1.0)}
    place = list(ordered.items())
    return {
        "judgements": {
            "goal": {
                f"{first} vs {second}": float(result.matrix[i, j])
                for a, (first, i) in enumerate(place)
                for second, j in place[a + 1 :]
                if not np.isnan(result.matrix[i, j])
            }
        }
    }


def _aligned(given: Any, matrix: Matrix, what: str) -> dict[str, Any]:
    """One entry for each criterion, in the matrix's order: by label if there are labels."""
    names = matrix.criteria
    by_label = labelled(given)
    if by_label is None:
        if isinstance(given, (str, bytes, set, frozenset)) or not np.iterable(given):
            raise InputError(f"{what} are {short(given)}", f"List one for each of {listing(names)}")
        entries = given.to_pylist() if hasattr(given, "to_pylist") else list(given)
        if len(entries) != len(names):
            raise _wrong_count(what, len(entries), matrix)
        return dict(zip(names, entries, strict=True))
    if not matrix.named:
        raise InputError(
            f"{what} go by name, but the matrix's columns have no names",
            "Name them with criteria=[...]",
        )
    for label in by_label:
        if label not in names:
            raise InputError(f"{what} name {label!r}, which is no criterion", hint(label, names))
    missing = [name for name in names if name not in by_label]
    if missing:
        raise InputError(f"{what} are missing for {listing(missing)}", "Give one for each")
    return {name: by_label[name] for name in names}


def _wrong_count(what: str, count: int, matrix: Matrix) -> InputError:
    names = matrix.criteria
    return InputError(
        f"{what}: {count} for {len(names)} criteria",
        f"Give one for each of {listing(names)}",
    )


def _is_pair(given: Any) -> bool:
    """Whether something is two numbers in order."""
    if isinstance(given, (str, bytes, Mapping, set, frozenset)) or not np.iterable(given):
        return False
    ends = list(given)
    return len(ends) == 2 and not any(isinstance(end, str) or np.iterable(end) for end in ends)


def _is_table(given: Any) -> bool:
    if isinstance(given, Mapping):
        return False
    if getattr(given, "ndim", 1) == 2:
        return True
    return isinstance(given, (list, tuple)) and any(isinstance(row, (list, tuple)) for row in given)


def _number(given: Any, what: str) -> float:
    """One finite number."""
    try:
        found = as_floats(given, what)
    except InputError as error:
        said = error.what.removeprefix("the ")
        raise InputError(said, "Give a finite number") from None
    if found.ndim:
        raise InputError(f"{what} is {short(given)}, not a number", "Give one number")
    return float(found)
