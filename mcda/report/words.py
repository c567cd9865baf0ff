"""The words of reports in English and Chinese; one entry for each."""

from __future__ import annotations

from typing import Any

from mcda.model.text import Language, fill

__all__ = ["say"]

WORDS: dict[str, tuple[str, str]] = {
    "recommended": ("Recommended: {option}", "推荐:{option}"),
    "recommended_none": ("Recommended: nothing", "推荐:无"),
    "clear": (
        "clear. By estimate the lead holds in {firmness} of cases under noise in the judgements "
        "(variance of their logarithms at least {floor:g}).",
        "明确。在判断误差下(判断对数的方差不低于 {floor:g}),估计 {firmness} 的情形中领先不变。",
    ),
    "close": (
        "close. By estimate the lead holds in {firmness} of cases under noise in the judgements "
        "(variance of their logarithms at least {floor:g}).",
        "接近。在判断误差下(判断对数的方差不低于 {floor:g}),估计 {firmness} 的情形中领先不变。",
    ),
    "contested": (
        "contested. By estimate the lead holds in only {firmness} of cases under noise in the "
        "judgements (variance of their logarithms at least {floor:g}).",
        "有争议。在判断误差下(判断对数的方差不低于 {floor:g}),估计仅 {firmness} 的情形中领先不变。",
    ),
    "tie": (
        "tie. {options} are equally close to the ideal.",
        "并列。{options} 与理想解同样接近。",
    ),
    "no_contest": (
        "no contest. It is the only eligible option.",
        "无竞争。它是唯一合格的选项。",
    ),
    "no_eligible_option": (
        "no eligible option. Every option fails a gate; nearest to eligible is {nearest}.",
        "没有合格选项。所有选项都未通过门槛;最接近合格的是 {nearest}。",
    ),
    "verdict": ("Verdict: {verdict}", "结论:{verdict}"),
    "more_than": ("more than {share}", "超过 {share} "),
    "rank": ("Rank", "名次"),
    "option": ("Option", "选项"),
    "closeness": ("Closeness", "贴近度"),
    "dimension": ("Dimension", "维度"),
    "weight": ("Weight", "权重"),
    "after_influences": ("Passed on", "传递后"),
    "share": ("Share", "有效占比"),
    "lead": ("Of the lead", "对领先的贡献"),
    "ranking": ("Ranking", "排序"),
    "dimensions": ("Dimensions", "各维度"),
    "what_separates": (
        "What separates {winner} from {rival}",
        "{winner} 与 {rival} 的差异所在",
    ),
    "speaks_for": ("For {option}: {dimensions}.", "支持 {option}:{dimensions}。"),
    "consistency": (
        "Consistency ratio {ratios} (acceptable up to {limit:g}).",
        "一致性比率 {ratios}(不超过 {limit:g} 可接受)。",
    ),
    "no_judgements": ("Weights were given directly.", "权重为直接给定。"),
    "compare_intro": (
        "Comparing under {node}: {total} pairs. Answer how many times as important the first is: "
        "3, or 1/3 if the second counts three times as much. 1 equal, 3 moderately, 5 strongly, "
        "7 very strongly, 9 extremely. Enter skips, b goes back, q stops. Every answer is saved.",
        "在 {node} 下比较,共 {total} 对。请回答前者的重要性是后者的几倍:3;若后者是前者的三倍,"
        "则答 1/3。1 同等,3 稍重要,5 明显重要,7 强烈重要,9 极端重要。回车跳过,b 返回,q 停止。"
        "每次回答后自动保存。",
    ),
    "compare_ask": ("{first} vs {second}: ", "{first} 对 {second}:"),
    "compare_weights": ("  now: {weights}", "  目前:{weights}"),
    "compare_ratio": (
        "  consistency ratio {ratio:.3f} (acceptable up to {limit:g})",
        "  一致性比率 {ratio:.3f}(不超过 {limit:g} 可接受)",
    ),
    "compare_done": (
        "{answers} answers saved in {path}.",
        "已将 {answers} 个回答保存到 {path}。",
    ),
    "compare_left": (
        "{node}: {missing} of {total} pairs are left.",
        "{node}:{total} 对中还剩 {missing} 对。",
    ),
    "compare_nothing": ("All pairs are compared.", "所有比较均已完成。"),
    "synthesis": (
        "AHP priorities (options compared under every criterion): {priorities}.",
        "AHP 综合优先级(各准则下均为选项两两比较):{priorities}。",
    ),
    "judges": ("Judges", "评判者"),
    "judge": ("Judge", "评判者"),
    "importance": ("Importance", "重要性"),
    "recommends": ("Alone recommends", "单独评判的推荐"),
    "consensus": (
        "Consensus index {index:.3f} (0 is full agreement).",
        "共识指数 {index:.3f}(0 表示完全一致)。",
    ),
    "disagreement": (
        "Far apart on {first} vs {second}: {lowest_judge} says {lowest:.3g}, {highest_judge} says "
        "{highest:.3g}.",
        "在“{first} 对 {second}”上分歧较大:{lowest_judge} 为 {lowest:.3g},"
        "{highest_judge} 为 {highest:.3g}。",
    ),
    "excluded": ("Excluded", "已排除"),
    "excluded_by": ("{option} by {gate}: {because}", "{option}(门槛 {gate}):{because}"),
    "unknown": ("Not known: {facts}.", "尚不清楚:{facts}。"),
    "would_have_won": ("It would have won.", "否则它将胜出。"),
    "would_not_have_won": ("It would not have won.", "即便不排除也不会胜出。"),
    "warnings": ("Warnings", "提醒"),
    "source": ("Source: {document}", "来源:{document}"),
    "phrase": ("“{phrase}”", "“{phrase}”"),
    "summary": ("{count} scenarios. {winners}.", "共 {count} 个场景。{winners}。"),
    "summary_one": ("1 scenario. {winners}.", "共 1 个场景。{winners}。"),
    "recommended_in": ("Recommended: {counts}", "推荐:{counts}"),
    "counted": ("{option} in {count}", "{option}({count} 个)"),
    "nothing": ("nothing", "无"),
    "failed": ("Failed: {count}", "失败:{count} 个"),
    "met": ("Expectation met.", "符合预期。"),
    "missed": ("Expectation missed: {what}", "不符合预期:{what}"),
    "missed_recommended": (
        "expected {expected}, recommended is {found}",
        "预期推荐 {expected},实际推荐 {found}",
    ),
    "missed_verdict": (
        "expected {expected}, the verdict is {found}",
        "预期结论 {expected},实际为 {found}",
    ),
    "missed_eligible": (
        "expected {option} to be eligible, it is excluded",
        "预期 {option} 合格,实际被排除",
    ),
    "missed_excluded": (
        "expected {option} to be excluded, it is eligible",
        "预期 {option} 被排除,实际合格",
    ),
    "missed_gate": (
        "expected the gate {expected} to exclude {option}, it fails {found}",
        "预期 {option} 被门槛 {expected} 排除,实际未通过 {found}",
    ),
    "untested": ("No expectation is stated.", "未声明预期。"),
    "separator": (", ", "、"),
}


def say(code: str, lang: Language, **values: Any) -> str:
    """The words for `code` in `lang`, with values put in."""
    return fill(WORDS, code, lang, values)
