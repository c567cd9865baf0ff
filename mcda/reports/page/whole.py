"""The whole page of one decision."""

from __future__ import annotations

from mcda.reports.page import changes, facts, method, options, reasons, sureness, weighing
from mcda.reports.page.answer import top
from mcda.reports.page.assembling import assemble
from mcda.reports.page.markup import Html, Section, joined
from mcda.reports.page.material import Material
from mcda.reports.page.whatif import what_if
from mcda.reports.page.words import say

__all__ = ["page_of", "sections_of"]


def sections_of(material: Material) -> list[Section]:
    """The parts of the page in their order; each brings its own script and data, if it has any."""
    found = [
        options.section(material),
        reasons.section(material),
        sureness.section(material),
        changes.section(material),
        _what_if(material),
        weighing.section(material),
        facts.section(material),
        method.section(material),
    ]
    return [each for each in found if each is not None]


def _what_if(material: Material) -> Section | None:
    """Weights and situation to be moved, where moving them can show anything."""
    made = what_if(material.decision, material.lang)
    if made is None:
        return None
    return Section("what-if", "", Html(made.html), made.script, made.style, whole=True)


def page_of(material: Material) -> str:
    """One HTML file that needs nothing else."""
    lang = material.lang
    title = material.decision.problem.title.say(lang)
    return assemble(
        say("window", lang, title=title),
        lang,
        top(material),
        sections_of(material),
        after=joined(say("made_by", lang, scenario=material.decision.scenario)),
    )
