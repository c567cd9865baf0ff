"""A page's arithmetic, run by a browser, is the engine's."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import FormulaError, McdaError
from mcda.formulas import BOOLEAN, NUMBER, Values, parse
from mcda.formulas import evaluate as evaluate_formula
from mcda.formulas.javascript import FUNCTIONS, javascript, literal
from mcda.model.language import CERTAIN, LANGUAGES, Language, given_number, percent, roughly
from mcda.model.resolve import resolve
from mcda.reports.page.model import engine_script, formulas_script, model_of
from tests.browser.chromium import answers_of
from tests.unit.formulas.test_quoting import AWKWARD, PLAIN, scenario

POSITIONS = 60
CLASSICS = [
    *("critic-weights", "family-car", "heat-losses", "leader-election", "missing-comparison"),
    *("rank-reversal-after", "removal-weights", "two-votes", "values-as-they-are"),
]


def positions(model: dict[str, Any], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Weights of some nodes and some fields of the profile moved, whole levels and between."""
    found = []
    for _ in range(POSITIONS):
        weights: list[Any] = []
        for node in model["nodes"]:
            size = len(node["children"])
            moved = rng.random(size) * (rng.random(size) < 0.9)
            weights.append(moved.tolist() if size > 1 and rng.random() < 0.6 else None)
        profile = {field["name"]: field["value"] for field in model["profile"]}
        for field in model["profile"]:
            if rng.random() < 0.4:
                continue
            if field["type"] == "boolean":
                profile[field["name"]] = bool(rng.random() < 0.5)
            elif field["type"] == "choice":
                profile[field["name"]] = int(rng.integers(len(field["values"])))
            elif field["high"] is not None:
                low, high = field["low"], field["high"]
                drawn = rng.uniform(low, high) if rng.random() < 0.5 else rng.integers(low, high)
                profile[field["name"]] = float(drawn)
        found.append({"weights": weights, "profile": profile})
    return found


def alone(decision: Decision, model: dict[str, Any], position: dict[str, Any]) -> Any:
    """The engine's decision at a position, or ``None`` where there is none."""
    problem, plan = decision.problem, decision.problem.weights
    if plan.objective is not None:
        own = {
            node["id"]: {
                child["id"]: weight
                for child, weight in zip(node["children"], node["local"], strict=True)
            }
            for node in model["nodes"]
        }
        plan = replace(plan, objective=None, direct=own)
    for node, moved in zip(model["nodes"], position["weights"], strict=True):
        if moved is not None:
            if sum(moved) == 0:
                return None
            names = [child["id"] for child in node["children"]]
            own = {node["id"]: dict(zip(names, moved, strict=True))}
            plan = replace(plan, direct={**plan.direct, **own})
    profile = {}
    for field in model["profile"]:
        value = position["profile"][field["name"]]
        if value is not None:
            choice = field["type"] == "choice"
            profile[field["name"]] = field["values"][int(value)] if choice else value
    try:
        return evaluate(replace(problem, weights=plan, profile=profile, memo={}))
    except McdaError:
        return None


@pytest.mark.parametrize(
    "names",
    [
        [f"articles/{name}" for name in ("000-clip", "001-zero123", "002-flan-t5")]
        + ["knock-outs/ko-none", "measured/bank-documents", "industry/gov-docs"],
        [f"classics/{name}" for name in CLASSICS],
    ],
    ids=["articles", "classics"],
)
def test_the_page_decides_as_the_engine_does(names: list[str], tmp_path: Path) -> None:
    agree([mcda.evaluate(f"scenarios/{name}.yaml") for name in names], tmp_path)


def test_names_in_backticks_in_the_browser(tmp_path: Path) -> None:
    agree([mcda.evaluate(scenario(names)) for names in (AWKWARD, PLAIN)], tmp_path)


def agree(decisions: list[Decision], tmp_path: Path) -> None:
    """The page's closeness, ranks and verdicts are the engine's wherever its sliders stand."""
    rng = np.random.default_rng(0)
    asked, script = [], engine_script() + "\nconst answers = [];"
    for decision in decisions:
        model = model_of(decision, "en")
        given = positions(model, rng)
        asked.append((decision, model, given))
        script += (
            f"{{const decide = decisionEngine({literal(model)}, {formulas_script(decision)});"
            f"answers.push({literal(given)}.map((at) => {{"
            "try { return decide(at); } catch (error) { return { error: error.message }; } }));}"
        )
    largest, compared = 0.0, 0
    for (decision, model, given), found in zip(asked, answers_of(script, tmp_path), strict=True):
        for position, said in zip(given, found, strict=True):
            expected = alone(decision, model, position)
            assert (expected is None) == ("error" in said), (position, said)
            if expected is None:
                continue
            compared += 1
            ranked = {each.option: each for each in expected.ranking}
            for option, closeness, rank in zip(
                model["options"], said["closeness"], said["ranks"], strict=True
            ):
                own = ranked.get(option["name"])
                assert rank == (None if own is None else own.rank)
                if own is not None:
                    largest = max(largest, abs(closeness - own.closeness))
            assert said["verdict"] == expected.verdict
            for key in ("firmness", "margin"):
                own, other = getattr(expected, key), said[key]
                assert (own is None) == (other is None)
                largest = max(largest, abs((own or 0.0) - (other or 0.0)))
            shares = list(expected.weights.effective.values())
            largest = max(largest, np.abs(np.subtract(shares, said["effective"])).max())
    assert compared > POSITIONS
    assert largest < 1e-9


class Inputs:
    """Values of names, for one option and the one that is a part of it."""

    def __init__(self, own: dict[str, Any], other: dict[str, Any]) -> None:
        self.own, self.other = own, other

    def value(self, name: str, part: str | None) -> Values:
        given = (self.own if part is None else self.other)[name]
        empty = False if name in "pq" else 0.0
        return Values(np.array([empty if given is None else given]), np.array([given is not None]))

    def label(self, index: tuple[int, ...]) -> str:
        return str(index)


def number(rng: np.random.Generator, depth: int) -> str:
    """A formula that yields a number."""
    if depth == 0 or rng.random() < 0.15:
        return str(rng.choice(["x", "y", "own.x", "2", "0.5", "0", "-1.25", "1e3"]))
    a, b, c = (number(rng, depth - 1) for _ in range(3))
    forms = [
        *(f"({a} {sign} {b})" for sign in "+-*/"),
        *(f"{name}({a})" for name in ("abs", "floor", "ceil", "sqrt", "exp", "log")),
        *(f"-({a})", f"({a}) ** 2", f"({a}) ** 0.5", f"min({a}, {b}, {c})", f"max({a}, {b})"),
        *(f"clip({a}, {b}, {c})", f"coalesce({a}, {b})", f"coalesce(x, {b})"),
        *(f"({a} if {truth(rng, depth - 1)} else {b})",) * 4,
    ]
    return str(rng.choice(forms))


def truth(rng: np.random.Generator, depth: int) -> str:
    """A formula that yields yes or no."""
    if depth == 0 or rng.random() < 0.15:
        return str(rng.choice(["p", "q", "own.p", "x > y", "known(x)", "not q"]))
    a, b = number(rng, depth - 1), number(rng, depth - 1)
    one, other = truth(rng, depth - 1), truth(rng, depth - 1)
    forms = [
        *(f"{a} {sign} {b}" for sign in ("<", "<=", ">", ">=", "==", "!=")),
        *(f"{a} < {b} <= x", f"({one}) and ({other})", f"({one}) or ({other})", f"not ({one})"),
        *(f"x in (0, 1, {a})", f"({one}) and p and ({other})"),
    ]
    return str(rng.choice(forms))


def test_formulas_mean_the_same_in_the_browser(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    names = {"x": NUMBER, "y": NUMBER, "p": BOOLEAN, "q": BOOLEAN}
    cases = []
    while len(cases) < 1500:
        text = number(rng, 3) if rng.random() < 0.5 else truth(rng, 3)
        try:
            node = parse(text, names, ("own",))
        except FormulaError:
            continue  # constants that cannot be
        values = [
            {
                **{name: rng.choice([None, 0.0, 1.0, -2.5, 7.0]) for name in "xy"},
                **{name: rng.choice([None, True, False]) for name in "pq"},
            }
            for _ in range(2)
        ]
        try:
            found = evaluate_formula(node, text, Inputs(*values))
            known, value = (np.broadcast_to(each, (1,))[0] for each in reversed(found))
            expected = None if not known else bool(value) if node.type == BOOLEAN else float(value)
        except FormulaError:
            expected = "wrong"
        cases.append((text, javascript(node), values, expected))
    given = f"({{{','.join(FUNCTIONS)}}}, v, part) =>"
    functions = ",\n".join(f"{given} {formula}" for _, formula, _, _ in cases)
    inputs = json.dumps([values for _, _, values, _ in cases])
    script = (
        engine_script()
        + f"\nconst formulas = [{functions}], inputs = {inputs};"
        + "const answers = formulas.map((formula, k) => { const [own, other] = inputs[k]; try {"
        + "return formula(formulaOperations(), (name) => own[name], (_, name) => other[name]);"
        + '} catch (error) { return "wrong"; } });'
    )
    for (text, _, values, expected), found in zip(cases, answers_of(script, tmp_path), strict=True):
        if isinstance(expected, float):
            assert found == pytest.approx(expected, rel=1e-12, abs=1e-300), (text, values)
        else:
            assert found == expected, (text, values)
    wrong = sum(expected == "wrong" for *_, expected in cases)
    unknown = sum(expected is None for *_, expected in cases)
    assert 100 < wrong < 900
    assert 100 < unknown < 1200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_are_written_as_the_library_writes_them(lang: Language, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    sizes = 10.0 ** rng.integers(-12, 17, 1500)
    drawn = [*(rng.random(1500) * sizes), *np.round(rng.random(800) * 1e7, 3), *range(-3, 4)]
    # halves of the last place are rounded to even
    halves = [*(k / 2**n for k in range(1, 40, 2) for n in range(1, 24)), 4e6, 1.5e-7, 0.0, -0.0]
    values = [float(each) for each in (*drawn, *halves)]
    values += [-each for each in values[:300]]
    shares = [*rng.random(500).tolist(), *(k / 1024 for k in range(1025)), 0.99, 0.999, 0.9995]
    words = json.dumps(
        {"percent": percent(0.0, 0, lang)[1:], "more_than": roughly(1.0, lang), "certain": CERTAIN}
    )
    script = (
        (files("mcda.reports.page") / "numbers.js").read_text("utf-8")
        + f"const say = numbersIn({words}), values = {json.dumps(values)}, shares = "
        + f"{json.dumps(shares)}; const answers = [values.map(say.givenNumber), "
        + "shares.map(say.roughly), shares.map((each) => say.percent(each, 0)), "
        + "shares.map((each) => say.fixed(each, 3))];"
    )
    numbers, rough, whole, three = answers_of(script, tmp_path)
    assert numbers == [given_number(each) for each in values]
    assert rough == [roughly(each, lang) for each in shares]
    assert whole == [percent(each, 0, lang) for each in shares]
    assert three == [f"{each:.3f}" for each in shares]


ASSUMED: dict[str, Any] = {
    "id": "shed",
    "profile": {
        "rain": {"type": "boolean", "default": True},
        "site": {"type": "choice", "values": ["hill", "bank", "town"], "default": "bank"},
        "snow": {"default": 3},
        "storm": {"type": "boolean"},
    },
    "facts": {"roof": {"domain": [0, 9]}, "price": {"domain": [0, 9]}},
    "measures": {
        "dry": "(roof if rain else 5) * (0.5 if site == 'hill' else 1) * min(snow, 4) / 4",
        "calm": "coalesce(1 if storm else 0, 0.5) * price",
    },
    "criteria": {
        "dry": {"direction": "benefit", "domain": [0, 9], "measure": "dry"},
        "calm": {"direction": "cost", "domain": [0, 9], "measure": "calm"},
    },
    "gates": {"built": {"rule": "site != 'town' or price > 2", "because": "Not in town."}},
}


def test_what_is_not_given_is_assumed_as_in_the_library(tmp_path: Path) -> None:
    """In the page and in its engine, from a report in which other values are given."""
    given = {"rain": False, "site": "town", "snow": 1.0, "storm": True}
    options = {
        "a": {"facts": {"roof": 8, "price": 7}},
        "b": {"facts": {"roof": 3, "price": 1}},
        "c": {"facts": {"roof": 5, "price": 5}},
    }

    def decided(profile: dict[str, Any]) -> Decision:
        document = {"id": "s", "criteria": "shed", "options": options}
        document |= {"profile": profile, "weights": {"direct": {"dry": 2, "calm": 1}}}
        scenario = mcda.Scenario.model_validate(document)
        return evaluate(resolve(scenario, mcda.Criteria.model_validate(ASSUMED), None))

    report = decided(given)
    model = model_of(report, "en")
    start = {field["name"]: field["value"] for field in model["profile"]}
    left_out = [names for size in range(5) for names in itertools.combinations(given, size)]
    asked = [
        {"weights": [None] * len(model["nodes"]), "profile": {**start, **dict.fromkeys(names)}}
        for names in left_out
    ]
    script = (
        engine_script()
        + f"const decide = decisionEngine({json.dumps(model)}, {formulas_script(report)});"
        + f"const answers = {json.dumps(asked)}.map(decide);"
    )
    seen = set()
    for names, found in zip(left_out, answers_of(script, tmp_path), strict=True):
        expected = decided({k: v for k, v in given.items() if k not in names})
        closeness = {each.option: each.closeness for each in expected.ranking}
        for option, own in zip("abc", found["closeness"], strict=True):
            assert (own is None) == (option not in closeness)
            assert own is None or own == pytest.approx(closeness[option], abs=1e-12)
        winner = found["recommended"]
        assert expected.recommended == (None if winner is None else "abc"[winner])
        seen.add(tuple(sorted(closeness.items())))
    assert len(seen) > 8
