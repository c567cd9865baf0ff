"""Scenarios from the objects of other libraries: scikit-criteria's matrices, pymcdm's arguments.

Neither library is imported: their objects are read by their public attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint, short
from mcda.model.arrays import as_floats, at_index
from mcda.model.criteria import GOAL
from mcda.model.language import check_name, given_number
from mcda.model.recognition import Rows, Table, check_rows, recognise
from mcda.model.scenario import Option, Scenario
from mcda.ranking.inputs import align, labels_of

__all__ = ["from_pymcdm", "from_scikit_criteria"]

Floats = NDArray[np.float64]
Observed = Literal["vector", "minmax", "max", "sum", "none"]
Weighting = Literal["hierarchical", "classic", "linear"]

_NORMALIZATIONS: tuple[str, ...] = get_args(Observed)
_WEIGHTINGS: tuple[str, ...] = get_args(Weighting)
#: pymcdm's functions, by name, and what they are called here.
_FUNCTIONS: dict[str, Observed] = {
    f"{name}_normalization": name for name in ("vector", "minmax", "max", "sum")
}
#: Names that mean something else where criteria are named.
_KEPT = frozenset(field.alias or name for name, field in Option.model_fields.items()) | {GOAL}
#: What pymcdm's TOPSIS uses unless told otherwise.
_PYMCDM_DEFAULT: Observed = "minmax"


def from_scikit_criteria(
    decision_matrix: Any,
    *,
    id: str = "decision",  # noqa: A002
    normalization: Observed | None = None,
    weighting: Weighting = "classic",
    rows: Rows | None = None,
) -> Scenario:
    """A scenario from a ``skcriteria.DecisionMatrix``: its labels, objectives, weights and values.

    Parameters
    ----------
    decision_matrix
        As it is before any scaling or inverting of objectives.
    id
        The scenario's name.
    normalization
        "vector" if left out. A decision matrix does not say which scaler a pipeline puts behind
        it; "vector" agrees with ``VectorScaler("matrix")`` and ``SumScaler("weights")`` before
        scikit-criteria's TOPSIS, costs included.
    weighting
        "classic", as in every textbook and in scikit-criteria.
    rows
        "options" if every row is an option, even one named like a total; as for `mcda.decide`.

    Returns
    -------
    Scenario
        Evaluate it with `mcda.evaluate`.

    Raises
    ------
    InputError
        If it is no decision matrix, a label occurs twice, a value is missing, a row is no option.
    """
    parts: dict[str, Any] = {
        name: getattr(decision_matrix, name, None)
        for name in ("matrix", "weights", "objectives", "alternatives", "criteria")
    }
    absent = [name for name, part in parts.items() if part is None]
    if absent:
        raise InputError(
            f"this {type(decision_matrix).__name__} has no {absent[0]}",
            "Give a skcriteria.DecisionMatrix, as made by skcriteria.mkdm",
        )
    return _scenario(
        np.asarray(parts["matrix"]),
        np.asarray(parts["weights"]),
        [_direction(_plain(each), number) for number, each in enumerate(parts["objectives"])],
        options=np.asarray(parts["alternatives"]),
        criteria=np.asarray(parts["criteria"]),
        id=id,
        normalization=normalization or "vector",
        weighting=weighting,
        rows=rows,
    )


def from_pymcdm(
    matrix: Any,
    weights: Any,
    types: Any,
    *,
    options: Iterable[Any] | None = None,
    criteria: Iterable[Any] | None = None,
    method: Any = None,
    normalization: Observed | None = None,
    rows: Rows | None = None,
    id: str = "decision",  # noqa: A002
) -> Scenario:
    """A scenario from what one passes to a call of ``pymcdm.methods.TOPSIS``.

    Parameters
    ----------
    matrix : (n, m)
        n options by m criteria; a frame's index and columns are their names.
    weights : (m,)
        Not negative; scaled to sum 1. Labelled weights are aligned with a frame's columns.
    types : (m,)
        1 for benefits, -1 for costs; aligned likewise.
    options, criteria
        Names; ``A1``, ``A2``, ... and ``C1``, ``C2``, ... where neither these nor a frame say.
    method
        The TOPSIS object, from which the normalisation is read.
    normalization
        Instead of `method`. Without both it is "minmax", pymcdm's default.
    rows
        "options" if every row is an option, even one named like a total; as for `mcda.decide`.
    id
        The scenario's name.

    Returns
    -------
    Scenario
        With ``weighting: classic``; its closeness is pymcdm's.

    Raises
    ------
    InputError
        For a method other than TOPSIS, a normalisation that has no counterpart here, shapes that
        do not fit, missing values, labels that occur twice, rows that are no options.

    Examples
    --------
    >>> import mcda
    >>> trip = from_pymcdm([[1, 3000], [2, 3750], [5, 4500]], [0.5, 0.5], [-1, 1])
    >>> [(each.option, round(each.closeness, 3)) for each in mcda.evaluate(trip).ranking]
    [('A2', 0.617), ('A1', 0.5), ('A3', 0.5)]
    """
    if method is not None and normalization is not None:
        raise InputError("method and normalization both say how to normalise", "Give one of them")
    if normalization is None:
        normalization = _PYMCDM_DEFAULT if method is None else _normalization_of(method)
    index, columns = getattr(matrix, "index", None), getattr(matrix, "columns", None)
    framed = columns is not None and not callable(index)
    check_rows(rows)
    if options is not None:  # who names the options says that all rows are some
        rows = "options"
    labels = labels_of(matrix)
    types = align(types, labels, "types")
    return _scenario(
        matrix,
        align(weights, labels, "weights"),
        [_direction(_plain(each), number) for number, each in enumerate(_many(types, "types"))],
        options=index if options is None and framed else options,
        criteria=columns if criteria is None and framed else criteria,
        id=id,
        normalization=normalization,
        weighting="classic",
        rows=rows,
    )


def _scenario(
    matrix: Any,
    weights: Any,
    directions: list[str],
    *,
    options: Iterable[Any] | None,
    criteria: Iterable[Any] | None,
    id: str,  # noqa: A002
    normalization: str,
    weighting: str,
    rows: Rows | None,
) -> Scenario:
    x, w = as_floats(matrix, "matrix"), as_floats(weights, "weights")
    if x.ndim != 2 or 0 in x.shape:
        raise InputError(
            f"the matrix has the shape {x.shape}", "Give a row per option, a column per criterion"
        )
    n, m = x.shape
    if w.ndim != 1:
        raise InputError(
            f"the weights have the shape {w.shape}, the criteria are {m}", "Give one for each"
        )
    for count, what in ((w.size, "weights"), (len(directions), "types")):
        if count != m:
            raise InputError(f"there are {count} {what} for {m} criteria", "Give one for each")
    if w.min() < 0:
        at = int(np.argmin(w))
        raise InputError(
            f"{at_index('weights', (at,))} is {given_number(w[at])}",
            "Weights are not negative; a criterion to minimise is a cost",
        )
    if not w.any():
        raise InputError("all weights are zero", "Give at least one criterion a weight")
    for word, known, what in (
        (normalization, _NORMALIZATIONS, "normalization"),
        (weighting, _WEIGHTINGS, "weighting"),
    ):
        if word not in known:
            raise InputError(f"unknown {what} {word!r}", hint(str(word), known))
    names = _labels(options, n, "option", "A")
    columns = _labels(criteria, m, "criterion", "C")
    check_rows(rows)
    if rows is None and (found := recognise(Table(columns, names, lambda i, j: float(x[i, j])))):
        raise InputError("; ".join(each.what for each in found), found[0].remedy)
    return Scenario.model_validate(
        {
            "id": _name(id, "id"),
            "criteria": {
                name: {"direction": direction}
                for name, direction in zip(columns, directions, strict=True)
            },
            "options": {
                name: dict(zip(columns, map(float, row), strict=True))
                for name, row in zip(names, x, strict=True)
            },
            "weights": {"direct": dict(zip(columns, map(float, w), strict=True))},
            "method": {"normalization": normalization, "weighting": weighting},
        }
    )


def _labels(given: Iterable[Any] | None, count: int, what: str, letter: str) -> list[str]:
    if given is None:
        return [f"{letter}{number}" for number in range(1, count + 1)]
    plural = "criteria" if what == "criterion" else f"{what}s"
    labels = [str(_plain(each)) for each in _many(given, plural)]
    if len(labels) != count:
        raise InputError(f"there are {len(labels)} names for {count} {plural}", "Name each once")
    names = [_name(label, what) for label in labels]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"the {what} {name!r} occurs twice", "Names must differ")
        if what == "criterion" and name in _KEPT:
            raise InputError(f"the {what} {name!r}: this name is kept", "Rename it first")
    return names


def _name(label: str, what: str) -> str:
    try:
        return check_name(label)
    except ValueError as error:
        raise InputError(f"the {what} {label!r}: {error}", "Rename it first") from None


def _many(given: Any, what: str) -> list[Any]:
    if isinstance(given, (str, bytes, Mapping)) or not np.iterable(given):
        raise InputError(f"the {what} are {short(given)}", "Give a list")
    return list(given)


def _plain(given: Any) -> Any:
    """An enum's value, or numpy's scalar as Python's."""
    given = getattr(given, "value", given)
    return given.item() if isinstance(given, np.generic) else given


def _direction(given: Any, number: int) -> str:
    if isinstance(given, Real) and not isinstance(given, bool) and given in (1, -1):
        return "benefit" if given == 1 else "cost"
    raise InputError(
        f"the direction of criterion {number + 1} is {short(given)}",
        "Use 1 for a benefit, -1 for a cost",
    )


def _normalization_of(method: Any) -> Observed:
    kind = method if isinstance(method, type) else type(method)
    if kind is method or kind.__name__ != "TOPSIS" or not hasattr(method, "normalization"):
        raise InputError(f"the method is {kind.__name__}", "Give a pymcdm.methods.TOPSIS() object")
    function = method.normalization
    name = getattr(function, "__name__", str(function))
    home = str(getattr(function, "__module__", ""))
    if name not in _FUNCTIONS or not home.startswith("pymcdm."):
        raise InputError(
            f"the normalisation {name} has no counterpart here",
            f"Use one of {', '.join(_FUNCTIONS)}, or normalise first and give normalization='none'",
        )
    return _FUNCTIONS[name]
