"""From the local weights of every node to the global weights of the leaves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mcda.model.criteria import GOAL
from mcda.model.tree import CriteriaTree

__all__ = ["global_weights", "leaf_weights"]


def global_weights(
    tree: CriteriaTree, local: Mapping[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    """The global weight of every node: the product of the local weights from the top down.

    Parameters
    ----------
    tree
        The criteria.
    local
        Per parent, ``goal`` included, the weights (..., k) of its k children, sum 1.

    Returns
    -------
    dict
        Node -> (...) array; ``goal`` has 1.
    """
    weights: dict[str, NDArray[np.float64]] = {GOAL: np.asarray(1.0)}
    for node, children in tree.parents():
        for number, child in enumerate(children):
            weights[child] = weights[node] * local[node][..., number]
    return weights


def leaf_weights(
    tree: CriteriaTree, local: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The global weights (..., m) of the leaves, in the tree's order."""
    weights = global_weights(tree, local)
    return np.stack([weights[leaf] for leaf in tree.leaf_ids], axis=-1)
