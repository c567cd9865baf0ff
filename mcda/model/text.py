"""Names and texts as models have them, and sentences that go with results."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from mcda.model import shape
from mcda.model.language import LANGUAGES, Language, check_name, check_text, fill

__all__ = [
    "Identifier",
    "Name",
    "Notice",
    "Several",
    "Strict",
    "Text",
]


class Strict(BaseModel):
    """Base of every model: frozen, no unknown keys, no coercion, no NaN or infinity."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
        defer_build=True,  # most processes need few of the models
    )


def check_identifier(name: str) -> str:
    """A name that formulas say as it is, as those of measures and parts are."""
    name = check_name(name)
    if not name.isidentifier() or name in _RESERVED_WORDS:
        raise ValueError(
            f"{name!r} is no name for a measure or a part; use letters, digits and underscores, "
            "no digit first, and none of the words " + ", ".join(sorted(_RESERVED_WORDS))
        )
    return name


_RESERVED_WORDS = frozenset({"and", "or", "not", "if", "else", "in", "True", "False", "None"})

Name = Annotated[str, AfterValidator(lru_cache(2**12)(check_name)), shape.NAME]
Identifier = Annotated[str, AfterValidator(check_identifier), shape.IDENTIFIER]
Prose = Annotated[str, AfterValidator(check_text), shape.PROSE]


def _some_language(schema: dict[str, Any]) -> None:
    said = [shape.given(lang, {"type": "string", "minLength": 1}) for lang in LANGUAGES]
    shape.or_text(least=1)(schema)
    schema["if"] = {"type": "object"}
    schema["then"] = {"anyOf": said}


class Text(Strict):
    """A text for readers, in English, Chinese, or both.

    A plain string stands for both languages.

    Examples
    --------
    >>> Text.model_validate("Budget").say("zh")
    'Budget'
    >>> Text(en="Budget", zh="预算规模").say("zh")
    '预算规模'
    """

    model_config = ConfigDict(json_schema_extra=_some_language)

    en: Prose | None = None
    zh: Prose | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, given: Any) -> Any:
        return {"en": given, "zh": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not (self.en or self.zh):
            raise ValueError("a text needs at least one of en and zh")
        return self

    def say(self, lang: Language = "en") -> str:
        """The text in `lang`, else in the other language."""
        first, second = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return first or second or ""


class Notice:
    """Something the reader of a result must know: a code, and values for its sentence.

    ``str(notice)`` is the English sentence, ``notice.say("zh")`` the Chinese one. A value may be a
    notice itself; one called ``judge`` says whose judgements the sentence is about.
    """

    __slots__ = ("code", "values")

    def __init__(self, code: str, **values: Any) -> None:
        if code not in NOTICES:
            raise KeyError(code)
        self.code = code
        self.values = values

    def titled(self, titles: Mapping[str, Text]) -> Notice:
        """The notice with titles instead of the ids that it names."""

        def spoken(value: Any) -> Any:
            if isinstance(value, str):
                return titles.get(value, value)
            if isinstance(value, Notice | Several):
                return value.titled(titles)
            return tuple(map(spoken, value)) if isinstance(value, tuple) else value

        values = {
            key: value if key == "judge" else spoken(value) for key, value in self.values.items()
        }
        return Notice(self.code, **values)

    def of_judge(self, judge: str) -> Notice:
        """The same about one judge's own judgements."""
        return Notice(self.code, **self.values, judge=judge)

    def say(self, lang: Language = "en") -> str:
        """The sentence in `lang`."""
        said = fill(NOTICES, self.code, lang, self.values)
        if "judge" not in self.values:
            return said
        return fill(_OF_JUDGE, "judge", lang, {"judge": self.values["judge"], "said": said})

    def __str__(self) -> str:
        return self.say("en")

    def __repr__(self) -> str:
        return f"<Notice {self.code}: {self}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Notice) and (self.code, self.values) == (other.code, other.values)

    def __hash__(self) -> int:
        return hash(self.code)


class Several(tuple[Notice, ...]):
    """Notices that one sentence lists as alternatives."""

    __slots__ = ()

    def titled(self, titles: Mapping[str, Text]) -> Several:
        """The same with titles instead of the ids that they name."""
        return Several(each.titled(titles) for each in self)

    def say(self, lang: Language = "en") -> str:
        """All in `lang`, the last one after "or"."""
        *before, last = (each.say(lang) for each in self)
        comma, either = (", ", " or ") if lang == "en" else ("、", "或")
        return f"{comma.join(before)}{either}{last}" if before else last


_OF_JUDGE = {"judge": ("Judge {judge}: {said}", "评判者 {judge}：{said}")}
#: Every notice of an evaluation, in English and Chinese.
NOTICES: dict[str, tuple[str, str]] = {
    "inconsistent": (
        "The judgements under {node} contradict each other: consistency ratio {ratio:.3f}, above "
        "{limit:g}. {advice}",
        "“{node}”下的判断相互矛盾：一致性比率为 {ratio:.3f}，高于 {limit:g}。{advice}",
    ),
    "reconsider_first": (
        "Reconsider {first} vs {second} first: it says {given:.3g}, {repaired:.3g} would agree "
        "best with the other judgements.",
        "请先复核“{first} 对 {second}”：现为 {given:.3g}，改为 {repaired:.3g} 与其他判断最为一致。",
    ),
    "reconsider_any": (
        "Reconsider the least certain of these first (in brackets what would agree best with the "
        "other judgements): {repairs}.",
        "请先复核其中最没有把握的一项（括号内为与其他判断最为一致的数值）：{repairs}。",
    ),
    "repair": (
        "{first} vs {second} = {given:.3g} ({repaired:.3g})",
        "“{first} 对 {second}”= {given:.3g}（{repaired:.3g}）",
    ),
    "reconsider_products": ("Reconsider first {products}.", "请先复核{products}。"),
    "product": (
        "{best} vs {middle} = {one:.3g} and {middle} vs {worst} = {other:.3g}, which make "
        "{best} vs {worst} {product:.3g} where {given:.3g} was judged",
        "“{best} 对 {middle}”= {one:.3g} 与“{middle} 对 {worst}”= {other:.3g}"
        "（由此推得“{best} 对 {worst}”为 {product:.3g}，而给定值为 {given:.3g}）",
    ),
    "above_best_to_worst": (
        "{first} vs {second} = {given:.3g} is above {best} vs {worst} = {most:.3g}, though "
        "{best} is said to be the most important and {worst} the least.",
        "“{first} 对 {second}”= {given:.3g} 高于“{best} 对 {worst}”= {most:.3g}，"
        "而 {best} 已指定为最重要、{worst} 为最不重要的准则。",
    ),
    "judge_incomplete": (
        "Alone gives no answer: the comparisons under {node} fall into separate groups, {groups}. "
        "Add {pairs} ({place}).",
        "单独无法得出结果：“{node}”下的比较分成互不相连的几组：{groups}。"
        "请补充 {pairs}（{place}）。",
    ),
    "circle": (
        "They go round in a circle: {circle}.",
        "判断出现循环：{circle}。",
    ),
    "incomplete": (
        "{missing} of {total} comparisons under {node} are missing. {first} vs {second} would tell "
        "most.",
        "{node} 下的 {total} 个两两比较中缺少 {missing} 个；最有助益的是“{first} 对 {second}”。",
    ),
    "unchecked": (
        "Nothing cross-checks {first} vs {second}.",
        "“{first} 对 {second}”没有其他判断可供印证。",
    ),
    "beyond_scale": (
        "The judgement {first} vs {second} = {given:.3g} lies beyond Saaty's scale of 1/9 to 9.",
        "判断“{first} 对 {second}”= {given:.3g}，超出 Saaty 的 1/9 至 9 标度。",
    ),
    "reciprocal": (
        "The judgements {first} vs {second} and {second} vs {first} are not exact reciprocals "
        "({given:.6g} and {other:.6g}); {given:.6g} is used.",
        "判断“{first} 对 {second}”与“{second} 对 {first}”并非严格互为倒数"
        "（{given:.6g} 与 {other:.6g}）；采用 {given:.6g}。",
    ),
    "no_domain": (
        "No criterion declares a domain, so scores depend on which options are compared "
        "({normalization} normalisation): adding or removing an option may change the order.",
        "没有准则声明取值范围，得分取决于参与比较的选项（{normalization}归一化）："
        "增加或删除选项可能改变排序。",
    ),
    "domain_unused": (
        "The declared domains are not used ({normalization} normalisation): scores depend on which "
        "options are compared, and adding or removing one may change the order.",
        "未使用已声明的取值范围（{normalization}归一化）：得分取决于参与比较的选项，"
        "增加或删除选项可能改变排序。",
    ),
    "doubled": (
        "The influence of {source} on {target} may count twice: {target} is already measured from "
        "what {source} is measured from ({names}).",
        "{source} 对 {target} 的影响可能被重复计算：{target} 的度量公式已经用到 {source} "
        "的度量依据（{names}）。",
    ),
    "stale": (
        "Facts of {option} are older than they may be on the decision date {decided}: {facts}.",
        "{option} 的以下事实在决策日 {decided} 已过时：{facts}。",
    ),
    "stale_all": (
        "All {count} facts of {option} are as of {day}, older than they may be on the decision "
        "date {decided} (limit {limit}).",
        "{option} 的全部 {count} 项事实（{day}）在决策日 {decided} 已过时（时限 {limit}）。",
    ),
    "hindsight": (
        "Facts of {option} are later than the decision date {decided}: {facts}.",
        "{option} 的以下事实晚于决策日 {decided}：{facts}。",
    ),
    "hindsight_all": (
        "All {count} facts of {option} are as of {day}, later than the decision date {decided}.",
        "{option} 的全部 {count} 项事实（{day}）晚于决策日 {decided}。",
    ),
    "constant": (
        "All eligible options are equal on {criterion}: it has no influence on the ranking.",
        "所有合格选项在 {criterion} 上取值相同：对排序没有影响。",
    ),
}
