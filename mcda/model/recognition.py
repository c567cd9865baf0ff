"""What a table holds besides options: totals, weights, units, comparisons, criteria in rows, ...

People put more into a table than a decision matrix. What would be ranked as an option, or weigh as
a criterion, without being one is recognised here by its name or by what its cells hold, with the
place and the evidence. Files, frames and the objects of other libraries all come here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from typing import Any, Literal, NamedTuple, get_args

from mcda.errors import InputError, short

__all__ = [
    "NOTHING_SAID",
    "UNNAMED",
    "Kind",
    "Recognised",
    "Role",
    "Rows",
    "Said",
    "Table",
    "check_rows",
    "counts_rows",
    "first_column",
    "number_in",
    "plain",
    "recognise",
    "row_kind",
    "unclear_names",
]

#: What a caller says of the rows: with "options" every row is one, whatever it looks like.
Rows = Literal["options"]

_EVERY_ROW = 'If every row is an option, say so: rows="options", on the command line --rows options'
_BY_NAME = "name the criteria in the weights or the directions"


class Kind(Enum):
    """What a row, a column or a table is, if it is no option, no criterion and no matrix."""

    TOTAL = "a total"
    STATISTIC = "an average or another statistic"
    WEIGHTS = "weights"
    DIRECTIONS = "directions"
    UNITS = "units"
    COUNTER = "row numbers or ids"
    #: The first column may name the options or be a criterion.
    UNCLEAR = "names or values"
    TRANSPOSED = "criteria in rows"
    COMPARISONS = "a comparison matrix"
    SURVEY = "a survey of judgements"


_REMEDIES = {
    Kind.TOTAL: f"Delete the row. {_EVERY_ROW}",
    Kind.STATISTIC: f"Delete the row. {_EVERY_ROW}",
    Kind.WEIGHTS: "Delete the row and give weights=..., on the command line --weights. "
    + _EVERY_ROW,
    Kind.DIRECTIONS: "Delete the row and give directions=..., on the command line --directions. "
    + _EVERY_ROW,
    Kind.UNITS: f"Delete the row, or put the units into the criteria's names. {_EVERY_ROW}",
    Kind.COUNTER: f"Delete the column, or {_BY_NAME}: only those named are used",
    Kind.UNCLEAR: f"To settle it, {_BY_NAME}: named there, the column is a criterion, else it "
    "names the options",
    Kind.TRANSPOSED: "Turn the table: options in rows, criteria in columns; weights and directions "
    f"are given apart. {_EVERY_ROW}",
    Kind.COMPARISONS: "Criteria compared in pairs go under judgements: in a scenario, or into "
    f"mcda.ahp(...). {_EVERY_ROW}",
    Kind.SURVEY: "Give each respondent's judgements under judges: in a scenario, or to "
    f"mcda.ahp(...). {_EVERY_ROW}",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """Something in a table that is no option and no criterion.

    Attributes
    ----------
    kind
    evidence
        What shows it.
    row, column
        Where, from 0: a row below the header, or a column as the table has it; both ``None`` if it
        is the whole table.
    name
        Of the row or the column.
    """

    kind: Kind
    evidence: str
    row: int | None = None
    column: int | None = None
    name: str = ""

    @property
    def what(self) -> str:
        """What is wrong, as messages say it."""
        if self.kind is Kind.UNCLEAR:
            return f"the column {short(self.name)} may name the options or be a criterion: " + (
                self.evidence
            )
        if self.row is not None:
            named = f"the row {short(self.name)}" if self.name else "the row"
        else:
            named = "the table" if self.column is None else f"the column {short(self.name)}"
        return f"{named} looks like {self.kind.value}: {self.evidence}"

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return _REMEDIES[self.kind]


class Said(NamedTuple):
    """What was said about the criteria beside the table.

    Attributes
    ----------
    labels
        The criteria that weights, directions or domains name.
    counted
        How many criteria a plain list of them counts.
    chosen
        The columns that were chosen as criteria.
    """

    labels: frozenset[str] = frozenset()
    counted: int | None = None
    chosen: tuple[str, ...] | None = None

    def names(self, criterion: str) -> bool:
        """Whether a column was named as a criterion."""
        return criterion in self.labels or criterion in (self.chosen or ())


#: Where nothing was said about criteria.
NOTHING_SAID = Said()


class Table(NamedTuple):
    """A table as options in rows would have it.

    Attributes
    ----------
    columns, rows
        Names of criteria and of options; blank where there are none.
    cell
        What stands in a row and a column, from 0: a number, a text or ``None``.
    corner
        The name of the column of names.
    """

    columns: Sequence[str]
    rows: Sequence[str]
    cell: Callable[[int, int], Any]
    corner: str = ""


class Role(Enum):
    """What a first column of numbers is."""

    NAMES = "names"
    CRITERION = "criterion"
    UNCLEAR = "unclear"


_TOTAL = re.compile(
    r"((grand|overall|sub)[ -]?)?totals?( (score|points|value))?s?|sum( total)?|sums"
    r"|[总合小累共]计|总和|求和|加总|汇总|总分|总得分|合计值"
    r"|tot|(gesamt)?summe|(ins)?gesamt|somme|total général|total general|totales|sumas?|soma|totale"
    r"|totaal|итого|всего|сумма|[総合小]計|합계|총계|toplam|razem|łącznie"
)
_STATISTIC = re.compile(
    r"((overall|weighted|column|arithmetic|group)[ -])?(averages?|avg|means?|medians?)"
    r"( (score|points|value))?s?|st(andar)?d\.?[ -]?dev(iation)?|stdev|variance"
    r"|(加权|总|算术)?平均(值|数|分|分数|得分)?|均值|中位数|中值|标准差|方差"
    r"|durchschnitt|mittel(wert)?|moyenne|promedio|m[eé]dia|gemiddelde|среднее|平均値|평균|średnia"
)
#: Ordinary names, too: these rows hold a statistic only if the cells say so.
_EXTREME = {
    **dict.fromkeys(("min", "minimum", "lowest", "最小值", "最低", "最小"), min),
    **dict.fromkeys(("max", "maximum", "highest", "最大值", "最高", "最大"), max),
}
_WEIGHTS = re.compile(
    r"((criteri(a|on)|relative|global|local|normali[sz]ed)[ -])?(weight(ing|age)?s?|importances?)"
    r"|(准则|指标|相对|归一化)?(权重|权值|权数|权系数)(值|系数)?"
    r"|(相对)?重要(性|程度|度)"
    r"|wts?|gewicht(e|ung|ungen)?|poids|pond[eé]rations?|ponderaci[oó]n(es)?|pes[oi]s?|gewichten"
    r"|веса?|重み|가중치|ağırlık|wag[ai]"
)
_DIRECTIONS = re.compile(
    r"((criteri(a|on)|attribute|optimi[sz]ation)[ -]?)?(types?|directions?|objectives?)"
    r"|optimi[sz]ation|(benefit|max|min|cost)/(benefit|max|min|cost)|\+/-"
    r"|(指标|准则|属性|优化|目标)?(类型|方向|极性|性质|类别|属性)"
    r"|dirs?|richtung(en)?|direcci[oó]n|direção"
)
_UNITS = re.compile(
    r"(measurement )?units?( of measure(ment)?)?|uom|(计量|度量|测量)?单位|量纲"
    r"|einheit(en)?|unités?|unidad(es)?|unidades?|unità|eenheid|единицы?|単位|단위"
)
_NAMED = (
    (Kind.TOTAL, _TOTAL),
    (Kind.STATISTIC, _STATISTIC),
    (Kind.WEIGHTS, _WEIGHTS),
    (Kind.DIRECTIONS, _DIRECTIONS),
    (Kind.UNITS, _UNITS),
)
_BETTER = re.compile(
    r"((the )?(higher|lower|more|less|larger|smaller|bigger|greater)( (is|the))?( better)?)"
    r"|max(imi[sz]e|imum|imi[sz]ation|imi[sz]ing)?|min(imi[sz]e|imum|imi[sz]ation|imi[sz]ing)?"
    r"|benefits?|costs?|(non[- ]?)?beneficial|profit|[-+↑↓−]"
    r"|(效益|成本|收益|利润)(型|类|型指标|指标)?|[正负逆][向]?(指标)?|越[大小高低多少]越好"
    r"|极[大小]型?|最[大小]化|[高低]优(指标)?"
)
_CRITERION = re.compile(
    r"(evaluation |decision )?(criteri(a|on|ons)|attributes?|factors?|indicators?)"
    r"|(评价|评估|决策)?(准则|指标|属性|因素|标准)"
    r"|kriteri(um|en)|critères?|criterios?|critérios?|criteri[oa]"
)
_PAIR = re.compile(r"(.+?) ?(?:\bvs\b\.?|\bversus\b|相对于|(?<= )对(?= )) ?(.+)", re.IGNORECASE)
#: Columns that number the rows, whatever the numbers are.
_IDS = re.compile(
    r"|#|no|nr|nº|№|s/?n|s\.?no|(row|sr|serial|item|part|order)[ ._-]?(id|no|nr|number|num|#)"
    r"|ids?|(.+[ _-])ids?|uuid|sku|ean|isbn|unnamed: ?[0-9]+|column_0|_duplicated_[0-9]+"
    r"|(customer|employee|item|option|order|product|project|student|supplier|user|vendor)id"
    r"|序号|编号|号码|行号|代号|代码|.+(编号|代码|序号)|.*[\u4e00-\u9fff]id"
)
#: The same, if they count: 1, 2, 3, ...
_COUNTS = re.compile(r"num(ber)?|index|idx|rows?|code|key|ref(erence)?|rank(ing)?|order|排名|名次")
#: Years and the like name options where they are in the first column.
_TIMES = re.compile(r"years?|dates?|months?|quarters?|versions?|年份?|年度|月份?|日期|季度|版本")
#: What options are: a column of numbers that is named so has their numbers if these count.
_OPTIONS = re.compile(
    r"(names?|options?|alternatives?|suppliers?|vendors?|candidates?|products?|items?|compan(y|ies)"
    r"|firms?|brands?|projects?|sites?|plants?|locations?|phones?|laptops?|cars?|machines?|models?"
    r"|cit(y|ies)|countr(y|ies)|students?|persons?|employees?|customers?|providers?|scenarios?)"
    r"|方案|选项|备选(方案|项)?|供应商|候选(人|方案|项)?|产品|名称|项目|公司|企业|城市|地点|型号|姓名"
)
#: Numbers from here on are codes rather than scores, where a column is named after the options.
_CODES = 1000
#: How far a_ij * a_ji may be from 1 where people round (0.1 for 1/9).
_ROUNDED = 0.12
#: Weights add up to one of these, so nearly.
_SUMS, _NEARLY = (1.0, 100.0), 0.005
#: Fewer comparisons may look reciprocal by chance.
_ENOUGH = 3
#: So stand options in for names that they have not.
UNNAMED = "option {}"


def check_rows(rows: object) -> None:
    """Refuse what cannot be said of rows.

    Raises
    ------
    InputError
        Naming what can.
    """
    if rows is not None and not (isinstance(rows, str) and rows in get_args(Rows)):
        raise InputError(f"rows={short(rows)} is not known", 'Leave it out, or give "options"')


def plain(name: str) -> str:
    """A name without case, marks at its ends and what stands in brackets behind it.

    Examples
    --------
    >>> plain(" Total (EUR): ")
    'total'
    """
    text = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    if text == "+/-":
        return text
    text = re.sub(r"(?<=[\u3040-\u9fff]) (?=[\u3040-\u9fff])", "", text.strip(" .:;*="))
    return re.sub(r"(?<=\S)\s*[(\[][^()\[\]]*[)\]]$", "", text).strip(" .:;*=")


def number_in(cell: Any) -> float | None:
    """The number that a cell holds, be it as text or in percent; ``None`` if it holds none."""
    if isinstance(cell, str):
        try:
            cell = float(cell.strip().removesuffix("%"))
        except ValueError:
            return None
    if cell is None or isinstance(cell, bool):
        return None
    try:
        value = float(cell)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if value - value == 0.0 else None


def row_kind(name: str) -> Kind | None:
    """What a row is by its name alone; ``None`` if the name says nothing.

    Only whole names count: ``Total Energies`` and ``Type-R`` are names as others.

    Examples
    --------
    >>> row_kind("Grand total"), row_kind("合计"), row_kind("Total Energies")
    (<Kind.TOTAL: 'a total'>, <Kind.TOTAL: 'a total'>, None)
    """
    word = plain(name)
    return next((kind for kind, pattern in _NAMED if pattern.fullmatch(word)), None)


def first_column(header: str, numbers: Sequence[float], said: Said, width: int) -> Role:
    """What a first column is that holds only numbers, where no other column has words.

    Parameters
    ----------
    header
        Its name.
    numbers
        What it holds.
    said
        What was said about the criteria: it comes first.
    width
        How many columns there are, this one included.
    """
    if said.names(header):
        return Role.CRITERION
    if said.chosen is None and said.labels:
        return Role.NAMES
    if said.chosen is None and said.counted in (width, width - 1):
        return Role.CRITERION if said.counted == width else Role.NAMES
    word = plain(header)
    whole = _distinct(numbers)
    if _IDS.fullmatch(word) or _TIMES.fullmatch(word):
        return Role.NAMES
    if whole and _COUNTS.fullmatch(word) and _in_order(numbers):
        return Role.NAMES
    if whole and _OPTIONS.fullmatch(word) and (_in_order(numbers) or min(numbers) >= _CODES):
        return Role.NAMES
    return Role.UNCLEAR if whole and said.chosen is None else Role.CRITERION


def unclear_names(header: str) -> Recognised:
    """That a first column may name the options or be a criterion."""
    return Recognised(Kind.UNCLEAR, "it holds whole numbers, each once", column=0, name=header)


def counts_rows(header: str, numbers: Sequence[float], *, first: bool) -> str:
    """What shows that a column of numbers holds ids or row numbers; blank if nothing does.

    A column of years or of any numbers is none because of its numbers: its name must say so. The
    `first` column may lack a name.
    """
    word = plain(header)
    if len(numbers) < 2 or not _distinct(numbers) or not (word or first):
        return ""
    if _IDS.fullmatch(word):
        return "its name says so, and each number stands there once"
    if _COUNTS.fullmatch(word) and _in_order(numbers):
        return "its name says so, and it counts"
    return ""


def recognise(table: Table, said: Said = NOTHING_SAID) -> tuple[Recognised, ...]:
    """What is no option in a table, or that it is no decision matrix at all.

    Parameters
    ----------
    table
        As options in rows would have it.
    said
        What was said about the criteria.

    Returns
    -------
    tuple of Recognised
        The whole table alone, or rows from above.
    """
    whole = _comparisons(table) or _survey(table) or _transposed(table, said)
    return (whole,) if whole else tuple(_rows(table))


def _distinct(numbers: Sequence[float]) -> bool:
    """Whether numbers are whole and each is there once."""
    return len(set(numbers)) == len(numbers) and all(each == int(each) for each in numbers)


def _in_order(numbers: Sequence[float]) -> bool:
    """Whether numbers count from 0 or 1."""
    first = numbers[0] if numbers else 0
    return first in (0, 1) and list(numbers) == [first + i for i in range(len(numbers))]


def _direction(cell: Any) -> bool:
    return isinstance(cell, str) and bool(_BETTER.fullmatch(plain(cell) or cell.strip()))


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _rows(table: Table) -> Iterator[Recognised]:
    """Rows that are no options."""
    width, last = len(table.columns), len(table.rows) - 1
    named = {row: kind for row, name in enumerate(table.rows) if (kind := row_kind(name))}
    computed = _computed(table, set(named))
    for row, name in enumerate(table.rows):
        word = plain(name)
        if row in named:
            yield Recognised(named[row], "it is named so", row, name=name)
        elif row in computed:
            way = "sum" if computed[row] is Kind.TOTAL else "mean"
            evidence = f"it holds the {way} of the rows above in every column"
            yield Recognised(computed[row], evidence, row, name=name)
        elif word in _EXTREME and _is_extreme(table, row, _EXTREME[word]):
            evidence = f"it holds each column's {_EXTREME[word].__name__}imum"
            yield Recognised(Kind.STATISTIC, evidence, row, name=name)
        elif width and _words_only(table, row, _direction):
            yield Recognised(Kind.DIRECTIONS, "it holds nothing else", row, name=name)
        elif row in (0, last) and _is_signs(table, row):
            evidence = "it holds 1 and -1, no other row a negative number"
            yield Recognised(Kind.DIRECTIONS, evidence, row, name=name)
        elif row in (0, last) and _is_shares(table, row):
            evidence = "it adds up to 1, all cells of other rows are 1 or more"
            yield Recognised(Kind.WEIGHTS, evidence, row, name=name)
        elif row == 0 and last and _is_units(table):
            evidence = "it holds text where the other rows hold numbers"
            yield Recognised(Kind.UNITS, evidence, row, name=name)


def _words_only(table: Table, row: int, fits: Callable[[Any], bool]) -> bool:
    """Whether a row has cells that fit, and else blank ones."""
    some = False
    for column in range(len(table.columns)):
        cell = table.cell(row, column)
        if fits(cell):
            some = True
        elif not _blank(cell):
            return False
    return some


def _is_extreme(table: Table, row: int, extreme: Callable[[Iterable[float]], float]) -> bool:
    if len(table.rows) <= _ENOUGH:
        return False
    for column in range(len(table.columns)):
        numbers = _numbers(table, column, without=row)
        if not numbers or number_in(table.cell(row, column)) != extreme(numbers):
            return False
    return bool(table.columns)


def _numbers(table: Table, column: int, without: int = -1) -> list[float]:
    """The numbers of a column; none if a cell holds something else."""
    found = []
    for row in range(len(table.rows)):
        if row != without:
            number = number_in(table.cell(row, column))
            if number is None:
                return []
            found.append(number)
    return found


def _is_signs(table: Table, row: int) -> bool:
    """Whether a row holds 1 and -1 where no other row holds anything like it."""
    width, height = len(table.columns), len(table.rows)
    signs = [number_in(table.cell(row, column)) for column in range(width)]
    if min(width, height) < _ENOUGH or not set(signs) <= {1.0, -1.0} or -1.0 not in signs:
        return False
    others = [
        number_in(table.cell(other, column))
        for other in range(height)
        if other != row
        for column in range(width)
    ]
    return all(each is not None and each >= 0.0 for each in others)


def _is_shares(table: Table, row: int) -> bool:
    """Whether a row holds shares of one where all other rows hold larger numbers."""
    width, height = len(table.columns), len(table.rows)
    shares = [number_in(table.cell(row, column)) for column in range(width)]
    if width < 2 or height <= 2 or not all(each and 0.0 < each < 1.0 for each in shares):
        return False
    if abs(sum(filter(None, shares)) - 1.0) > _NEARLY:
        return False
    others = (_numbers(table, column, without=row) for column in range(width))
    return all(numbers and min(numbers) >= 1.0 for numbers in others)


def _computed(table: Table, named: set[int]) -> dict[int, Kind]:
    """Rows that a spreadsheet has computed, whatever they are called in whatever language."""
    found: dict[int, Kind] = {}
    while True:
        rows = [row for row in range(len(table.rows)) if row not in named and row not in found]
        more = _first_computed(table, rows)
        if more is None:
            return found
        found[more[0]] = more[1]


def _first_computed(table: Table, rows: Sequence[int]) -> tuple[int, Kind] | None:
    """The first of some rows that is the sum or the mean of those above it."""
    seen = {
        (place, kind): 0
        for place in range(_ENOUGH, len(rows))
        for kind in (Kind.TOTAL, Kind.STATISTIC)
    }
    for column in range(len(table.columns)):
        if not seen:  # most columns need not be looked at
            return None
        numbers = [number_in(table.cell(row, column)) or 0.0 for row in rows]
        sums = list(accumulate(numbers, initial=0.0))
        for place, kind in list(seen):
            right = sums[place] / (1 if kind is Kind.TOTAL else place)
            if abs(numbers[place] - right) > _rounding(numbers[place], kind):
                del seen[place, kind]
                continue
            above = numbers[:place]
            # one number and zeros add up to it, and equal numbers are their mean, in any table
            telling = kind is Kind.TOTAL and len(above) - above.count(0.0) > 1
            seen[place, kind] += telling or (kind is Kind.STATISTIC and min(above) < max(above))
    least = {Kind.TOTAL: 2, Kind.STATISTIC: _ENOUGH}
    return next(((rows[at], kind) for (at, kind), n in seen.items() if n >= least[kind]), None)


def _rounding(number: float, kind: Kind) -> float:
    """How far a sum or a mean that people write may be from the exact one."""
    exact = 1e-7 * abs(number)
    if kind is Kind.TOTAL or number.is_integer() or "e" in repr(number):
        return exact
    return max(exact, 0.500001 * 10.0 ** -len(repr(number).partition(".")[2]))


def _is_units(table: Table) -> bool:
    """Whether the first row holds text where all others hold numbers."""

    def is_word(cell: Any) -> bool:
        return isinstance(cell, str) and bool(cell.strip()) and number_in(cell) is None

    if not _words_only(table, 0, is_word):
        return False
    said = [column for column in range(len(table.columns)) if is_word(table.cell(0, column))]
    return all(_numbers(table, column, without=0) for column in said)


def _ratio(cell: Any) -> float | None:
    from mcda.model.values import parse_ratio  # and with it pydantic, which most tables do not need

    try:
        return parse_ratio(cell)
    except ValueError:
        return None


def _comparisons(table: Table) -> Recognised | None:
    """A square of reciprocal judgements."""
    size = len(table.rows)
    if size < 2 or size != len(table.columns):
        return None
    named = [plain(name) for name in table.rows]
    place = {plain(name): column for column, name in enumerate(table.columns)}
    same = set(named) == set(place) and len(place) == size and "" not in place

    def empty(cell: Any) -> bool:
        return _blank(cell) or (same and number_in(cell) == 0.0)

    order = [place[name] for name in named] if same else list(range(size))
    pairs = 0
    unequal = False
    for i in range(size):
        own = table.cell(i, order[i])
        if not (empty(own) and same) and _ratio(own) != 1.0:
            return None
        for j in range(i + 1, size):
            cells = table.cell(i, order[j]), table.cell(j, order[i])
            ratios = [_ratio(cell) for cell in cells]
            if any(
                ratio is None and not empty(cell) for ratio, cell in zip(ratios, cells, strict=True)
            ):
                return None
            one, other = ratios
            if one is not None and other is not None:
                if abs(one * other - 1) > _ROUNDED:
                    return None
                pairs += 1
                unequal = unequal or one != 1.0
            elif not same:
                return None
    if same:
        evidence = "rows and columns have the same names, and opposite cells are reciprocal"
        return Recognised(Kind.COMPARISONS, evidence)
    if pairs >= _ENOUGH and unequal:
        return Recognised(Kind.COMPARISONS, "opposite cells are reciprocal, with 1 between them")
    return None


def _survey(table: Table) -> Recognised | None:
    """A column for each pair of criteria, a row for each respondent."""
    names = [" ".join(name.split()) for name in table.columns]
    pairs = [match.groups() for name in names if (match := _PAIR.fullmatch(name))]
    compared = {plain(name) for pair in pairs for name in pair}
    enough = len(pairs) > 1 and 2 * len(pairs) > len(table.columns)
    if not enough or len(compared) == 2 * len(pairs):
        return None
    evidence = f"its columns compare {len(compared)} things in pairs"
    return Recognised(Kind.SURVEY, evidence)


def _transposed(table: Table, said: Said) -> Recognised | None:
    """Criteria in rows, options in columns."""
    columns, rows = set(table.columns), set(table.rows)
    if said.labels and not said.labels & columns and said.labels <= rows:
        return Recognised(Kind.TRANSPOSED, "the criteria named beside it are its rows")
    if said.labels and said.labels <= columns:
        return None
    for number, name in enumerate(table.columns):
        kind = row_kind(name)
        if kind is Kind.DIRECTIONS and all(
            _direction(table.cell(row, number)) for row in range(len(table.rows))
        ):
            return Recognised(Kind.TRANSPOSED, f"the column {short(name)} gives directions")
        if kind is Kind.WEIGHTS and len(table.columns) > 1 and _add_up(table, number):
            return Recognised(Kind.TRANSPOSED, f"the column {short(name)} gives weights")
    if _CRITERION.fullmatch(plain(table.corner)):
        return Recognised(Kind.TRANSPOSED, f"the first column is headed {short(table.corner)}")
    return None


def _add_up(table: Table, column: int) -> bool:
    """Whether a column holds shares of one, or percents of a hundred."""
    shares = [
        number_in(table.cell(row, column))
        for row, name in enumerate(table.rows)
        if row_kind(name) is not Kind.TOTAL
    ]
    numbers = [each for each in shares if each is not None and each >= 0.0]
    if len(numbers) < len(shares) or len(numbers) < 2:
        return False
    return any(abs(sum(numbers) - total) <= _NEARLY * total for total in _SUMS)
