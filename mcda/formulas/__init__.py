"""The formula language of measures and gates.

Python's expression syntax, read by the standard `ast` module and translated at once into a small
typed tree; nothing is ever executed as Python.
"""

from mcda.formulas.evaluate import Environment, Values, evaluate
from mcda.formulas.order import cycle_free_order, references
from mcda.formulas.parse import names_in, parse
from mcda.formulas.quoting import quoted
from mcda.formulas.tree import BOOLEAN, NUMBER, Choice, Node, Type

__all__ = [
    "BOOLEAN",
    "NUMBER",
    "Choice",
    "Environment",
    "Node",
    "Type",
    "Values",
    "cycle_free_order",
    "evaluate",
    "names_in",
    "parse",
    "quoted",
    "references",
]
