"""Documents that the reader, the schemas and an editor must agree about."""

from __future__ import annotations

SCENARIO = """\
format: mcda/scenario/1
id: laptop
title:
  en: A laptop
  zh: 笔记本
source:
  document: notes.txt
  phrases: [light, cheap]
decision_date: 2026-11-21
criteria:
  price:
    direction: cost
    unit: EUR
    domain: [500, 2500]
  comfort:
    children:
      screen:
        direction: benefit
        levels: {poor: 0, good: 0.5, superb: 1}
      battery:
        direction: Max
        domain: [4, 20]
options:
  a:
    title: The cheap one
    price: 900
    screen: good
    battery: {value: 9, low: 8, high: 10, unit: null, source: test, as_of: 2026-01-31}
  b:
    price: 1500
    screen: superb
    battery: 16
influences:
  - from: price
    to: screen
    share: 0.1
    because: Money buys pixels.
weights:
  judgements:
    goal: {comfort vs price: 2}
    comfort: {battery vs screen: 1/3}
method:
  normalization: domain
  weighting: hierarchical
constraints:
  affordable:
    rule: price < 2000
    because: {en: Too dear., zh: 太贵。}
expected:
  recommended: b
  excluded: []
  verdict: [clear, close, contested]
"""

MODELLED = """\
format: mcda/scenario/1
id: modelled
criteria: ai-sourcing
facts: article-world
profile:
  team: 3
  egress_forbidden: false
  latency_limit: null
options:
  open:
    from: flan-t5-small
    facts:
      latency_p95: {value: 20, unit: ms}
  api: {from: gpt-4, title: {zh: 接口}}
  both: {from: hybrid, parts: {own: open, bought: api}}
weights:
  judges:
    first:
      importance: 2
      judgements: {goal: {budget vs performance: "3"}}
    second:
      judgements: {goal: {budget vs performance: 1 / 3}}
  aggregation: priorities
constraints:
  - {id: fast, rule: latency_p95 < 100, because: It must be quick.}
expected:
  excluded: {api: fast, both: fast}
  verdict: no_contest
"""

CRITERIA = """\
format: mcda/criteria/1
id: cars
profile:
  distance:
    title: {en: Distance}
    unit: km
    domain: [0, null]
    default: 20
  taste:
    type: choice
    values: [bold, plain]
  nerve:
    levels: [none, some, all of it]
facts:
  price: {unit: EUR, domain: [0, null], combine: sum}
  noise: {levels: {low: 1, high: 3}}
  legal: {type: boolean, combine: all}
parts:
  trailer: {title: {en: Trailer, zh: 拖车}}
measures:
  cost: price + distance * 2
  peace: {formula: 4 - noise, because: Noise disturbs.}
criteria:
  money: {measure: cost, direction: min, domain: [0, 90000]}
  quiet: {measure: peace, direction: 1, domain: [0, 4]}
judgements:
  goal: {money vs quiet: 2}
influences:
  - {from: money, to: quiet, share: 0.2, source: a study}
gates:
  legal_here: {rule: legal, because: The law.}
"""

FACTS = """\
format: mcda/facts/1
id: claims
criteria: ai-sourcing
options:
  x:
    title: The one
    source: a page
    as_of: 2026-02-28
    facts:
      team_demand: {value: 2, low: 1, high: 3}
      can_do_task: true
      task_quality: null
"""

#: Further documents that are fine: what to replace, and with what.
GOOD: dict[str, tuple[str, str, str]] = {
    "scenario as it is": (SCENARIO, "", ""),
    "modelled as it is": (MODELLED, "", ""),
    "criteria as they are": (CRITERIA, "", ""),
    "facts as they are": (FACTS, "", ""),
    "source as text": (SCENARIO, "  document: notes.txt\n  phrases: [light, cheap]", "  notes.txt"),
    "empty keys": (SCENARIO, "id: laptop", "id: laptop\ndescription:\nfacts:"),
    "direction in capitals": (SCENARIO, "direction: cost", "direction: COST"),
    "direction as a number": (SCENARIO, "direction: cost", "direction: -1.0"),
    "direction as a quoted number": (SCENARIO, "direction: cost", 'direction: " -1 "'),
    "judgement as a decimal": (SCENARIO, "1/3", "0.333"),
    "judgement as a fraction of decimals": (SCENARIO, "1/3", "'1.5e0 / .5'"),
    "one verdict": (SCENARIO, "[clear, close, contested]", "clear"),
    "nothing recommended": (
        SCENARIO,
        "  recommended: b\n  excluded: []\n  verdict: [clear, close, contested]",
        "  {}",
    ),
    "weights by order": (
        SCENARIO,
        "  judgements:\n    goal: {comfort vs price: 2}\n    comfort: {battery vs screen: 1/3}",
        "  ranking:\n    goal: [comfort, price]\n    comfort: [[battery, screen]]",
    ),
    "weights by points": (
        SCENARIO,
        "  judgements:\n    goal: {comfort vs price: 2}\n    comfort: {battery vs screen: 1/3}",
        "  points:\n    goal: {comfort: 100, price: 0}\n    comfort: {battery: 100, screen: 50}",
    ),
    "weights by best and worst": (
        SCENARIO,
        "  judgements:\n    goal: {comfort vs price: 2}\n    comfort: {battery vs screen: 1/3}",
        "  best_worst:\n"
        "    goal: {best: price, worst: comfort, best_to_others: {comfort: 2}, others_to_worst: {price: 2}}\n"
        "    comfort: {best: screen, worst: battery, best_to_others: {battery: 3/2}, others_to_worst: {screen: 2}}",
    ),
    "weights from the values": (
        SCENARIO,
        "  judgements:\n    goal: {comfort vs price: 2}\n    comfort: {battery vs screen: 1/3}",
        "  objective: entropy",
    ),
    "no judgements": (MODELLED, "aggregation: priorities", "aggregation: judgements"),
    "gates as a list": (
        CRITERIA,
        "  legal_here: {rule: legal, because: The law.}",
        "  - {id: legal_here, rule: legal, because: The law.}",
    ),
    "a name of many scripts": (SCENARIO, "id: laptop", "id: 笔记本 №1 (é)"),
}

#: Documents with one mistake: what to replace, and with what.
BAD: dict[str, tuple[str, str, str]] = {
    "unknown key": (SCENARIO, "weights:", "wieghts:"),
    "unknown key of a criterion": (SCENARIO, "    unit: EUR", "    unti: EUR"),
    "unknown key of a text": (SCENARIO, "  zh: 笔记本", "  fr: Un portable"),
    "unknown key of a source": (SCENARIO, "  phrases:", "  phrase:"),
    "unknown key of a fact": (SCENARIO, "low: 8,", "lowest: 8,"),
    "unknown key of the method": (SCENARIO, "  normalization:", "  normalisation:"),
    "unknown key of a gate": (SCENARIO, "    rule:", "    role: x\n    rule:"),
    "unknown key of an influence": (SCENARIO, "    share:", "    share_of: x\n    share:"),
    "unknown key of a modelled option": (MODELLED, "    from:", "    form: x\n    from:"),
    "unknown key of the model": (CRITERIA, "measures:", "mesures: {}\nmeasures:"),
    "unknown key of a profile field": (CRITERIA, "    unit: km", "    units: km"),
    "unknown key of a pack": (FACTS, "criteria:", "kriteria: x\ncriteria:"),
    "unknown key of a packed option": (FACTS, "    source:", "    sources:"),
    "missing id": (SCENARIO, "id: laptop\n", ""),
    "missing criteria": (MODELLED, "criteria: ai-sourcing\nfacts: article-world\n", ""),
    "missing options": (FACTS, FACTS[FACTS.index("options:") :], ""),
    "missing document": (SCENARIO, "  document: notes.txt\n", ""),
    "missing value": (SCENARIO, "value: 9, ", ""),
    "missing rule": (SCENARIO, "    rule: price < 2000\n", ""),
    "missing reason": (SCENARIO, "    because: {en: Too dear., zh: 太贵。}\n", ""),
    "missing share": (SCENARIO, "    share: 0.1\n", ""),
    "missing judgements of a judge": (
        MODELLED,
        "      judgements: {goal: {budget vs performance: 1 / 3}}",
        "      importance: 1",
    ),
    # the reader names the list, the schema its entry
    "missing id in a list": (
        MODELLED,
        "constraints:\n  - {id: fast, rule: latency_p95 < 100, because: It must be quick.}\n",
        "constraints: [{rule: sigma < 1, because: Why not?}]\n",
    ),
    "missing direction": (SCENARIO, "    direction: cost\n", ""),
    "missing formula": (CRITERIA, "formula: 4 - noise, ", ""),
    "number for a name": (SCENARIO, "id: laptop", "id: 2024"),
    "flag for a name": (SCENARIO, "id: laptop", "id: true"),
    "number for a text": (SCENARIO, "  en: A laptop", "  en: 5"),
    "number for a title": (SCENARIO, "title: The cheap one", "title: 5"),
    "empty text": (SCENARIO, "because: Money buys pixels.", 'because: ""'),
    "text without a language": (SCENARIO, "because: Money buys pixels.", "because: {}"),
    "list for a value": (SCENARIO, "    price: 900", "    price: [900]"),
    "text for a limit": (SCENARIO, "high: 10", 'high: "10"'),
    "flag for a limit": (SCENARIO, "high: 10", "high: true"),
    "limits of a word": (SCENARIO, "value: 9,", "value: much,"),
    "no number": (SCENARIO, "    price: 900", "    price: .nan"),
    "infinite": (SCENARIO, "    price: 900", "    price: -.inf"),
    "infinite limit": (SCENARIO, "high: 10", "high: .inf"),
    "text for a list": (SCENARIO, "[light, cheap]", "light"),
    "bad date": (SCENARIO, "decision_date: 2026-11-21", "decision_date: 21.11.2026"),
    "impossible date": (SCENARIO, "decision_date: 2026-11-21", "decision_date: 2026-13-21"),
    "bad date of a fact": (SCENARIO, "as_of: 2026-01-31", "as_of: yesterday"),
    "bad direction": (SCENARIO, "direction: cost", "direction: kost"),
    "direction two": (SCENARIO, "direction: cost", "direction: 2"),
    "direction as a flag": (SCENARIO, "direction: cost", "direction: true"),
    "domain of one": (SCENARIO, "[500, 2500]", "[500]"),
    "domain of three": (SCENARIO, "[500, 2500]", "[500, 700, 2500]"),
    "open domain of a criterion": (SCENARIO, "[500, 2500]", "[500, null]"),
    "domain of text": (SCENARIO, "domain: [500, 2500]", "domain: 500-2500"),
    "one level": (SCENARIO, "{poor: 0, good: 0.5, superb: 1}", "{good: 0.5}"),
    "level without a number": (SCENARIO, "good: 0.5,", "good: half,"),
    "levels and a domain": (SCENARIO, "        levels:", "        domain: [0, 1]\n        levels:"),
    "parent with a direction": (
        SCENARIO,
        "    children:\n",
        "    direction: cost\n    children:\n",
    ),
    "parent without children": (
        SCENARIO,
        SCENARIO[SCENARIO.index("\n      screen:\n") : SCENARIO.index("options:")],
        " {}\n",
    ),
    "word judgement": (SCENARIO, "1/3", "three"),
    "zero judgement": (SCENARIO, "1/3", "0"),
    "negative judgement": (SCENARIO, "1/3", "-3"),
    "judgement over zero": (SCENARIO, "1/3", "1/0"),
    "judgement of zero": (SCENARIO, "1/3", "0/3"),
    "judgement with two strokes": (SCENARIO, "1/3", "1/3/5"),
    "judgement as a flag": (SCENARIO, "1/3", "true"),
    "no space after the colon": (SCENARIO, "comfort vs price: 2", "comfort vs price:2"),
    "two ways of weights": (
        SCENARIO,
        "    comfort: {battery vs screen: 1/3}",
        "    comfort: {battery vs screen: 1/3}\n  direct:\n    price: 1\n    comfort: 2",
    ),
    "no way of weights": (
        SCENARIO,
        "  judgements:\n    goal: {comfort vs price: 2}\n    comfort: {battery vs screen: 1/3}",
        "  {}",
    ),
    "no judges": (
        SCENARIO,
        "    comfort: {battery vs screen: 1/3}",
        "    comfort: {battery vs screen: 1/3}\n  aggregation: priorities",
    ),
    "unknown objective": (
        SCENARIO,
        "  judgements:\n    goal: {comfort vs price: 2}\n    comfort: {battery vs screen: 1/3}",
        "  objective: entropie",
    ),
    "unimportant judge": (MODELLED, "importance: 2", "importance: 0"),
    "share of all": (SCENARIO, "share: 0.1", "share: 1"),
    "negative share": (SCENARIO, "share: 0.1", "share: -0.1"),
    "empty options": (
        SCENARIO,
        SCENARIO[SCENARIO.index("options:") : SCENARIO.index("influences:")],
        "options: {}\n",
    ),
    "options as a list": (
        SCENARIO,
        SCENARIO[SCENARIO.index("options:") : SCENARIO.index("influences:")],
        "options: [a, b]\n",
    ),
    "unknown method": (SCENARIO, "weighting: hierarchical", "weighting: hierarchic"),
    "unknown verdict": (MODELLED, "verdict: no_contest", "verdict: no_contst"),
    "unknown verdict in a list": (SCENARIO, "[clear, close, ", "[clear, closed, "),
    "facts without a model": (SCENARIO, "options:\n", "facts: article-world\noptions:\n"),
    "profile without a model": (SCENARIO, "options:\n", "profile: {team: 1}\noptions:\n"),
    "option from nowhere": (SCENARIO, "    title: The cheap one", "    from: gpt-4"),
    "influences beside a model": (
        MODELLED,
        "weights:\n",
        "influences: [{from: budget, to: performance, share: 0.1}]\nweights:\n",
    ),
    "unit of a choice": (CRITERIA, "    type: choice", "    unit: km\n    type: choice"),
    "choice without values": (CRITERIA, "    values: [bold, plain]\n", ""),
    "values of a number": (CRITERIA, "    unit: km", "    values: [near, far]"),
    "one anchor": (CRITERIA, "[none, some, all of it]", "[none]"),
    "flag by sum": (CRITERIA, "combine: all", "combine: sum"),
    "number by all": (CRITERIA, "combine: sum", "combine: all"),
    "formula that is a number": (CRITERIA, "  cost: price + distance * 2", "  cost: 2"),
    "a measure that formulas cannot name": (CRITERIA, "  cost: price", "  the cost: price"),
    "measure and fact": (CRITERIA, "{measure: cost, ", "{measure: cost, fact: price, "),
    "unknown type": (CRITERIA, "type: boolean", "type: bool"),
    "blank name": (SCENARIO, "id: laptop", 'id: " "'),
    "invisible character": (SCENARIO, "id: laptop", "id: lap\u200btop"),
    "invisible character in a text": (SCENARIO, "A laptop", "A lap\u202etop"),
    "phrase of nothing": (SCENARIO, "[light, cheap]", "[light, null]"),
    "list for a part": (MODELLED, "own: open", "own: [open]"),
}


def text_of(case: tuple[str, str, str]) -> str:
    """The document of a case."""
    whole, old, new = case
    assert old in whole
    return whole.replace(old, new, 1) if old else whole
