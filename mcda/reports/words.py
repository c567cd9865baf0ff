"""The words of reports in English and Chinese; one entry for each."""

from __future__ import annotations

from typing import Any

from mcda.model.language import Language, fill

__all__ = ["say"]

WORDS: dict[str, tuple[str, str]] = {
    "recommended": ("Recommended: {option}", "推荐：{option}"),
    "recommended_none": ("Recommended: nothing", "推荐：无"),
    "clear": (
        "clear. By estimate the lead holds in {firmness} of cases under noise in the {noisy} "
        "(variance of their logarithms at least {floor:g}).",
        "明确。在{noisy}误差下（{noisy}对数的方差不低于 {floor:g}），估计{firmness}的情形中领先不变。",
    ),
    "close": (
        "close. By estimate the lead holds in {firmness} of cases under noise in the {noisy} (variance of their logarithms at least {floor:g}).",
        "优势微弱。在{noisy}误差下（{noisy}对数的方差不低于 {floor:g}），估计{firmness}的情形中领先不变。",
    ),
    "contested": (
        "contested. By estimate the lead holds in only {firmness} of cases under noise in the {noisy} (variance of their logarithms at least {floor:g}).",
        "胜负难定。在{noisy}误差下（{noisy}对数的方差不低于 {floor:g}），估计仅{firmness}的情形中领先不变。",
    ),
    "tie": (
        "tie. {options} are equally close to the ideal.",
        "并列。{options} 与理想解同样接近。",
    ),
    "no_contest": (
        "no contest. It is the only option that passes every gate; nothing is left to compare it with.",
        "无竞争。它是唯一通过全部门槛的选项，没有其他选项可与之比较。",
    ),
    "no_eligible_option": (
        "no eligible option. Every option fails a gate, and no score makes up for that; nearest to "
        "eligible is {nearest}.",
        "没有合格选项。所有选项都未通过门槛，得分再高也无法弥补；最接近合格的是 {nearest}。",
    ),
    "verdict": ("Verdict: {verdict}", "结论：{verdict}"),
    "rank": ("Rank", "名次"),
    "option": ("Option", "选项"),
    "closeness": ("Closeness", "贴近度"),
    "scenarios": ("Scenarios", "情景"),
    "bulk_done": (
        "{count} scenarios in {seconds} s; {failed} failed.",
        "{seconds} 秒内评估 {count} 个情景，其中 {failed} 个失败。",
    ),
    "of_all": ("Share", "占比"),
    "verdict_clear": ("clear", "明确"),
    "verdict_close": ("close", "优势微弱"),
    "verdict_contested": ("contested", "胜负难定"),
    "verdict_tie": ("tie", "并列"),
    "verdict_no_contest": ("no contest", "无竞争"),
    "verdict_no_eligible_option": ("no eligible option", "没有合格选项"),
    "bulk_stopped": (
        "Stopped. --resume goes on with what is done.",
        "已停止。用 --resume 从已完成处继续。",
    ),
    "bulk_begun": ("{share} %", "{share}%"),
    "bulk_progress": (
        "{share} %, {count} scenarios, {rate} per second, {left} left",
        "{share}%，{count} 个情景，每秒 {rate} 个，剩余 {left}",
    ),
    "bulk_joining": ("Writing the output", "正在写入结果"),
    "bulk_means": (
        "What winners lead by: the mean lead over the runner-up, and what each dimension adds to it",
        "胜出者领先的构成：对第二名的平均领先，以及各维度的贡献",
    ),
    "bulk_lead": ("Mean lead", "平均领先"),
    "bulk_part": ("{dimension} {share}", "{dimension} {share}"),
    "bulk_split": (
        "{first} leads {other} in {one}, and {other} leads {first} in {two}. Of what differs between "
        "the two: {dimensions}.",
        "{first} 领先 {other} {one} 次，{other} 领先 {first} {two} 次。两种情形的差别来自：{dimensions}。",
    ),
    "bulk_recommended": ("Recommended", "推荐"),
    "bulk_verdicts": ("Verdict", "结论"),
    "bulk_reused": (
        "{count} parts of an earlier run were used.",
        "沿用上次运行的 {count} 个部分结果。",
    ),
    "bulk_missed": (
        "{count} scenarios are not as they are expected: see the column missed.",
        "{count} 个情景与预期不符：见 missed 列。",
    ),
    "bulk_rejects": ("What failed, and why: {path}", "失败的情景及原因：{path}"),
    "diff_packs": ("Facts: {before} → {after}", "事实包：{before} → {after}"),
    "diff_changes": ("The winner changes: {before} → {after}", "胜出选项改变：{before} → {after}"),
    "diff_same": ("The winner stays: {before}", "胜出选项不变：{before}"),
    "diff_none": ("nothing is recommended before or after", "前后均无推荐"),
    "diff_verdicts": ("Verdict: {before} → {after}", "结论：{before} → {after}"),
    "diff_before": ("Before", "之前"),
    "diff_after": ("After", "之后"),
    "diff_change": ("Change", "变化"),
    "diff_absent": ("not in the pack", "包中没有"),
    "diff_out": ("out: {gates}", "排除：{gates}"),
    "diff_falls_out": ("Falls out", "退出的选项"),
    "diff_comes_back": ("Comes back", "恢复的选项"),
    "diff_by": ("{option} by {gate}: {because}", "{option}（门槛 {gate}）：{because}"),
    "diff_lost": (
        "{options}: only in the pack {pack}. Missing in the other one, and left out there.",
        "{options}：仅见于事实包 {pack}，另一个包中没有，因此在那一侧不参与比较。",
    ),
    "diff_hindsight": (
        "Facts of {pack} are later than the decision date {decided}: known now, not then.",
        "{pack} 的部分事实晚于决策日 {decided}：是如今所知，而非当时所知。",
    ),
    "diff_decisive": ("Decisive facts", "决定性事实"),
    "diff_decides_one": (
        "This fact alone, switched, makes the winner {becomes}.",
        "仅切换这一项事实，胜出选项即变为 {becomes}。",
    ),
    "diff_decides": (
        "These {count} facts alone, switched, make the winner {becomes}.",
        "仅切换这 {count} 项事实，胜出选项即变为 {becomes}。",
    ),
    "diff_completes": (
        "For the winner to become {becomes}, as with all facts, these are needed:",
        "要使胜出选项如全部切换时一样变为 {becomes}，需要以下事实：",
    ),
    "diff_exact": ("No smaller set of facts does.", "没有更小的事实组合能做到。"),
    "diff_shrunk": (
        "None of them can be left out; whether another set is smaller was not tried.",
        "其中任何一项都不可省去；是否另有更小的组合未逐一检验。",
    ),
    "diff_others": (
        "Others of that size that do so, too: {count}.",
        "另有 {count} 个同样大小的组合也能做到。",
    ),
    "diff_undecided": (
        "Which facts decide could not be found: no world between the two can be evaluated.",
        "无法找出决定性事实：两者之间的情形无法评估。",
    ),
    "diff_facts": ("Facts that differ and count", "有差异且影响评估的事实"),
    "diff_more_facts": (
        "{count} more facts differ that count; see --format json.",
        "另有 {count} 项影响评估的事实有差异；见 --format json。",
    ),
    "diff_information": (
        "For information only: {facts}.",
        "仅供参考：{facts}。",
    ),
    "diff_resourced": (
        "{count} facts have the same value from another source, or of another date.",
        "{count} 项事实数值相同，但来源或日期不同。",
    ),
    "diff_equal": ("No fact differs in its value.", "没有数值不同的事实。"),
    "diff_fact": ("Fact", "事实"),
    "diff_unknown": ("unknown", "未知"),
    "diff_there": ("there", "有"),
    "diff_not_there": ("not there", "无"),
    "diff_presence": ("is there at all", "是否存在"),
    "diff_unsourced": ("no source", "无来源"),
    "diff_cited": ("{value} ({source})", "{value}（{source}）"),
    "diff_cited_on": ("{value} ({source}, {day})", "{value}（{source}，{day}）"),
    "diff_step": ("{option}: {fact}: {before} → {after}", "{option}：{fact}：{before} → {after}"),
    "diff_summary": (
        "{count} scenarios: the winner changes in {changed}.",
        "{count} 个情景：其中 {changed} 个的胜出选项改变。",
    ),
    "diff_failed": ("{count} could not be compared.", "{count} 个无法比较。"),
    "diff_reason": ("Main reason", "主要原因"),
    "scenario": ("Scenario", "情景"),
    "init_nothing": ("Nothing was written.", "未写入任何内容。"),
    "init_done": (
        "Wrote {file}; as it stands it recommends {option}. Next: mcda evaluate {file}",
        "已写入 {file}；按现有内容推荐：{option}。下一步：mcda evaluate {file}",
    ),
    "init_models": ("Begin from", "从何开始"),
    "init_own": ("criteria of my own", "自定义准则"),
    "init_which": ("Which", "选择"),
    "init_criteria": (
        "Name the criteria, one after the other; an empty line ends the list.",
        "逐个输入准则名称，空行结束。",
    ),
    "init_criterion": ("Criterion", "准则"),
    "init_more_is_better": ("Is more {criterion} better?", "“{criterion}”是否越大越好？"),
    "init_yes_or_no": ("Answer y or n.", "请回答 y（是）或 n（否）。"),
    "init_yes_no_or_keep": (
        "Answer y (true) or n (false); - leaves it as it is.",
        "请回答 y（是）或 n（否）；输入 - 则保持不变。",
    ),
    "init_a_name": ("Answer with a name that is not there yet.", "请输入一个尚未使用的名称。"),
    "init_domain": (
        "Lowest and highest thinkable “{criterion}”, as in 0..10",
        "“{criterion}”可想到的最低值与最高值，如 0..10",
    ),
    "init_a_domain": (
        "Answer with two numbers, the lower one first, as in 0..10.",
        "请输入两个数，小的在前，如 0..10。",
    ),
    "init_any_number": ("Answer with a number.", "请输入一个数。"),
    "init_ended": (
        "The input ended before all questions were answered.",
        "问题尚未全部回答，输入就已结束。",
    ),
    "init_one_of": ("Answer one of: {values}.", "请回答其中之一：{values}。"),
    "init_number": (
        "Answer with a number between {low} and {high}.",
        "请输入 {low} 到 {high} 之间的数。",
    ),
    "init_option": ("Option", "选项"),
    "init_value": ("{criterion} of {option}", "“{option}”的“{criterion}”"),
    "init_title": ("{title}: our situation", "{title}：我们的情况"),
    "init_head": (
        "What is recommended: mcda evaluate {file}\nWhy: mcda explain {file}\nWhat would change it: mcda sensitivity {file}",
        "推荐什么：mcda evaluate {file}\n为什么：mcda explain {file}\n什么会改变结论：mcda sensitivity {file}",
    ),
    "init_profile": (
        "Who decides: the situation. A value between two levels is fine.",
        "决策者的情况。可以取两级之间的数值。",
    ),
    "init_options": (
        "What can be chosen. `from` names an option of the facts pack; facts: {{...}} changes its facts.",
        "可选方案。from 指事实包中的选项；用 facts: {{...}} 修改其事实。",
    ),
    "init_weights": (
        "The criteria model has its own judgements. To say otherwise, or answer mcda compare {file}:",
        "准则模型自带判断。如需修改，可在此写明，或运行 mcda compare {file}：",
    ),
    "init_example": (
        "An example to replace: what matters. direction: cost means that less is better; the domain's ends are the worst and the best thinkable.",
        "示例，请替换：看重什么。direction: cost 表示越小越好；domain 的两端是可想到的最差与最好。",
    ),
    "init_own_criteria": (
        "What matters. direction: cost means that less is better; domain: [low, high] gives the worst and the best thinkable (without it the ranking depends on which options are compared).",
        "看重什么。direction: cost 表示越小越好；domain: [low, high] 为可想到的最差与最好（缺省时排序取决于参与比较的选项）。",
    ),
    "init_own_options": (
        "What can be chosen, with a value for each criterion.",
        "可选方案及其在各准则上的取值。",
    ),
    "init_judge": (
        "How many times as important is the first as the second? 1 equal, 3 moderately, 5 strongly, 9 extremely; 1/3 the other way round. To be asked one by one: mcda compare {file} --again",
        "前者的重要性是后者的几倍？1 相同，3 略重要，5 明显重要，9 极端重要；反之写 1/3。逐项询问：mcda compare {file} --again",
    ),
    "init_numbers": (
        "How much each counts: any numbers, only their ratios matter.",
        "各准则的分量：任意数字，只看比例。",
    ),
    "name": ("Name", "名称"),
    "title": ("Title", "标题"),
    "criteria_model": ("Criteria", "准则模型"),
    "own_criteria": ("its own", "自带"),
    "shipped_criteria": ("Criteria models", "准则模型"),
    "shipped_facts": ("Facts packs", "事实包"),
    "shipped_portfolio": ("Portfolios", "组合"),
    "shipped_scenario": ("Scenarios", "情景"),
    "shipped_use": (
        "Evaluate a scenario by its name: mcda evaluate NAME. Begin one of your own: mcda init FILE.",
        "按名称评估情景：mcda evaluate NAME；新建自己的情景：mcda init FILE。",
    ),
    "criterion": ("Criterion", "准则"),
    "problem": ("Problem", "问题"),
    "more_rows": ("and {count} more rows", "另有 {count} 行"),
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
    "speaks_for": ("For {option}: {dimensions}.", "支持 {option}：{dimensions}。"),
    "consistency": (
        "Consistency ratio {ratios} (acceptable up to {limit:g}).",
        "一致性比率 {ratios}（不超过 {limit:g} 可接受）。",
    ),
    "consistency_joined": (
        "Consistency ratio of the judges' joined judgements {ratios} (acceptable up to {limit:g}).",
        "各评判者汇总判断的一致性比率 {ratios}（不超过 {limit:g} 可接受）。",
    ),
    "consistency_short": ("Consistency", "一致性比率"),
    "best_worst_consistency": (
        "Input-based consistency ratio {ratios}.",
        "基于输入的一致性比率：{ratios}。",
    ),
    "best_worst_ratio": (
        "{ratio:.3f} (acceptable up to {limit:g}; xi {xi:.3f})",
        "{ratio:.3f}（不超过 {limit:g} 可接受；ξ 为 {xi:.3f}）",
    ),
    "judges_inconsistent": (
        "Judges with a consistency ratio above {limit:g}: {count} of {total}.",
        "{total} 位评判者中，一致性比率高于 {limit:g} 的有 {count} 位。",
    ),
    "worst_of_judges": (
        "What fits a judge's other judgements worst: {worst}.",
        "各评判者与其余判断最不相符的判断：{worst}。",
    ),
    "worst_of_judge": ("{judge}: {pairs}", "{judge}：{pairs}"),
    "pair": ("{first} vs {second}", "“{first} 对 {second}”"),
    "noisy_judgements": ("judgements", "判断"),
    "noisy_weights": ("weights", "权重"),
    "by_numbers": ("Weights were given directly.", "权重为直接给定。"),
    "by_points": (
        "Weights come from points for the swing from worst to best.",
        "权重由各准则从最差到最好的摆幅打分得出。",
    ),
    "by_ranking": (
        "Weights follow the order of the criteria (rank-order centroids).",
        "权重由准则的排序得出（排序质心法）。",
    ),
    "by_best_worst": (
        "Weights come from comparisons with the best and the worst criterion.",
        "权重由与最优、最劣准则的比较得出。",
    ),
    "by_values": (
        "Weights were taken from the options' values ({method}).",
        "权重由选项的数值得出（{method}）。",
    ),
    "by_nothing": ("There is one criterion: nothing to weigh.", "只有一个准则，无需权重。"),
    "compare_no_input": (
        "there was no input. Run it on a terminal, or give one answer a line.",
        "没有输入。请在终端运行，或每行给出一个回答。",
    ),
    "compare_intro": (
        "Comparing under {node}: {total} pairs. Answer how many times as important the first is: "
        "3, or 1/3 if the second counts three times as much. 1 equal, 3 moderately, 5 strongly, "
        "7 very strongly, 9 extremely. Enter skips, b goes back, q stops. Every answer is saved.",
        "在 {node} 下比较，共 {total} 对。请回答前者的重要性是后者的几倍：3；若后者是前者的三倍，"
        "则答 1/3。1 同等，3 稍重要，5 明显重要，7 强烈重要，9 极端重要。回车跳过，b 返回，q 停止。"
        "每次回答后自动保存。",
    ),
    "compare_ask": ("{first} vs {second}: ", "{first} 对 {second}："),
    "compare_ask_again": (
        "{first} vs {second} (Enter keeps {now}): ",
        "{first} 对 {second}（回车保留 {now}）：",
    ),
    "compare_weights": ("  now: {weights}", "  目前：{weights}"),
    "compare_ratio": (
        "  consistency ratio {ratio:.3f} (acceptable up to {limit:g})",
        "  一致性比率 {ratio:.3f}（不超过 {limit:g} 可接受）",
    ),
    "compare_done": (
        "{answers} answers saved in {path}.",
        "已将 {answers} 个回答保存到 {path}。",
    ),
    "compare_left": (
        "{node}: {missing} of {total} pairs are left.",
        "{node}：{total} 对中还剩 {missing} 对。",
    ),
    "compare_nothing": (
        "All pairs are compared; --again asks for them again.",
        "所有比较均已完成；用 --again 可重新比较。",
    ),
    "synthesis": (
        "AHP priorities (options compared under every criterion): {priorities}.",
        "AHP 综合优先级（各准则下均为选项两两比较）：{priorities}。",
    ),
    "judges": ("Judges", "评判者"),
    "judge": ("Judge", "评判者"),
    "importance": ("Importance", "重要性"),
    "recommends": ("Alone recommends", "单独评判的推荐"),
    "consensus": (
        "Consensus index {index:.3f} (0 is full agreement).",
        "共识指数 {index:.3f}（0 表示完全一致）。",
    ),
    "disagreement": (
        "Far apart on {first} vs {second}: {lowest_judge} says {lowest:.3g}, {highest_judge} says "
        "{highest:.3g}.",
        "在“{first} 对 {second}”上分歧较大：{lowest_judge} 为 {lowest:.3g}，"
        "{highest_judge} 为 {highest:.3g}。",
    ),
    "excluded": ("Excluded", "已排除"),
    "excluded_by": ("{option} by {gate}: {because}", "{option}（门槛 {gate}）：{because}"),
    "excluded_also": ("Also by {gate}: {because}", "另有门槛 {gate}：{because}"),
    "unsure_by": (
        "{option} by {gate}: it is not known whether it passes. Find out: {facts}.",
        "{option}（门槛 {gate}）：尚不清楚能否通过。请查明：{facts}。",
    ),
    "unsure_also": (
        "Also by {gate}: it is not known whether it passes. Find out: {facts}.",
        "另有门槛 {gate}：尚不清楚能否通过。请查明：{facts}。",
    ),
    "input": ("{title} ({name})", "{title}（{name}）"),
    "of_option": ("{option}: {name}", "{option}：{name}"),
    "would_have_won": (
        "By its scores alone it would come before {winner}.",
        "仅按得分，它会排在 {winner} 之前。",
    ),
    "would_not_have_won": (
        "By its scores alone it would not come before {winner}, either.",
        "即便仅按得分，它也不会排在 {winner} 之前。",
    ),
    "instead": ("Look instead at: {instead}.", "可改为考虑：{instead}。"),
    "counterpart": (
        "For a real comparison, add to the options: {instead}.",
        "若要有真正的比较，可加入选项：{instead}。",
    ),
    "without_gates": (
        "By scores alone {option} would come first, with a closeness of {closeness:.3f}.",
        "仅按得分，{option} 将居首位，贴近度为 {closeness:.3f}。",
    ),
    "way_in": ("What would let an option in", "怎样才能让选项合格"),
    "barred_one": (
        "{option}: one gate is in the way ({gates}).",
        "{option}：有一道门槛未通过（{gates}）。",
    ),
    "barred": (
        "{option}: {count} gates are in the way ({gates}).",
        "{option}：有 {count} 道门槛未通过（{gates}）。",
    ),
    "admission_one": ("This change alone is enough: {changes}.", "仅改这一项即可：{changes}。"),
    "admission": (
        "Any one of these changes is enough: {changes}.",
        "以下改动任选其一即可：{changes}。",
    ),
    "no_admission": (
        "No single change of the situation is enough.",
        "仅改变情况中的一项还不够。",
    ),
    "change": ("“{name}” from {value} to {changed}", "“{name}”由{value}改为{changed}"),
    "level": ("{number} ({meaning})", " {number}（{meaning}）"),
    "or": ("; or ", "；或"),
    "either": (" or ", "或"),
    "warnings": ("Warnings", "提醒"),
    "source": ("Source: {document}", "来源：{document}"),
    "phrase": ("“{phrase}”", "“{phrase}”"),
    "summary": ("{count} scenarios. {winners}.", "共 {count} 个情景。{winners}。"),
    "summary_one": ("1 scenario. {winners}.", "共 1 个情景。{winners}。"),
    "recommended_in": ("Recommended: {counts}", "推荐：{counts}"),
    "counted": ("{option} in {count}", "{option}（{count} 个）"),
    "nothing": ("nothing", "无"),
    "failed": ("Failed: {count}", "失败：{count} 个"),
    "met": ("Expectation met.", "符合预期。"),
    "missed": ("Expectation missed: {what}", "不符合预期：{what}"),
    "missed_recommended": (
        "expected {expected}, recommended is {found}",
        "预期推荐 {expected}，实际推荐 {found}",
    ),
    "missed_verdict": (
        "expected {expected}, the verdict is {found}",
        "预期结论 {expected}，实际为 {found}",
    ),
    "missed_eligible": (
        "expected {option} to be eligible, it is excluded",
        "预期 {option} 合格，实际被排除",
    ),
    "missed_excluded": (
        "expected {option} to be excluded, it is eligible",
        "预期 {option} 被排除，实际合格",
    ),
    "missed_gate": (
        "expected the gate {expected} to exclude {option}, it fails {found}",
        "预期 {option} 被门槛 {expected} 排除，实际未通过 {found}",
    ),
    "missed_allocation": (
        "expected {expected} for {scenario}, recommended is {found}",
        "预期 {scenario} 推荐 {expected}，实际推荐 {found}",
    ),
    "share_of": ("Share", "占比"),
    "reason": ("Reason", "理由"),
    "portfolio_takes": ("Takes", "采用"),
    "portfolio_allocation": ("Who gets what", "逐项分配"),
    "portfolio_answer": ("Split of {count} scenarios: {parts}.", "{count} 个情景的分配：{parts}。"),
    "portfolio_answer_one": ("One scenario: {parts}.", "仅一个情景：{parts}。"),
    "portfolio_share": (
        "{option} in {count} ({share} of importance)",
        "{option} {count} 个（重要性占{share}）",
    ),
    "portfolio_undecided": (
        "nothing in {count} ({share} of importance)",
        "无推荐 {count} 个（重要性占{share}）",
    ),
    "portfolio_split": (
        "No option is best everywhere: the mix follows from the scenarios, each decided by itself.",
        "没有哪个选项处处最优：这种搭配由各情景逐一评估得出，并非预先设定。",
    ),
    "portfolio_soles": ("One option for everything", "若只用一个选项"),
    "portfolio_best_in": ("Best in", "最优情景数"),
    "portfolio_excluded_from": ("Not eligible in", "不合格情景数"),
    "portfolio_loss": ("Mean loss", "平均损失"),
    "portfolio_loss_note": (
        "Mean loss: closeness given up against the best option where it is eligible, weighted by "
        "importance.",
        "平均损失：在其合格的情景中，相对最优选项少得的贴近度，按重要性加权。",
    ),
    "portfolio_weak": ("Look at these first", "请先复核"),
    "weak_close": (
        "{scenario}: {option} leads {rival} by little.",
        "{scenario}：{option} 仅略微领先 {rival}。",
    ),
    "weak_contested": (
        "{scenario}: {option} and {rival} are nearly level.",
        "{scenario}：{option} 与 {rival} 难分高下。",
    ),
    "weak_tie": ("{scenario}: the best options tie.", "{scenario}：最优选项并列。"),
    "short_no_contest": ("no contest", "无竞争"),
    "short_no_eligible_option": ("none left", "均不合格"),
    "weak_no_contest": (
        "{scenario}: nothing is left to compare {option} with.",
        "{scenario}：没有可与 {option} 比较的选项。",
    ),
    "weak_no_eligible_option": (
        "{scenario}: every option fails a gate; evaluate it alone to see what would help.",
        "{scenario}：所有选项都未通过门槛；可单独评估该情景，查看如何补救。",
    ),
    "reason_none": ("all fail a gate: {gates}", "全部未通过门槛：{gates}"),
    "reason_alone": ("others excluded: {gates}", "其余被排除：{gates}"),
    "reason_only": ("the only option", "唯一选项"),
    "reason_tie": ("equally close", "同样接近"),
    "untested": ("No expectation is stated.", "未声明预期。"),
    "why_earns": ("What earns the lead", "领先从何而来"),
    "why_criterion": ("Criterion", "准则"),
    "why_amount": ("Earns", "贡献"),
    "why_margin": ("Lead of {option}", "{option} 的领先"),
    "why_from_worst": ("Closeness of {option}", "{option} 的贴近度"),
    "why_worst": ("worst", "最差"),
    "why_facts": ("Facts behind it", "背后的事实"),
    "why_fact": ("Fact", "事实"),
    "why_of": (
        "Criterion",
        "准则",
    ),
    "why_together": ("its facts together", "其各项事实合计"),
    "why_compared": ("options compared in pairs", "选项两两比较"),
    "why_others": ("{count} others", "其余 {count} 项"),
    "why_importance": (
        "By whose weight",
        "按各维度的权重拆分",
    ),
    "why_judged": (
        "Weight",
        "权重",
    ),
    "why_final": ("Passed on", "传递后"),
    "why_earned_by": (
        "From its scores",
        "因得分",
    ),
    "why_earned_for": (
        "From its weight",
        "因权重",
    ),
    "why_influences": ("What the influences do", "影响关系的作用"),
    "why_influence": ("{source} → {target}", "{source} → {target}"),
    "why_influence_column": ("Influence", "影响"),
    "why_share": ("Share", "份额"),
    "why_flow": (
        "Runs over it",
        "流经量",
    ),
    "why_without": (
        "Lead without it",
        "去掉后的领先",
    ),
    "why_effect": (
        "Fair share",
        "净作用",
    ),
    "why_turns": (
        "{source} → {target}: from a share of {share:.3f} on (now {now:.2f}), {option} comes first.",
        "{source} → {target}：份额升至 {share:.3f} 及以上（现为 {now:.2f}）时，{option} 将居首位。",
    ),
    "why_turns_below": (
        "{source} → {target}: below a share of {share:.3f} (now {now:.2f}), {option} comes first.",
        "{source} → {target}：份额低于 {share:.3f}（现为 {now:.2f}）时，{option} 将居首位。",
    ),
    "why_no_turn": (
        "Whatever share any other one of them had, {winner} would stay first.",
        "无论单独怎样改变其余任何一个影响的份额，{winner} 都仍居首位。",
    ),
    "why_no_turn_at_all": (
        "Whatever share any one of them had, {winner} would stay first.",
        "无论单独怎样改变任何一个影响的份额，{winner} 都仍居首位。",
    ),
    "why_dematel": (
        "DEMATEL (diagnostic only, not used for weights). Mainly driving: {causes}. Mainly driven: {effects}.",
        "DEMATEL（仅供诊断，不用于权重）。主要为驱动方：{causes}。主要为受影响方：{effects}。",
    ),
    "why_ways": (
        "How the lead reaches the goal",
        "领先的形成路径",
    ),
    "why_way": ("{amount}  {way}", "{amount}  {way}"),
    "why_rest": ("all other paths", "其余路径"),
    "why_profile": (
        "If the situation changes by one step: change of the lead",
        "情况变动一档时领先的变化",
    ),
    "why_field": ("Situation", "情况"),
    "why_now": ("Now", "现状"),
    "why_down": (
        "One step down",
        "降一档",
    ),
    "why_up": (
        "One step up",
        "升一档",
    ),
    "why_unknown": ("cannot be scored", "无法评分"),
    "why_out": ("excluded", "被排除"),
    "why_to": ("{amount} (to {to})", "{amount}（至 {to}）"),
    "why_step_moves": ("{change}: {amount}.", "{change}：{amount}。"),
    "why_step_unknown": (
        "{change}: the options cannot be scored then.",
        "{change}：此时选项无法评分。",
    ),
    "why_step_stays": (
        "{change}: the recommendation stays.",
        "{change}：推荐结果不变。",
    ),
    "why_listed": (
        "{name} ({amount})",
        "{name}（{amount}）",
    ),
    "why_contrasts": ("The other options", "其他选项"),
    "why_contrast": (
        "{option}: {lead} behind.",
        "{option}：落后 {lead}。",
    ),
    "why_contrast_ahead": (
        "{option} (excluded by {gates}): it would be {lead} ahead.",
        "{option}（被门槛 {gates} 排除）：若未被排除，将领先 {lead}。",
    ),
    "why_contrast_excluded": (
        "{option} (excluded by {gates}): it would be {lead} behind.",
        "{option}（被门槛 {gates} 排除）：即使合格也落后 {lead}。",
    ),
    "why_evidence": ("Evidence", "证据"),
    "why_unsourced": (
        "For {share} of the difference the fact of at least one side has no source: {facts}.",
        "差异中有 {share}，至少一方的事实没有来源：{facts}。",
    ),
    "why_stale": (
        "For {share} of the difference a fact is older than it may be on the decision date: {facts}.",
        "差异中有 {share}，有事实在决策日已过时：{facts}。",
    ),
    "why_wide": (
        "The range of these facts changes the lead by more than a quarter ({share} of the difference): {facts}.",
        "以下事实的取值范围使领先变化超过四分之一（占差异的 {share}）：{facts}。",
    ),
    "why_wide_alone": (
        "The range of these facts changes the lead by more than a quarter, though as they stand they make no difference: {facts}.",
        "以下事实按现值并无差异，但其取值范围会使领先变化超过四分之一：{facts}。",
    ),
    "why_range": (
        "{fact} of {option}: inside its range the lead goes from {low} to {high}.",
        "{option} 的“{fact}”：在其取值范围内，领先在 {low} 至 {high} 之间。",
    ),
    "why_range_out": (
        "{fact} of {option}: inside its range an option would be excluded or could not be scored.",
        "{option} 的“{fact}”：在其取值范围内，有选项会被排除或无法评分。",
    ),
    "why_contrast_level": (
        "{option}: level with {winner}.",
        "{option}：与 {winner} 持平。",
    ),
    "why_shapley": (
        "Amounts are differences in closeness, shared out over the criteria by their Shapley "
        "values.",
        "数额为贴近度之差，按 Shapley 值分摊到各准则。",
    ),
    "why_owen": (
        "Amounts are differences in closeness, shared out over dimensions and criteria by their "
        "Owen values.",
        "数额为贴近度之差，按 Owen 值分摊到各维度与准则。",
    ),
    "why_winter": (
        "Amounts are differences in closeness, shared out along the tree of criteria by Winter's "
        "level values.",
        "数额为贴近度之差，按 Winter 层级值沿准则树分摊。",
    ),
    "why_aumann_shapley": (
        "Amounts are differences in closeness, shared out over the criteria by their "
        "Aumann-Shapley values, as there are too many criteria for all their subsets.",
        "数额为贴近度之差；由于准则过多，无法穷举子集，按 Aumann-Shapley 值分摊。",
    ),
    "why_none_eligible": (
        "Every option is excluded, as follows.",
        "所有选项均被排除，原因如下。",
    ),
    "draw_title": (
        "Why {option} comes before {rival}: {amount}",
        "{option} 为何优于 {rival}：{amount}",
    ),
    "draw_from_worst": ("What {option} achieves: {amount}", "{option} 的成绩：{amount}"),
    "draw_for": ("speaks for {option}", "支持 {option}"),
    "draw_against": ("speaks against it", "不利于它"),
    "draw_unit": (
        "Widths and numbers: differences in closeness; numbers in boxes are what flows through.",
        "线宽与数字为贴近度之差；框内数字为流经量。",
    ),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "no_option": ("nothing", "无"),
    "separator": (", ", "、"),
    "why_all_together": (
        "all together",
        "合计",
    ),
    "why_profile_worst": (
        "If the situation changes by one step: change of the closeness",
        "情况变动一档时贴近度的变化",
    ),
    "why_step_flips": (
        "{change}: then {option} would be recommended.",
        "{change}：将改为推荐 {option}。",
    ),
    "why_step_flips_none": (
        "{change}: then nothing would be recommended.",
        "{change}：将无可推荐。",
    ),
    "why_no_step_flips": (
        "None of these changes alone changes the recommendation.",
        "以上任何一项单独变动都不会改变推荐结果。",
    ),
    "why_parts": (
        "A part belongs to an option that has parts; for one without, its own fact stands.",
        "“部分”属于由部分组成的选项；没有部分的选项取其自身的事实。",
    ),
    "why_better": (
        "Better than {winner} on {gains}.",
        "优于 {winner} 之处：{gains}。",
    ),
    "why_not_better": (
        "No advantage.",
        "无任何优势。",
    ),
    "why_gives_up": (
        "Choosing it gives up {gives_up}.",
        "改选它将放弃：{gives_up}。",
    ),
    "why_sourced": (
        "Every fact that makes a difference has a source.",
        "凡造成差异的事实均有来源。",
    ),
    "why_fresh": (
        "None of those with a date is past its age limit on the decision date ({limit}).",
        "注明日期的事实在决策日均未超过时限（{limit}）。",
    ),
    "why_aged": (
        "{fact} ({age} days old, at most {limit})",
        "{fact}（已 {age} 天，时限 {limit}）",
    ),
    "why_undated": (
        "The age of the facts is not known: the decision or the facts have no date.",
        "无法判断事实的新旧：决策或事实未注明日期。",
    ),
    "why_narrow": (
        "No range changes the lead by more than a quarter.",
        "没有取值范围使领先变化超过四分之一。",
    ),
    "why_no_ranges": (
        "No fact has a range.",
        "所有事实均未给出取值范围。",
    ),
    "why_note": (
        "Note",
        "说明",
    ),
    "why_scale": (
        "Closeness runs from 0 (worst on every criterion) to 1 (ideal).",
        "贴近度介于 0（各准则均最差）与 1（理想）之间。",
    ),
    "draw_tie": (
        "{option} and {rival} tie",
        "{option} 与 {rival} 并列",
    ),
    "draw_excluded": (
        "{option} against {rival}, which is excluded: {amount}",
        "{option} 与已排除的 {rival} 之比较：{amount}",
    ),
    "sens_nearest": (
        "What would change it soonest",
        "最容易改变结论的变化",
    ),
    "sens_none": (
        "No single weight, judgement, fact or situation changes the winner.",
        "任何单个权重、判断、事实或情况的变化都不会改变胜者。",
    ),
    "sens_weight": (
        "weight of {name} from {value} to {changed}; then {winner} wins.",
        "“{name}”的权重由 {value} 变为 {changed}，{winner} 胜出。",
    ),
    "sens_judgement": (
        "judgement {pair} from {value} to {changed}; then {winner} wins.",
        "判断“{pair}”由 {value} 变为 {changed}，{winner} 胜出。",
    ),
    "sens_judgement_of": (
        "{judge}'s judgement {pair} from {value} to {changed}; then {winner} wins.",
        "{judge} 的判断“{pair}”由 {value} 变为 {changed}，{winner} 胜出。",
    ),
    "sens_fact": (
        "“{name}” of {option} from {value} to {changed}{unit}; then {winner} wins.",
        "{option} 的“{name}”由 {value} 变为 {changed}{unit}，{winner} 胜出。",
    ),
    "sens_value": (
        "value of {option} on “{name}” from {value} to {changed}{unit}; then {winner} wins.",
        "{option} 在“{name}”上的取值由 {value} 变为 {changed}{unit}，{winner} 胜出。",
    ),
    "sens_profile": (
        "“{name}” from {value} to {changed}{unit}; then {winner} wins.",
        "“{name}”由 {value} 变为 {changed}{unit}，{winner} 胜出。",
    ),
    "sens_judge": (
        "{judge}'s share of the importance from {value} to {changed}; then {winner} wins.",
        "{judge} 的重要性占比由 {value} 变为 {changed}，{winner} 胜出。",
    ),
    "sens_unit": (
        " {unit}",
        " {unit}",
    ),
    "sens_nobody": (
        "nobody",
        "无人",
    ),
    "sens_intervals": (
        "Between which weights the winner wins",
        "胜者在多大的权重范围内胜出",
    ),
    "sens_low": (
        "From",
        "下限",
    ),
    "sens_high": (
        "To",
        "上限",
    ),
    "sens_below": (
        "Below",
        "低于则",
    ),
    "sens_above": (
        "Above",
        "高于则",
    ),
    "sens_ranking": (
        "Order stays",
        "排序不变",
    ),
    "sens_region": (
        "{name}: {winner} wins again from {low} to {high}.",
        "{name}：在 {low} 至 {high} 之间 {winner} 再次胜出。",
    ),
    "sens_transfers": (
        "The smallest shifts of weight",
        "最小的权重转移",
    ),
    "sens_transfer": (
        "{amount} from {giver} to {taker}: {rival} wins.",
        "由 {giver} 向 {taker} 转移 {amount}：{rival} 胜出。",
    ),
    "sens_change_L1": (
        "All weights together: a change of {size} in all (sum of sizes) makes {rival} win ({certificate}).",
        "同时改变所有权重：总变化量 {size}（绝对值之和）即可使 {rival} 胜出（{certificate}）。",
    ),
    "sens_change_L2": (
        "All weights together: a change of {size} in length (Euclid) makes {rival} win ({certificate}).",
        "同时改变所有权重：欧氏距离 {size} 的变化即可使 {rival} 胜出（{certificate}）。",
    ),
    "sens_certified": (
        "certified",
        "已证明最小",
    ),
    "sens_best_found": (
        "best found",
        "已找到的最小值",
    ),
    "sens_no_transfer": (
        "No shift of weight between two criteria changes the winner.",
        "任何两个准则之间的权重转移都不会改变胜者。",
    ),
    "sens_judgements": (
        "Judgements",
        "判断",
    ),
    "sens_judgement_column": (
        "Judgement",
        "判断",
    ),
    "sens_given": (
        "Given",
        "现值",
    ),
    "sens_flips_at": (
        "Changes at",
        "改变于",
    ),
    "sens_to": (
        "Then wins",
        "届时胜者",
    ),
    "sens_drives": (
        "Drives the lead",
        "对领先波动的贡献",
    ),
    "sens_under": ("{pair} (under {node})", "{pair}（{node} 下）"),
    "sens_pair": (
        "{first} vs {second}",
        "{first} 对 {second}",
    ),
    "sens_pair_of": (
        "{judge}: {first} vs {second}",
        "{judge}：{first} 对 {second}",
    ),
    "sens_no_judgement": (
        "No judgement between 1/9 and 9 changes the winner.",
        "判断在 1/9 至 9 之间取任何值都不会改变胜者。",
    ),
    "sens_tipping": (
        "Facts and situations",
        "事实与情况",
    ),
    "sens_what": (
        "What",
        "对象",
    ),
    "sens_down_at": (
        "Changes below",
        "低于此值改变",
    ),
    "sens_up_at": (
        "Changes above",
        "高于此值改变",
    ),
    "sens_no_tipping": (
        "No single fact or situation changes the winner.",
        "任何单个事实或情况都不会改变胜者。",
    ),
    "be_heading": ("Break-even", "盈亏平衡点"),
    "be_line": (
        "“{measure}” along “{along}” from {low} to {high}{unit}{now}.",
        "“{measure}”随“{along}”变化，考察范围为 {low} 至 {high}{unit}{now}。",
    ),
    "be_along_fact": ("{along} of {option}", "{option} 的{along}"),
    "be_now": ("; now {value}", "；当前为 {value}"),
    "be_values": (
        "{first} and {second}, now {first_value} and {second_value}{unit}.",
        "{first} 与 {second}，当前分别为 {first_value} 与 {second_value}{unit}。",
    ),
    "be_pair": ("{first} and {second}.", "{first} 与 {second}。"),
    "be_none": (
        "With all facts as they are they never tie: {lower} is lower throughout.",
        "各事实取现值时，两者不会持平：{lower} 始终较低。",
    ),
    "be_point": (
        "They tie at {at}: {below} is lower below, {above} above.",
        "两者在 {at} 处持平：此前 {below} 较低，此后 {above} 较低。",
    ),
    "be_jump": (
        "They change places at {at}, without a tie: {below} is lower below, {above} above.",
        "两者在 {at} 处交换位置而不持平：此前 {below} 较低，此后 {above} 较低。",
    ),
    "be_low_end": (
        "They tie at {at}, the lower end; above it {above} is lower.",
        "两者在下端 {at} 处持平，此后 {above} 较低。",
    ),
    "be_high_end": (
        "They tie at {at}, the upper end; below it {below} is lower.",
        "两者在上端 {at} 处持平，此前 {below} 较低。",
    ),
    "be_stretch": ("They tie from {low} to {high}.", "两者在 {low} 至 {high} 之间持平。"),
    "be_more": (
        "{count} more changes follow up to {last}; then {above} is lower.",
        "直至 {last} 还有 {count} 处变化；此后 {above} 较低。",
    ),
    "be_sure": (
        "Facts anywhere in their ranges: {lower} is lower from {low} to {high}.",
        "各事实在其区间内任意取值：{low} 至 {high} 之间 {lower} 始终较低。",
    ),
    "be_range": (
        "Facts anywhere in their ranges: a tie is possible between {low} and {high} only.",
        "各事实在其区间内任意取值：仅在 {low} 与 {high} 之间可能持平。",
    ),
    "be_range_below": ("Below, {lower} is lower for certain.", "低于该范围时，{lower} 必定较低。"),
    "be_range_above": ("Above, {lower} is lower for certain.", "高于该范围时，{lower} 必定较低。"),
    "be_range_stretches": (
        "Inside there are stretches where one is lower for certain; as JSON they are listed.",
        "其中部分区段内某一方必定较低，JSON 输出中逐一列出。",
    ),
    "be_range_open": (
        "Facts anywhere in their ranges: which is lower depends on them throughout.",
        "各事实在其区间内任意取值：整个范围内孰低孰高均取决于其取值。",
    ),
    "be_no_range": (
        "No fact behind it has a range, so this is a single figure and no interval.",
        "其背后的事实均未给出区间，因此仅得单一数值而非区间。",
    ),
    "be_all_still": (
        "The ranges of {facts} do not change the difference, so this is a single figure and no interval.",
        "{facts}的区间不影响两者之差，因此仅得单一数值而非区间。",
    ),
    "be_some_still": (
        "The ranges of {facts} do not change the difference.",
        "{facts}的区间不影响两者之差。",
    ),
    "be_two": ("{first} and {second}", "{first} 与 {second}"),
    "be_not_rank": (
        "Not compared, as only the first of the ranking are: {options}. Name two with --between a,b.",
        "仅比较排序靠前的选项，以下未比较：{options}。可用 --between a,b 指定两个选项。",
    ),
    "be_not_excluded": (
        "Not compared, as they are excluded: {options}. Name two with --between a,b.",
        "以下选项已被排除，未作比较：{options}。可用 --between a,b 指定两个选项。",
    ),
    "be_not_unknown": (
        "{options} cannot be compared: not all is known that it needs ({missing}).",
        "{options} 无法比较：尚缺所需信息（{missing}）。",
    ),
    "be_not_independent": (
        "{options} are not compared: for these two it does not depend on what varies.",
        "{options} 未作比较：对这两个选项而言，结果与变动项无关。",
    ),
    "be_not_failed": (
        "{options} cannot be compared: it cannot be worked out anywhere on the range.",
        "{options} 无法比较：在考察范围内无法计算。",
    ),
    "be_unbounded": (
        "Facts together can go further than one by one here: the interval may be wider.",
        "多个事实同时变化的影响可能超过逐一变化，区间可能更宽。",
    ),
    "be_incomplete": (
        "Its formulas have too many steps to look at each: ties between two steps may be missing.",
        "公式的阶梯过多，无法逐一考察，可能遗漏阶梯之间的持平点。",
    ),
    "sens_acceptability": (
        "How often each option gets each rank",
        "各选项取得各名次的频率",
    ),
    "sens_sampled_judgements": (
        "{samples} samples of the noise in judgements or weights that the verdict assumes (standard error at most {error}).",
        "按结论所假定的判断或权重误差抽样 {samples} 次（标准误不超过 {error}）。",
    ),
    "sens_sampled_uniform": (
        "{samples} samples of all weights, equally likely (standard error at most {error}).",
        "在所有权重中均匀抽样 {samples} 次（标准误不超过 {error}）。",
    ),
    "sens_sampled_ordinal": (
        "{samples} samples of all weights that keep the order (standard error at most {error}).",
        "在保持权重次序的范围内抽样 {samples} 次（标准误不超过 {error}）。",
    ),
    "sens_sampled_intervals": (
        "{samples} samples of all weights in the intervals given (standard error at most {error}).",
        "在给定的权重区间内抽样 {samples} 次（标准误不超过 {error}）。",
    ),
    "sens_ranges": (
        "Facts that moved inside their ranges: {facts}.",
        "同时在取值范围内变动的事实：{facts}。",
    ),
    "sens_compared": (
        "The comparisons of options waver as well: {criteria}.",
        "选项之间的两两比较也同样存在误差：{criteria}。",
    ),
    "sens_unused_weights": (
        "These ranges were not used, as the weights follow from the options' values and would move with them: {facts}.",
        "由于权重由选项的数值得出、会随之变动，以下事实的取值范围未计入：{facts}。",
    ),
    "sens_unused_excluded": (
        "These ranges were not used, as the options are excluded: {facts}.",
        "由于所属选项已被排除，以下事实的取值范围未计入：{facts}。",
    ),
    "sens_unused_unread": (
        "These ranges were not used, as no criterion and no gate reads the facts: {facts}.",
        "由于没有准则或门槛用到，以下事实的取值范围未计入：{facts}。",
    ),
    "sens_fixed": (
        "Thresholds take every fact as it is given, whatever its range.",
        "各项阈值均按事实的给定值计算，不考虑其取值范围。",
    ),
    "sens_group": (
        "Judges' importance",
        "评判者的重要性",
    ),
    "sens_group_row": (
        "{judge} has {share} of the importance; {ratio}; {flips}",
        "{judge} 占重要性的 {share}；{ratio}；{flips}",
    ),
    "sens_group_ratio": ("consistency ratio {ratio:.3f}", "一致性比率 {ratio:.3f}"),
    "sens_group_no_ratio": ("no answer alone", "单独无法得出结果"),
    "sens_group_flip": (
        "{rival} wins {side} {share}.",
        "{side} {share} 时 {rival} 胜出。",
    ),
    "sens_side_below": (
        "below",
        "低于",
    ),
    "sens_side_above": (
        "above",
        "高于",
    ),
    "sens_group_none": (
        "no share changes the winner.",
        "任何占比都不会改变胜者。",
    ),
    "sens_methods": (
        "Other methods",
        "其他方法",
    ),
    "sens_method": (
        "Method",
        "方法",
    ),
    "sens_winner": (
        "Winner",
        "胜者",
    ),
    "sens_spearman": (
        "Rank correlation",
        "秩相关",
    ),
    "sens_tied": (
        "tie",
        "并列",
    ),
    "sens_basis": (
        "Scores go by",
        "评分依据",
    ),
    "sens_basis_domains": (
        "declared domains",
        "声明的取值范围",
    ),
    "sens_basis_options": (
        "options present",
        "现有选项",
    ),
    "sens_basis_note": (
        "Methods that go by the options present can change their order when an option comes or goes.",
        "以现有选项为评分依据的方法，在选项增减时排序可能改变。",
    ),
    "sens_refused": (
        "{method} cannot be applied: {problem}.",
        "{method} 不适用：{problem}。",
    ),
    "sens_kind_normalization": (
        "normalisation: {name}",
        "归一化：{name}",
    ),
    "sens_kind_weighting": (
        "weighting: {name}",
        "权重用法：{name}",
    ),
    "sens_kind_dependencies": (
        "influences: {name}",
        "影响关系：{name}",
    ),
    "sens_kind_priorities": (
        "priorities: {name}",
        "优先级：{name}",
    ),
    "sens_name_domain": (
        "declared domains",
        "取值范围",
    ),
    "sens_name_vector": (
        "vector",
        "向量",
    ),
    "sens_name_minmax": (
        "min-max",
        "极差",
    ),
    "sens_name_max": (
        "max",
        "最大值",
    ),
    "sens_name_sum": (
        "sum",
        "总和",
    ),
    "sens_name_hierarchical": (
        "hierarchical",
        "分层",
    ),
    "sens_name_classic": (
        "classic",
        "经典",
    ),
    "sens_name_linear": (
        "linear",
        "线性",
    ),
    "sens_name_closure": (
        "passed on in full",
        "完全传递",
    ),
    "sens_name_saaty": (
        "one step (Saaty)",
        "传递一步（Saaty）",
    ),
    "sens_name_off": (
        "off",
        "不计",
    ),
    "sens_name_geometric_mean": (
        "geometric mean",
        "几何平均",
    ),
    "sens_name_eigenvector": (
        "eigenvector",
        "特征向量",
    ),
    "sens_ranker_wsm": (
        "weighted sum",
        "加权和",
    ),
    "sens_ranker_ahp_synthesis": (
        "AHP synthesis",
        "AHP 综合",
    ),
    "sens_reversals": (
        "If options come, go or get worse",
        "选项增加、减少或变差时",
    ),
    "sens_outcome": (
        "{test}: {outcome}",
        "{test}：{outcome}",
    ),
    "sens_passed": (
        "holds",
        "通过",
    ),
    "sens_failed": (
        "fails ({what})",
        "未通过（{what}）",
    ),
    "sens_worse_option": (
        "another option gets worse: the winner stays",
        "其他选项变差：胜者不变",
    ),
    "sens_transitivity": (
        "rankings of all pairs fit together",
        "各选项两两比较的排序相互一致",
    ),
    "sens_decomposition": (
        "they give the whole ranking",
        "两两比较能还原完整排序",
    ),
    "sens_removal": (
        "an option goes: the order of the others stays",
        "去掉一个选项：其余排序不变",
    ),
    "sens_addition": (
        "a worse option comes: the order of the others stays",
        "加入一个更差的选项：其余排序不变",
    ),
    "sens_no_single": (
        "There is no single winner whose lead could be lost: {verdict}",
        "没有单一的胜者，因而没有可失去的领先：{verdict}",
    ),
    "sens_bound": (
        "{count} options were left out: on every criterion {places} others at least are as good as each of them, or better, so that none overtakes these whatever the weights are. Ranks beyond the first {places}, and where the order stays, are those among the others.",
        "有 {count} 个选项未列入：对其中每一个，至少有 {places} 个其他选项在各准则上均不逊于它，因此无论权重如何，它们都不会超过这些选项。前 {places} 名之后的名次及“排序不变”的范围仅就其余选项而言。",
    ),
    "sens_bound_one": (
        "{count} options were left out: on every criterion another one is as good as each of them, or better, so that none wins whatever the weights are. Ranks beyond the first, and where the order stays, are those among the others.",
        "有 {count} 个选项未列入：对其中每一个，都有其他选项在各准则上均不逊于它，因此无论权重如何，它们都不会胜出。第一名之后的名次及“排序不变”的范围仅就其余选项而言。",
    ),
    "sens_no_rival": (
        "There is no rival to lose a lead to: {verdict}",
        "没有对手，因而谈不上失去领先：{verdict}",
    ),
    "sens_thresholds": ("What would make each other option win", "其他选项如何才能胜出"),
    "sens_threshold": ("{option}: {flips}", "{option}：{flips}"),
    "sens_no_threshold": ("no single change makes it win.", "任何单项变化都不能使其胜出。"),
    "why_threshold": (
        "What would make it win: {flip}",
        "使其胜出的最小变化：{flip}",
    ),
    "sens_unranked": ("cannot be tested with this normalisation", "此归一化方法下无法检验"),
    "sens_left_out": (
        "{share} of the samples were left out: no option would be eligible, or one could not be "
        "scored.",
        "已略去 {share} 的样本：其中没有合格选项，或有选项无法评分。",
    ),
}


def say(code: str, lang: Language, **values: Any) -> str:
    """The words for `code` in `lang`, with values put in."""
    return fill(WORDS, code, lang, values)
