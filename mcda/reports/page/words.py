"""The words of the report page in English and Chinese; one entry for each."""

from __future__ import annotations

from typing import Any

from mcda.model.language import Language, fill
from mcda.reports.words import WORDS as OF_REPORTS

__all__ = ["say"]

#: Said as in the other reports.
_SHARED = (
    "yes",
    "no",
    "phrase",
    "scenario",
    "ranking",
    "option",
    "rank",
    "closeness",
    "excluded",
    "criterion",
    "warnings",
    "share",
    "judges",
    "judge",
    "importance",
    "consensus",
    "either",
)
WORDS: dict[str, tuple[str, str]] = {code: OF_REPORTS[code] for code in _SHARED} | {
    # the frame
    "window": ("{title} – decision report", "{title}｜决策报告"),
    "report": ("Decision report", "决策报告"),
    "skip": ("Skip to the content", "跳到正文"),
    "contents": ("Contents", "目录"),
    "made_by": (
        "Decision report for {scenario}, made with mcda-engine. The page loads nothing from anywhere.",
        "{scenario} 的决策报告，由 mcda-engine 生成。本页不从任何地方加载内容。",
    ),
    "comma": (", ", "、"),
    "colon": (": ", "："),
    "nobody": ("nobody", "无人"),
    # the answer
    "recommended": ("Recommended", "推荐方案"),
    "no_single": ("No single option", "无法只推荐一个"),
    "none_eligible": ("Nothing", "无可推荐"),
    "word_clear": ("Clear.", "结论明确。"),
    "word_close": ("Close.", "优势微弱。"),
    "word_contested": ("Contested.", "胜负难定。"),
    "word_tie": ("Tie.", "并列。"),
    "word_no_contest": ("No contest.", "没有竞争。"),
    "word_no_eligible_option": ("No eligible option.", "没有合格选项。"),
    "firm_judgements": (
        "It stays first in {share} of cases if the judgements waver (estimate).",
        "判断有所波动时，估计有{share}的情形仍居首位。",
    ),
    "firm_weights": (
        "It stays first in {share} of cases if the weights waver (estimate).",
        "权重有所波动时，估计有{share}的情形仍居首位。",
    ),
    "only": ("It is the only eligible option.", "它是唯一合格的选项。"),
    "nearest_relaxation": (
        "Every option fails a requirement; nearest to eligible is {option}.",
        "所有选项都有要求未满足；最接近合格的是 {option}。",
    ),
    "closeness_label": ("Closeness to the ideal", "与理想解的贴近度"),
    "more_options": ("and {count} more, see All options", "另有 {count} 个，见“全部选项”"),
    "excluded_short": ("Excluded: {option}", "已排除：{option}"),
    "excluded_would_win": (
        "Excluded: {option} – it would have won",
        "已排除：{option}（否则它将胜出）",
    ),
    "more_excluded": ("and {count} more excluded", "另有 {count} 个被排除"),
    "card_why": ("Why", "为什么"),
    "card_sure": ("How sure", "有多大把握"),
    "card_change": ("What would change it", "什么会改变结论"),
    "card_facts": ("On which facts", "依据哪些事实"),
    "why_only": (
        "All others are excluded; there was nothing to compare it with.",
        "其余选项均被排除，没有可比较的对象。",
    ),
    "why_none": (
        "Every option is excluded by a requirement it does not meet.",
        "所有选项都因未满足某项要求而被排除。",
    ),
    "why_tie": (
        "The best options come equally close to the ideal.",
        "最好的几个选项与理想解同样接近。",
    ),
    "lead_of": (
        "The lead is {margin} on a scale from 0 to 1.",
        "领先 {margin}（满分为 1）。",
    ),
    "sure_no_contest": (
        "There is no rival; the requirements decide, not the weights.",
        "没有对手：起决定作用的是各项要求，而不是权重。",
    ),
    "sure_tie": (
        "The numbers do not decide between them.",
        "仅凭这些数字无法在它们之间取舍。",
    ),
    "sure_no_eligible_option": (
        "The requirements leave nothing over.",
        "各项要求之下没有剩余选项。",
    ),
    "sure_clear": ("Clear.", "结论明确。"),
    "sure_close": ("Close.", "优势微弱。"),
    "sure_contested": ("Contested.", "胜负难定。"),
    "change_no_contest": (
        "A requirement that is dropped, or a new option.",
        "放宽某项要求，或出现新的选项。",
    ),
    "change_tie": (
        "Another fact; or other weights, where the options differ.",
        "某项事实变化；若选项间有差异，权重变化亦可分出高下。",
    ),
    "change_no_eligible_option": (
        "A requirement that is dropped, or a fact that changes.",
        "放宽某项要求，或某个事实发生变化。",
    ),
    "change_too_many": (
        "Too many options could win to look for single changes: leave out those far from winning.",
        "可能胜出的选项过多，未逐一寻找单项变化；请去掉明显不可能胜出的选项。",
    ),
    "no_single_change": (
        "No single weight, judgement, fact or situation changes the winner.",
        "任何单个权重、判断、事实或情况的变化都不会改变胜者。",
    ),
    "facts_count": (
        "{count} facts of {options} options.",
        "{options} 个选项的 {count} 项事实。",
    ),
    "facts_deciding": (
        "{count} facts make the difference.",
        "起决定作用的有 {count} 项事实。",
    ),
    "share_unsourced": ("{share} of the difference without a source", "差异中 {share} 没有来源"),
    "share_stale": (
        "{share} on facts past their age limit ({limit})",
        "差异中 {share} 依据超过时限（{limit}）的旧事实",
    ),
    "share_wide": ("{share} on uncertain facts", "{share} 依据不确定的事实"),
    "goes": (
        "from {value} to {changed}",
        "由 {value} 变为 {changed}",
    ),
    "then": (
        "then {winner} wins",
        "则“{winner}”胜出",
    ),
    "of_changes": (
        "nearest of {count} single changes that change the winner",
        "在 {count} 种能改变胜者的单项变化中最近",
    ),
    "first_in": (
        "First in {share} of {samples} simulated cases.",
        "在 {samples} 个模拟情形中有 {share} 居首位。",
    ),
    "first_always": (
        "First in all {samples} simulated cases.",
        "在全部 {samples} 个模拟情形中均居首位。",
    ),
    "facts_sourced": (
        "All have a source.",
        "均有来源。",
    ),
    "facts_fresh": (
        "None with a date is past its age limit ({limit}).",
        "注明日期的均未超过时限（{limit}）。",
    ),
    "facts_undated": (
        "Their age is not known.",
        "新旧不明。",
    ),
    "facts_narrow": (
        "No range matters.",
        "取值范围影响不大。",
    ),
    "facts_wide": (
        "Some ranges move the lead.",
        "有些取值范围会使领先明显变化。",
    ),
    "facts_none": (
        "No single fact; comparisons of the options make the difference.",
        "没有单项事实；起决定作用的是选项之间的比较。",
    ),
    "facts_unranged": (
        "None has a range.",
        "均未给出范围。",
    ),
    "of_lead": (
        "of the lead over {rival}",
        "占对“{rival}”领先的份额",
    ),
    "waterfall": (
        "From {rival} to {winner}",
        "从“{rival}”到“{winner}”",
    ),
    "tied": (
        "{options} are equally good.",
        "{options}同样好。",
    ),
    # several scenarios
    "compared": ("{count} scenarios compared", "{count} 个情景的比较"),
    "made_by_all": (
        "Comparison of scenarios, made with mcda-engine. The page loads nothing from anywhere.",
        "情景比较，由 mcda-engine 生成。本页不从任何地方加载内容。",
    ),
    "scenarios": ("The scenarios", "各情景"),
    "in_scenarios": ("in {count}", "{count} 个"),
    "failed": ("failed", "失败"),
    "failed_count": ("Scenarios that failed: {count}", "失败的情景：{count} 个"),
    "lead_column": ("Lead", "领先"),
    "firmness": ("Stays first", "仍居首位"),
    "nearest": ("Nearest change", "最近的变化"),
    "separates": ("What separates those whose winners differ", "胜者不同的情景差在哪里"),
    "among": ("{model}: {count} scenarios", "{model}：{count} 个情景"),
    "own_criteria": ("The same criteria", "相同的准则"),
    "nothing_separates": (
        "No single field, weight, fact or exclusion tells the winners apart; only several together do.",
        "没有任何单个情况、权重、事实或排除能区分胜者，只有多项合在一起才能区分。",
    ),
    "separates_note": (
        "Each row holds values that do not overlap between two winners at least; first come those that tell most apart. It describes these scenarios; the page of each says what would change it.",
        "每一行的取值至少在两个胜者之间互不重叠，区分最多的排在最前。这只是对这些情景的描述；何种变化会改变结论，见各情景的页面。",
    ),
    "more_separate": ("{count} more rows are left out.", "另有 {count} 行未列出。"),
    "kind_excluded": ("excluded", "是否被排除"),
    "each": ("Each scenario", "逐个情景"),
    "figures": ("Why, and what would change it", "为什么，以及什么会改变结论"),
    # options
    "options": ("All options", "全部选项"),
    "behind": ("Behind", "落后"),
    "closeness_note": (
        "Closeness runs from 0 (worst on every criterion) to 1 (ideal).",
        "贴近度介于 0（各准则均最差）与 1（理想）之间。",
    ),
    "reason": ("Reason", "原因"),
    "would_win": ("Would it have won?", "否则会胜出吗？"),
    "would_True": ("yes, it would have won", "会"),
    "would_False": ("no", "不会"),
    "would_None": ("not known", "未知"),
    "would_nobody": ("there is none to beat", "没有可比较的对手"),
    "excluded_note": (
        "Requirements exclude before anything is ranked; an excluded option's closeness is what it would have had.",
        "要求先于排序生效；被排除选项的贴近度是假设其合格时的数值。",
    ),
    "unknown_facts": ("Not known: {facts}.", "尚不清楚：{facts}。"),
    # why
    "waterfall_note": (
        "Each step is what a criterion earns (filled) or costs (hollow); together they are the lead. The scale does not begin at 0.",
        "每一步是一个准则的贡献（实心）或损失（空心），合计即为领先。刻度并非从 0 开始。",
    ),
    "worst": ("worst on every criterion", "各准则均最差"),
    "earns": ("Earns", "贡献"),
    "drawn": ("Drawn", "图示"),
    "others": ("{count} others", "其余 {count} 项"),
    "inside": ("Inside {name}", "“{name}”之内"),
    "facts_behind": ("The facts behind it", "背后的事实"),
    "flow": ("How the lead flows from facts to the goal", "领先如何由事实汇成"),
    "flow_note": (
        "Solid lines speak for the winner, dashed ones against it; the wider, the more. Lines inside a column are influences between criteria.",
        "实线支持胜者，虚线不利于胜者，越宽作用越大。同一列之内的线是准则之间的影响。",
    ),
    "influences": ("What the influences between criteria do", "准则之间的影响有何作用"),
    "other_options": ("What the other options would gain and give up", "改选其他选项的得与失"),
    # how sure
    "nth": ("{place}.", "第 {place} 名"),
    "later": ("later", "更后"),
    # what would change it
    "nearest_lead": (
        "These single changes would make another option win; short bars are the weak spots.",
        "以下任何一项单独变化都会使其他选项胜出；条越短，越容易改变结论。",
    ),
    "tornado_note": (
        "Bars show how far each can move from now, as a share of what it can span; all else stays.",
        "条长表示在其他一切不变时，该项可从现值移动多远（占其可变范围的份额）。",
    ),
    "nearest_changes": ("Nearest changes", "最近的变化"),
    "what": ("What", "对象"),
    "now": ("Now", "现值"),
    "less": ("less", "减少"),
    "more": ("more", "增加"),
    "until": ("Until; then wins", "直至；届时胜者"),
    "kind_weight": ("weight", "权重"),
    "kind_judgement": ("judgement", "判断"),
    "kind_fact": ("fact", "事实"),
    "kind_profile": ("situation", "情况"),
    "kind_value": ("value", "取值"),
    "kind_judge": ("judge", "评判者"),
    "thresholds": ("What would make each other option win", "其他选项如何才能胜出"),
    "no_win": ("no single change makes it win.", "任何单项变化都不能使其胜出。"),
    "intervals": ("Between which weights the winner wins", "胜者在多大的权重范围内胜出"),
    "intervals_leaves": ("The same for every criterion below", "其下各准则的范围"),
    "intervals_note": (
        "One weight moves, the others keep their proportions. The band is where the winner wins, the mark is the weight now, the names take over beyond.",
        "只有一个权重变动，其余保持比例。色带为胜者胜出的范围，竖线为现值，名称为越过后胜出的选项。",
    ),
    "wins_from": ("Wins from", "胜出下限"),
    "wins_to": ("Wins to", "胜出上限"),
    "situation_steps": ("If the situation changes by one step", "情况变动一档会怎样"),
    # weights
    "weights": ("What matters, and how much", "看重什么，各占多少"),
    "judged": ("Weight", "权重"),
    "passed_on": ("Passed on", "传递后"),
    "from_where": ("From", "出处"),
    "weights_note": (
        "Weight is what was judged. TOPSIS squares weights, so Share is how much each really counts.",
        "“权重”为判断所得。TOPSIS 对权重取平方，“有效占比”才是实际起作用的份额。",
    ),
    "passed_on_note": (
        "Passed on is the weight after the declared influences between criteria.",
        "“传递后”为计入准则之间影响后的权重。",
    ),
    "from_nothing": ("nothing to weigh", "无需比较"),
    "from_objective": ("the options' values ({method})", "选项的数值（{method}）"),
    "from_ranking": ("an order", "排序"),
    "from_best_worst": ("best and worst", "最优最劣法"),
    "from_direct": ("given directly", "直接给定"),
    "from_points": ("points", "打分"),
    "from_judges": ("judges", "评判者"),
    "from_judgements": ("judgements of the scenario", "情景的判断"),
    "from_model": ("judgements of the model", "模型的判断"),
    "by_scenario": ("scenario", "情景"),
    "by_model": ("model", "模型"),
    "judgements": ("The judgements", "两两判断"),
    "judgements_under": ("The judgements under {node}", "“{node}”之下的两两判断"),
    "judgement": ("Judgement", "判断"),
    "pair": ("{first} vs {second}", "{first} 对 {second}"),
    "given": ("Given", "给定"),
    "implied": ("By the weights", "按权重"),
    "factor": ("Apart by", "相差倍数"),
    "worst_mark": ("fits worst", "最不相符"),
    "repair": (
        "{first} vs {second} from {given:.3g} to {repaired:.3g}",
        "“{first} 对 {second}”由 {given:.3g} 改为 {repaired:.3g}",
    ),
    "reconsider": (
        "To make the judgements agree better, reconsider first: {repairs}, which would agree best with the others.",
        "若要使判断更一致，请先复核：{repairs}，与其他判断最为一致。",
    ),
    "compared_with_ends": (
        "Compared with {best} (best) and {worst} (worst)",
        "与“{best}”（最优）和“{worst}”（最劣）的比较",
    ),
    "of_best": ("{best} vs it", "“{best}”与之相比"),
    "of_worst": ("It vs {worst}", "与“{worst}”相比"),
    "product": ("Product", "乘积"),
    "deviation": ("Deviation", "偏差"),
    "more_judgements": ("and {count} more", "另有 {count} 项"),
    "consistency_ratio": ("Consistency ratio", "一致性比率"),
    "alone": ("Alone recommends", "单独评判的推荐"),
    "verdict": ("Verdict", "结论"),
    # facts
    "situation": ("The situation", "决策情况"),
    "field": ("Field", "项目"),
    "value": ("Value", "取值"),
    "meaning": ("Meaning", "含义"),
    "assumed": ("assumed", "默认"),
    "facts_of_options": ("The facts of each option", "各选项的事实"),
    "facts_of": ("Facts of {option}", "{option} 的事实"),
    "fact": ("Fact", "事实"),
    "unit": ("Unit", "单位"),
    "range": ("Range", "范围"),
    "source": ("Source", "来源"),
    "as_of": ("As of", "日期"),
    "no_source": ("no source", "无来源"),
    "not_known": ("not known", "未知"),
    "decides": ("decides", "起作用"),
    "is_stale": ("{age} days old, at most {limit}", "已 {age} 天，时限 {limit}"),
    "is_wide": ("wide range", "范围过宽"),
    "count": ("{count}", "{count} 项"),
    "more_facts": ("and {count} more facts", "另有 {count} 项事实"),
    # method
    "method": ("Method and provenance", "方法与出处"),
    "by_geometric_mean": (
        "Weights come from pairwise judgements by the analytic hierarchy process (AHP), as geometric means.",
        "权重由层次分析法（AHP）的两两判断按几何平均得出。",
    ),
    "by_eigenvector": (
        "Weights come from pairwise judgements by the analytic hierarchy process (AHP), as the principal eigenvector.",
        "权重由层次分析法（AHP）的两两判断按主特征向量得出。",
    ),
    "scores_domain": (
        "Each criterion is scored from 0 to 1 over its declared domain, so options that come or go do not change the scores of others.",
        "每个准则按其声明的取值范围评为 0 至 1，选项的增减不改变其他选项的得分。",
    ),
    "scores_vector": (
        "Scores are vector-normalised over the eligible options: adding or removing an option may change the order.",
        "得分按合格选项做向量归一化：增减选项可能改变排序。",
    ),
    "scores_minmax": (
        "Scores are scaled between the worst and the best eligible option: adding or removing an option may change the order.",
        "得分按合格选项的最差与最好值缩放：增减选项可能改变排序。",
    ),
    "scores_max": (
        "Scores are divided by the largest value: adding or removing an option may change the order.",
        "得分按最大值归一化：增减选项可能改变排序。",
    ),
    "scores_sum": (
        "Scores are divided by the sum: adding or removing an option may change the order.",
        "得分按总和归一化：增减选项可能改变排序。",
    ),
    "scores_none": (
        "Values are taken as they are.",
        "直接采用原始数值。",
    ),
    "weighting_hierarchical": (
        "Options are ranked by TOPSIS, their closeness to the ideal; inside a dimension the squared gaps of its criteria are averaged by weight.",
        "选项按 TOPSIS（与理想解的贴近度）排序；维度之内按权重平均各准则差距的平方。",
    ),
    "weighting_classic": (
        "Options are ranked by TOPSIS, their closeness to the ideal, with squared weights of all criteria.",
        "选项按 TOPSIS（与理想解的贴近度）排序，各准则权重取平方。",
    ),
    "weighting_linear": (
        "Options are ranked by TOPSIS, their closeness to the ideal, with weights that are not squared.",
        "选项按 TOPSIS（与理想解的贴近度）排序，权重不取平方。",
    ),
    "dependencies_closure": (
        "Importance is passed on along the declared influences until it has been absorbed.",
        "重要性沿声明的影响关系传递，直至被完全吸收。",
    ),
    "dependencies_saaty": (
        "Importance is passed on along the declared influences in one step (Saaty).",
        "重要性沿声明的影响关系传递一步（Saaty）。",
    ),
    "dependencies_off": (
        "Declared influences between criteria are not used.",
        "未使用声明的准则影响关系。",
    ),
    "verdicts": (
        "A lead is clear if it holds in at least {clear} of cases under noise in the judgements, close from {close} on, else contested.",
        "判断含误差时，领先在至少 {clear} 的情形中成立为明确，至少 {close} 为优势微弱，否则为胜负难定。",
    ),
    "gates_first": (
        "Requirements exclude options before the ranking; what is unknown excludes as well.",
        "要求先于排序排除选项；相关事实未知者同样排除。",
    ),
    "source_of_scenario": ("What the scenario is taken from", "情景的来源"),
    "again": ("To make this report again", "如何重新生成本报告"),
    "again_note": (
        "The same input and versions give the same file, byte for byte, whatever it is called and wherever it lies. The command is for the folder with these files.",
        "相同的输入与版本会生成逐字节相同的文件，与文件名及所在位置无关。命令应在这些文件所在的文件夹中运行。",
    ),
    "from_scenario_id": ("Scenario", "情景"),
    "from_criteria_id": ("Criteria model", "准则模型"),
    "from_facts_id": ("Facts pack", "事实包"),
    "from_input": ("Input", "输入"),
    "from_versions": ("Versions", "版本"),
    "from_samples": ("Samples", "抽样数"),
    "from_seed": ("Seed", "种子"),
    "from_command": ("Command", "命令"),
}


def say(code: str, lang: Language, **values: Any) -> str:
    """The words for `code` in `lang`, with values put in."""
    return fill(WORDS, code, lang, values)
