"""Multi-criteria decisions that can be defended: AHP weights, TOPSIS ranks, and the reasons.

The public names are resolved when first used, so that ``import mcda`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mcda import _clash

if TYPE_CHECKING:
    from mcda.api import (
        diff,
        evaluate,
        evaluate_frame,
        evaluate_portfolio,
        load_criteria,
        load_portfolio,
        load_scenario,
        report,
    )
    from mcda.bulk.arrow import ArrowEvaluator
    from mcda.bulk.evaluate_many import Failure, evaluate_many
    from mcda.converters import from_pymcdm, from_scikit_criteria
    from mcda.deciding import decide
    from mcda.dependency.closure import closure
    from mcda.engine.decision import Decision
    from mcda.engine.portfolio import PortfolioDecision
    from mcda.errors import McdaError
    from mcda.explanation.changes import Difference
    from mcda.explanation.explanation import Explanation, explain
    from mcda.files.shipped import catalog
    from mcda.files.writing import save
    from mcda.model.criteria import Criteria
    from mcda.model.facts import FactsPack
    from mcda.model.portfolio import Portfolio
    from mcda.model.scenario import Scenario
    from mcda.ranking.topsis import TopsisResult, topsis
    from mcda.stability.breakeven import BreakEven, break_even
    from mcda.stability.sensitivity import Sensitivity, sensitivity
    from mcda.weighting.ahp import AhpResult, ahp

__all__ = [
    "AhpResult",
    "ArrowEvaluator",
    "BreakEven",
    "Criteria",
    "Decision",
    "Difference",
    "Explanation",
    "FactsPack",
    "Failure",
    "McdaError",
    "Portfolio",
    "PortfolioDecision",
    "Scenario",
    "Sensitivity",
    "TopsisResult",
    "__version__",
    "ahp",
    "break_even",
    "catalog",
    "closure",
    "decide",
    "diff",
    "evaluate",
    "evaluate_frame",
    "evaluate_many",
    "evaluate_portfolio",
    "explain",
    "from_pymcdm",
    "from_scikit_criteria",
    "load_criteria",
    "load_portfolio",
    "load_scenario",
    "report",
    "save",
    "sensitivity",
    "topsis",
]

__version__ = "0.1.0"

_HOMES = {
    "AhpResult": "mcda.weighting.ahp",
    "ArrowEvaluator": "mcda.bulk.arrow",
    "BreakEven": "mcda.stability.breakeven",
    "Criteria": "mcda.model.criteria",
    "Decision": "mcda.engine.decision",
    "Difference": "mcda.explanation.changes",
    "Failure": "mcda.bulk.evaluate_many",
    "Explanation": "mcda.explanation.explanation",
    "FactsPack": "mcda.model.facts",
    "McdaError": "mcda.errors",
    "Portfolio": "mcda.model.portfolio",
    "PortfolioDecision": "mcda.engine.portfolio",
    "Scenario": "mcda.model.scenario",
    "Sensitivity": "mcda.stability.sensitivity",
    "TopsisResult": "mcda.ranking.topsis",
    "ahp": "mcda.weighting.ahp",
    "break_even": "mcda.stability.breakeven",
    "catalog": "mcda.files.shipped",
    "closure": "mcda.dependency.closure",
    "decide": "mcda.deciding",
    "diff": "mcda.api",
    "evaluate": "mcda.api",
    "evaluate_frame": "mcda.api",
    "evaluate_many": "mcda.bulk.evaluate_many",
    "evaluate_portfolio": "mcda.api",
    "explain": "mcda.explanation.explanation",
    "from_pymcdm": "mcda.converters",
    "from_scikit_criteria": "mcda.converters",
    "load_criteria": "mcda.api",
    "load_portfolio": "mcda.api",
    "load_scenario": "mcda.api",
    "report": "mcda.api",
    "save": "mcda.files.writing",
    "sensitivity": "mcda.stability.sensitivity",
    "topsis": "mcda.ranking.topsis",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mcda' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


_clash.warn(__path__[0])
