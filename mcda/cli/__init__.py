"""The command line: the only prints and exit codes."""

import mcda
from mcda._clash import refuse_overwritten

refuse_overwritten(mcda)
