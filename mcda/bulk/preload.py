"""All that jobs need: read once by the process that workers are copies of, where there is one."""

from __future__ import annotations

import narwhals  # noqa: F401

from mcda.bulk import documents, longtables  # noqa: F401
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack
from mcda.model.scenario import Scenario, Weights

# they would else be built by each worker, when they are first used
for model in (Criteria, FactsPack, Scenario, Weights):
    model.model_rebuild()
