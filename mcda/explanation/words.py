"""The sentences of explanations in English and Chinese; nothing is computed in them."""

from __future__ import annotations

from typing import Any

from mcda.model.language import Language, fill

__all__ = ["say"]

WORDS: dict[str, tuple[str, str]] = {
    # the answer
    "wins": (
        "{winner} is recommended: it comes closest to the ideal, with a closeness of {own} "
        "against {theirs} for {rival}, a lead of {margin}.",
        "推荐 {winner}：它最接近理想解，贴近度为 {own}；{rival} 为 {theirs}，落后 {margin}。",
    ),
    "wins_over": (
        "{winner} is recommended over {rival}: it comes closer to the ideal, with a closeness of "
        "{own} against {theirs}, a lead of {margin}.",
        "推荐 {winner}，而不是 {rival}：前者更接近理想解，贴近度为 {own}，后者为 {theirs}，"
        "领先 {margin}。",
    ),
    "tie": (
        "{winner} and {rival} tie: both come equally close to the ideal, with a closeness of "
        "{own}, and neither is recommended over the other.",
        "{winner} 与 {rival} 并列：两者同样接近理想解，贴近度均为 {own}，无法据此推荐其中之一。",
    ),
    "leads_tied": (
        "{winner} is among the options that tie for the first place; it comes closer to the ideal "
        "than {rival}, with a closeness of {own} against {theirs}, a lead of {margin}.",
        "{winner} 是并列第一的选项之一；它比 {rival} 更接近理想解，贴近度为 {own}，后者为 {theirs}，"
        "领先 {margin}。",
    ),
    "only": (
        "{winner} is recommended because it is the only eligible option.",
        "推荐 {winner}，因为它是唯一合格的选项。",
    ),
    "from_worst": (
        "{winner} is recommended: on the scale from the worst end (0) to the ideal (1) it reaches a closeness of {own}.",
        "推荐 {winner}：从最差一端（0）到理想解（1），其贴近度为 {own}。",
    ),
    "excluded": (
        "{rival} is excluded: {because}",
        "{rival} 已被排除：{because}",
    ),
    "excluded_unknown": (
        "{rival} is excluded because it is not known whether it passes: {because}",
        "{rival} 已被排除，因为无法确定它是否满足要求：{because}",
    ),
    "excluded_anyway": (
        "Even if {rival_name} were eligible, it would trail {winner} by {margin}.",
        "即使合格，{rival_name} 也会落后 {winner} {margin}。",
    ),
    "excluded_leading": (
        "If {rival_name} were eligible, it would lead {winner} by {margin}.",
        "若 {rival_name} 合格，则会领先 {winner} {margin}。",
    ),
    "excluded_level": (
        "If {rival_name} were eligible, it would tie with {winner}.",
        "若 {rival_name} 合格，则会与 {winner} 并列。",
    ),
    # reasons
    "reason": (
        "The strongest reason for {winner} is {dimension}, which earns it {amount}{fact}{origin}.",
        "支持 {winner} 最有力的理由是“{dimension}”，为其贡献 {amount}{fact}{origin}。",
    ),
    "next_reason": (
        "Next comes {dimension}, which earns it {amount}{fact}{origin}.",
        "其次是“{dimension}”，为其贡献 {amount}{fact}{origin}。",
    ),
    "counter": (
        "Against {winner} speaks {dimension}, which costs it {amount}{fact}{origin}.",
        "对 {winner} 不利的是“{dimension}”，使其损失 {amount}{fact}{origin}。",
    ),
    "small_counter": (
        "What speaks against {winner} is small: {dimension} costs it {amount}.",
        "对 {winner} 不利的因素很小：“{dimension}”使其损失 {amount}。",
    ),
    "no_counter": ("No dimension speaks against {winner}.", "没有哪个维度对 {winner} 不利。"),
    "no_reason": ("No dimension speaks for {winner}.", "没有哪个维度支持 {winner}。"),
    "level": (
        "They score the same on every criterion that counts.",
        "它们在所有起作用的准则上得分相同。",
    ),
    "balance": (
        "Their strengths and weaknesses balance out inside every dimension.",
        "在每个维度内部，两者的长处与短处相互抵消。",
    ),
    "at_worst": (
        "On every criterion that counts {winner} stands at the worst end.",
        "在所有起作用的准则上，{winner} 都处于最差一端。",
    ),
    "unmeasured": (
        "Without domains and without another option there is nothing to measure {winner} against.",
        "没有取值范围，也没有其他选项，无从衡量 {winner}。",
    ),
    "undecided": (
        "To decide between them, other facts or another criterion are needed.",
        "要在两者之间作出选择，需要其他事实或新的准则。",
    ),
    "fact": (
        ", mainly because of “{fact}”: {own} against {theirs}{unit}",
        "，主要由于“{fact}”：{own}，而对方为{theirs}{unit}",
    ),
    "fact_alone": (", mainly because of “{fact}”", "，主要由于“{fact}”"),
    "origin": (
        "; {share} of this comes with the importance given to {judged}, which {dimension} drives"
        "{because}",
        "；其中 {share} 来自赋予“{judged}”的重要性，因为“{dimension}”影响“{judged}”{because}",
    ),
    "origin_via": (
        "; {share} of this comes with the importance given to {judged}, which {dimension} drives "
        "by way of {via}",
        "；其中 {share} 来自赋予“{judged}”的重要性，因为“{dimension}”经由“{via}”影响“{judged}”",
    ),
    "because": (
        " (“{because}”)",
        "（“{because}”）",
    ),
    # how firm
    "noisy_judgements": ("judgements", "判断"),
    "noisy_weights": ("weights", "权重"),
    "clear": (
        "The verdict is clear: by estimate {winner} stays first in {firmness} of cases if the {noisy} waver.",
        "结论明确：即使{noisy}有所波动，估计在{firmness}的情形下 {winner} 仍居首位。",
    ),
    "close": (
        "The verdict is close: by estimate {winner} stays first in {firmness} of cases if the {noisy} waver.",
        "优势微弱：若{noisy}有所波动，估计在{firmness}的情形下 {winner} 仍居首位。",
    ),
    "contested": (
        "The verdict is contested: by estimate {winner} stays first in only {firmness} of cases if the {noisy} waver.",
        "胜负难定：若{noisy}有所波动，估计仅在{firmness}的情形下 {winner} 仍居首位。",
    ),
    # what it rests on
    "rests": (
        "For {share} of what separates the two, {what}.",
        "两者差异中有 {share}，{what}。",
    ),
    "unsourced": (
        "the fact of at least one side has no source",
        "至少一方的事实没有来源",
    ),
    "stale": (
        "a fact is older than it may be on the decision date",
        "有事实在决策日已过时",
    ),
    "wide": (
        "the range of a fact could change the lead by more than a quarter",
        "有事实的取值范围可能使领先变化超过四分之一",
    ),
    "rests_all": (
        "For all that separates the two, {what}.",
        "两者的全部差异中，{what}。",
    ),
    "frozen": (
        "Scores depend on which options are compared, as no domains are used; the amounts hold "
        "the ideals fixed.",
        "由于未使用取值范围，得分取决于参与比较的选项；以上数额按固定的理想解计算。",
    ),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "unit": (
        " ({unit})",
        "（{unit}）",
    ),
    "titled_brackets": (
        "{name} [{title}]",
        "{name}〔{title}〕",
    ),
    "titled": (
        "{name} ({title})",
        "{name}（{title}）",
    ),
    "only_reaches": (
        "On the scale from the worst end (0) to the ideal (1) {winner} reaches a closeness of {own}.",
        "从最差一端（0）到理想解（1），{winner} 的贴近度为 {own}。",
    ),
    "steps": (
        "Any one of these changes of the situation would change the recommendation: {changes}.",
        "以下任何一项单独变动都会改变推荐结果：{changes}。",
    ),
    "step": (
        "One change of the situation would change the recommendation: {changes}.",
        "以下变动会改变推荐结果：{changes}。",
    ),
    "one_step": (
        "“{field}” from {value} to {changed}",
        "“{field}”由{value}变为{changed}",
    ),
    "one_step_excludes": (
        "“{field}” from {value} to {changed}, which excludes {options}",
        "“{field}”由{value}变为{changed}（{options} 因此被排除）",
    ),
    "answer_yes": ("yes", "“是”"),
    "answer_no": ("no", "“否”"),
}


def say(code: str, lang: Language, **values: Any) -> str:
    """The words for `code` in `lang`, with values put in."""
    return fill(WORDS, code, lang, values)
