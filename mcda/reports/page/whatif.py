"""The part of a page in which weights and the situation can be moved."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import NamedTuple

from mcda.engine.decision import Decision
from mcda.formulas.javascript import literal
from mcda.model.language import CERTAIN, Language, percent, roughly
from mcda.reports.page.model import engine_script, formulas_script, model_of
from mcda.reports.page.words import WORDS

__all__ = ["WhatIf", "what_if"]

#: What the script says, and the headings; {names} are put in.
_WORDS: dict[str, tuple[str, str]] = {
    "title": ("What if?", "假如条件不同？"),
    "intro": (
        "Move the weights and the situation: the ranking follows at once, worked out in this page "
        "by the same formulas. Nothing is sent anywhere.",
        "拖动权重与情况，排名随即按同样的公式在本页内重新计算。不会发送任何数据。",
    ),
    "weights": ("Weights", "权重"),
    "profile": ("Situation", "情况"),
    "within": ("Within {name}", "“{name}”的下级准则"),
    "further": ("More, not given in this report", "更多（本报告未给出）"),
    "change": ("Change", "变化"),
    "ranking": ("Ranking at this position", "当前条件下的排名"),
    "reset": ("Reset", "恢复原状"),
    "share": ("Copy a link to this position", "复制当前条件的链接"),
    "copied": ("Copied", "已复制"),
    "in_address": ("It is in the address now", "已写入地址栏"),
    "unknown": ("not given", "未给出"),
    "assumed": ("not given: {value} is assumed", "未给出（默认为{value}）"),
    "between": (" ", ""),
    "new_here": ("newly eligible", "新合格"),
    "wins": (
        "{name} is recommended, ahead of {rival} with a closeness of {own} against {theirs}. "
        "Verdict: {verdict}; by estimate the lead holds in {share} of cases. ",
        "推荐“{name}”，贴近度 {own}，领先于“{rival}”（{theirs}）。结论：{verdict}；"
        "估计在{share}的情形中领先不变。",
    ),
    "alone": (
        "{name} is recommended: it is the only eligible option. ",
        "推荐“{name}”：它是唯一合格的选项。",
    ),
    "same": ("This is the report's answer, too.", "与报告的结论相同。"),
    "other": ("The report recommends {name}.", "报告推荐的是“{name}”。"),
    "none_before": ("The report recommends nothing.", "报告未作推荐。"),
    "tied": (
        "Nothing is recommended: {names} are equally close to the ideal.",
        "无推荐：{names}与理想解同样接近。",
    ),
    "none": (
        "Nothing is recommended: no option passes every gate.",
        "无推荐：没有选项通过所有门槛。",
    ),
    "excluded": ("Excluded: {gates}", "已排除：{gates}"),
    "clear": ("clear", "明确"),
    "close": ("close", "优势微弱"),
    "contested": ("contested", "胜负难定"),
    "cannot": (
        "At this position nothing can be worked out.",
        "此条件下无法计算。",
    ),
    "cannot_formula": (
        "At this position the formula of {formula} has no value for {option}.",
        "此条件下，{formula} 的公式对“{option}”没有数值。",
    ),
    "cannot_weights": (
        "All weights under {node} are zero: raise one.",
        "“{node}”之下的权重全部为零：请调高其中一个。",
    ),
    "cannot_circle": (
        "With these weights, influences pass all importance round in a circle.",
        "在这些权重下，影响使重要性不断循环，无法停留。",
    ),
    "cannot_normalization": (
        "At this position the values cannot be normalised.",
        "此条件下无法对数值进行归一化。",
    ),
    "cannot_unknown": (
        "At this position {leaf} of {option} is not known.",
        "此条件下，“{option}”的“{leaf}”未知。",
    ),
    "cannot_domain": (
        "At this position {leaf} of {option} lies outside its domain.",
        "此条件下，“{option}”的“{leaf}”超出取值范围。",
    ),
}


#: Words of the page that the script says, too.
_OF_PAGE = ("rank", "option", "closeness", "yes", "no", "comma")


class WhatIf(NamedTuple):
    """The section, and what the page has to bring along.

    Attributes
    ----------
    html : str
        A hidden section with the id ``what-if``; the script shows it.
    style, script : str
        To be put into the page as they are; without them the section stays hidden.
    """

    html: str
    style: str
    script: str


def what_if(decision: Decision, lang: Language) -> WhatIf | None:
    """Sliders for the weights and the profile of a decision, and the ranking that follows them.

    The script's answers agree with `mcda.evaluate` on a scenario with these weights, given
    directly, and this profile. Where weights come from the options' values they are those of the
    report until they are moved. ``None`` where there is nothing to move, or where moving it cannot
    let any option pass.
    """
    known = {code: WORDS[code] for code in _OF_PAGE} | _WORDS
    words: dict[str, str | float] = {code: said[lang == "zh"] for code, said in known.items()}
    words |= {"percent": percent(0.0, 0, lang)[1:], "more_than": roughly(1.0, lang)}
    words["certain"] = CERTAIN
    model = model_of(decision, lang)
    if decision.problem.weights.objective is not None:
        for field in model["profile"]:
            field["read"] = False  # the profile would change the weights, too
    weights = any(len(node["children"]) > 1 for node in model["nodes"])
    situation = any(field["read"] for field in model["profile"])
    if not (situation or (weights and decision.ranking)):
        return None
    folder = files("mcda.reports.page")
    script = "\n".join(
        [
            engine_script(),
            (folder / "numbers.js").read_text("utf-8"),
            (folder / "whatif.js").read_text("utf-8"),
            f"{{const model={literal(model)};",
            f"const formulas={formulas_script(decision)};",
            f"const words={literal(words)};",
            'globalThis.mcdaWhatIf=whatIf(document.getElementById("what-if"),model,words,'
            "decisionEngine(model,formulas));}",
        ]
    )
    return WhatIf(_html(words), (folder / "whatif.css").read_text("utf-8"), script)


def _html(words: dict[str, str | float]) -> str:
    said = {code: escape(str(text)) for code, text in words.items()}
    return f"""<section id="what-if" aria-labelledby="what-if-title" hidden>
<h2 id="what-if-title">{said["title"]}</h2>
<p>{said["intro"]}</p>
<div class="what-if">
<form class="what-if-controls" autocomplete="off">
<fieldset class="what-if-weights"><legend>{said["weights"]}</legend></fieldset>
<fieldset class="what-if-profile"><legend>{said["profile"]}</legend></fieldset>
<div class="what-if-buttons">
<button type="button" class="what-if-reset">{said["reset"]}</button>
<button type="button" class="what-if-share">{said["share"]}</button>
</div>
</form>
<div class="what-if-result">
<p class="what-if-sentence"></p>
<p class="what-if-said" role="status"></p>
<table class="what-if-table">
<caption class="what-if-said">{said["ranking"]}</caption>
<thead><tr><th scope="col" class="number">{said["rank"]}</th><th scope="col">{said["option"]}</th>
<th scope="col" class="number">{said["closeness"]}</th><td></td>
<th scope="col" class="number">{said["change"]}</th></tr></thead>
<tbody class="what-if-ranking"></tbody>
</table>
</div>
</div>
</section>
"""
