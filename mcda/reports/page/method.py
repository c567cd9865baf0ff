"""How it was worked out, and how to work it out again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version

from mcda.engine.verdict import CLEAR, CLOSE
from mcda.model.language import percent
from mcda.reports.page.markup import Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.tables import bulleted, paragraph, subtitled
from mcda.reports.page.words import say
from mcda.reports.words import say as say_of_reports

__all__ = ["conventions", "fingerprint", "provenance", "section"]

#: What results depend on, besides this package.
_PACKAGES = ("numpy", "scipy", "networkx")


def section(material: Material) -> Section:
    """Method and provenance."""
    lang = material.lang
    rows = []
    for name, value in provenance(material).items():
        rows += [tag("dt", say(f"from_{name}", lang)), tag("dd", tag("code", value))]
    body = joined(
        bulleted(conventions(material)),
        *_source(material),
        subtitled(say("again", lang), tag("dl", *rows), paragraph(say("again_note", lang), "note")),
    )
    return Section("method", say("method", lang), body)


def conventions(material: Material) -> Iterator[str]:
    """The conventions that the numbers follow, a sentence each."""
    decision, lang = material.decision, material.lang
    method = decision.problem.method
    judged = bool(decision.consistency or decision.compared)
    if judged:
        yield say(f"by_{method.priorities}", lang)
    yield say(f"scores_{decision.normalization}", lang)
    yield say(f"weighting_{method.weighting}", lang)
    if decision.problem.criteria.influences:
        yield say(f"dependencies_{method.dependencies}", lang)
    if material.why is not None:
        yield say_of_reports("why_scale", lang)
        yield say_of_reports(f"why_{material.why.method}", lang)
    yield say("verdicts", lang, clear=percent(CLEAR, 0, lang), close=percent(CLOSE, 0, lang))
    yield say("gates_first", lang)


def _source(material: Material) -> Iterator[Html]:
    source, lang = material.decision.problem.scenario.source, material.lang
    if source is None:
        return
    parts: list[Child] = [paragraph(source.document)]
    if source.phrases:
        parts.append(
            bulleted((say("phrase", lang, phrase=each) for each in source.phrases), "said")
        )
    if source.note is not None:
        parts.append(paragraph(source.note.say(lang)))
    yield subtitled(say("source_of_scenario", lang), *parts)


def fingerprint(material: Material) -> str:
    """SHA-256 of all that was put in: the scenario, its criteria, the facts of its options.

    Of their content, not of their files: comments and the order of keys change nothing.
    """
    problem = material.decision.problem
    data = {
        "scenario": problem.scenario.model_dump(mode="json", by_alias=True),
        "criteria": problem.criteria.model_dump(mode="json", by_alias=True),
        "options": {
            option.name: {name: fact.model_dump(mode="json") for name, fact in option.facts.items()}
            for option in problem.options
        },
        "profile": dict(problem.profile),
    }
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def provenance(material: Material) -> dict[str, str]:
    """Where the report comes from: what makes the same one again."""
    problem = material.decision.problem
    versions = [f"{name} {version(name)}" for name in _PACKAGES]
    if material.version:
        versions.insert(0, f"mcda-engine {material.version}")
    found = {
        "scenario_id": problem.id,
        "criteria_id": "" if problem.stand_alone else problem.criteria.id,
        "facts_id": "" if problem.pack is None else problem.pack.id,
        "input": f"sha256:{fingerprint(material)}",
        "versions": ", ".join(versions),
        "samples": "",
        "seed": "",
        "command": material.command,
    }
    smaa = None if material.found is None else material.found.acceptability
    if smaa is not None:
        found |= {"samples": str(smaa.samples), "seed": str(smaa.seed)}
    return {name: value for name, value in found.items() if value}
