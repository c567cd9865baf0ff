"""From a resolved problem to a decision: the one place where the rooms meet."""

from mcda.engine.decision import Decision, Excluded, FailedGate, Ranked, Weights
from mcda.engine.evaluate import check, evaluate

__all__ = ["Decision", "Excluded", "FailedGate", "Ranked", "Weights", "check", "evaluate"]
