"""The public functions that take a path or an object: load, then call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, get_args

from mcda.bulk.columns import Errors, Per
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate as evaluate_problem
from mcda.engine.portfolio import PortfolioDecision, allocate
from mcda.errors import DocumentError, Finding, InputError, hint
from mcda.explanation.changes import Difference, difference
from mcda.files.catalog import or_shipped
from mcda.files.loader import Loader, read_document
from mcda.files.portfolios import problems_of
from mcda.files.reading import fail
from mcda.files.writing import replace_text
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack
from mcda.model.language import Language, check_language
from mcda.model.portfolio import Portfolio
from mcda.model.resolve import criteria_of
from mcda.model.scenario import Method, Option, Scenario, Weights

__all__ = [
    "decide_portfolio",
    "diff",
    "evaluate",
    "evaluate_frame",
    "evaluate_portfolio",
    "load_criteria",
    "load_portfolio",
    "load_scenario",
    "report",
]


def load_scenario(path: str | PathLike[str]) -> Scenario:
    """Read the scenario file at `path` (YAML, JSON or TOML), or a shipped one by its name.

    Raises
    ------
    DocumentError
        If it is not a valid scenario; every finding has its line and column.
    """
    document = read_document(or_shipped(_path(path)))
    if not isinstance(document, Scenario):
        remedy = "Name a file that begins with format: mcda/scenario/1"
        if isinstance(document, Portfolio):
            remedy = "Use mcda.evaluate_portfolio or mcda.load_portfolio"
        raise fail(str(path), f"this is a {document.kind} document, not a scenario", remedy)
    return document


def load_portfolio(path: str | PathLike[str]) -> Portfolio:
    """Read the portfolio file at `path` (YAML, JSON or TOML), or a shipped one by its name.

    Raises
    ------
    DocumentError
        If it is not a valid portfolio; every finding has its line and column.
    """
    document = read_document(or_shipped(_path(path)))
    if not isinstance(document, Portfolio):
        raise fail(
            str(path),
            f"this is a {document.kind} document, not a portfolio",
            "Name a file that begins with format: mcda/portfolio/1",
        )
    return document


def load_criteria(name_or_path: str | PathLike[str]) -> Criteria:
    """Read a criteria model: one that is shipped, by its name, or the file at a path.

    Raises
    ------
    McdaError
        If there is no such model, or it is not valid.
    """
    reference = str(_path(name_or_path)) if isinstance(name_or_path, PathLike) else name_or_path
    if not isinstance(reference, str):
        raise _not_a_path(reference)
    if isinstance(name_or_path, PathLike) and "/" not in reference:
        reference = f"./{reference}"
    return Loader().criteria(reference)


def evaluate(
    scenario: Scenario | str | PathLike[str],
    *,
    criteria: str | None = None,
    facts: str | None = None,
    root: str | PathLike[str] | None = None,
) -> Decision:
    """Weigh, screen and rank the options of a scenario.

    Parameters
    ----------
    scenario
        A `Scenario`, the path of a scenario file, or the name of a shipped one.
    criteria, facts
        Names or paths of a criteria model and a facts pack to use instead of the scenario's own.
    root
        The folder that the scenario's references must stay inside; by default the nearest folder
        above the file that holds ``.git``, else the file's own folder.

    Returns
    -------
    Decision

    Raises
    ------
    DocumentError
        With place, value and remedy for everything that is wrong.

    Examples
    --------
    >>> laptop = Scenario(
    ...     id="laptop",
    ...     criteria={
    ...         "price": {"direction": "cost", "unit": "EUR", "domain": [500, 2500]},
    ...         "battery": {"direction": "benefit", "unit": "h", "domain": [4, 20]},
    ...     },
    ...     options={"a": {"price": 900, "battery": 9}, "b": {"price": 1500, "battery": 16}},
    ...     weights={"judgements": {"goal": {"price vs battery": 2}}},
    ... )
    >>> decision = evaluate(laptop)
    >>> decision.recommended, decision.verdict
    ('a', 'clear')
    """
    scenario = _scenario_of(scenario)
    _check_names(criteria=criteria, facts=facts)
    loader = Loader(None if root is None else _path(root), criteria=criteria, facts=facts)
    return evaluate_problem(loader.problem(scenario))


def diff(
    scenario: Scenario | str | PathLike[str],
    against: FactsPack | str,
    *,
    criteria: str | None = None,
    facts: str | None = None,
    root: str | PathLike[str] | None = None,
) -> Difference:
    """Say what another facts pack changes for a scenario, and by which facts.

    Parameters
    ----------
    scenario
        A `Scenario` that uses a criteria model, the path of a scenario file, or the name of a
        shipped one.
    against
        The facts pack to compare with: an object, a name or a path.
    criteria, facts, root
        As for `evaluate`; the scenario's own facts pack is the one that is compared.

    Returns
    -------
    Difference

    Raises
    ------
    DocumentError
        With place, value and remedy for everything that is wrong.

    Examples
    --------
    >>> cars = Criteria(
    ...     id="cars",
    ...     facts={"price": {"domain": [0, 9]}},
    ...     criteria={"price": {"direction": "cost", "domain": [0, 9]}},
    ... )
    >>> old, new = (
    ...     FactsPack(
    ...         id=name,
    ...         criteria="cars",
    ...         options={"a": {"facts": {"price": price}}, "b": {"facts": {"price": 5}}},
    ...     )
    ...     for name, price in (("old", 4), ("new", 7))
    ... )
    >>> options = {"a": {"from": "a"}, "b": {"from": "b"}}
    >>> found = diff(Scenario(id="car", criteria=cars, facts=old, options=options), new)
    >>> found.before.recommended, found.after.recommended
    ('a', 'b')
    >>> [(each.option, each.fact) for each in found.decisive.changes]
    [('a', 'price')]
    """
    scenario = _scenario_of(scenario)
    if not isinstance(against, (FactsPack, str)):
        what = f"against= is a facts pack, a name or a path, not {type(against).__name__}"
        raise InputError(what, "Name a facts pack")
    _check_names(criteria=criteria, facts=facts)
    loader = Loader(None if root is None else _path(root), criteria=criteria, facts=facts)
    before, after = loader.between(scenario, against)
    return difference(evaluate_problem(before), evaluate_problem(after), tuple(scenario.options))


def _check_names(**names: Any) -> None:
    for name, given in names.items():
        if given is not None and not isinstance(given, str):
            raise InputError(f"{name}= is a name or a path, not {type(given).__name__}", "Use text")


def _scenario_of(scenario: Any) -> Scenario:
    if isinstance(scenario, (str, PathLike)):
        scenario = load_scenario(scenario)
    if not isinstance(scenario, Scenario):
        raise InputError(
            f"expected a scenario or a path, got {type(scenario).__name__}",
            "Build one with mcda.Scenario(...)",
        )
    return scenario


def evaluate_portfolio(
    portfolio: Portfolio | str | PathLike[str],
    *,
    criteria: str | None = None,
    facts: str | None = None,
    root: str | PathLike[str] | None = None,
) -> PortfolioDecision:
    """Decide every scenario of a portfolio, and say which split follows.

    Parameters
    ----------
    portfolio
        A `Portfolio`, the path of a portfolio file, or the name of a shipped one.
    criteria, facts, root
        As for `evaluate`.

    Returns
    -------
    PortfolioDecision
        ``.allocation`` has a decision for each scenario, ``.shares`` the options' shares of
        importance, ``.soles`` what one option for everything would mean.

    Raises
    ------
    DocumentError
        With place, value and remedy for everything that is wrong in the portfolio or in any of
        its scenarios.

    Examples
    --------
    >>> offer = {
    ...     "criteria": {"price": {"direction": "cost", "domain": [0, 9]}},
    ...     "options": {"own": {"price": 4}, "bought": {"price": 1}},
    ... }
    >>> dear = {**offer, "options": {"own": {"price": 4}, "bought": {"price": 8}}}
    >>> found = evaluate_portfolio(
    ...     Portfolio(
    ...         id="kitchen",
    ...         scenarios=[
    ...             {"scenario": {"id": "bread", **offer}, "importance": 3},
    ...             {"scenario": {"id": "salad", **dear}},
    ...         ],
    ...     )
    ... )
    >>> found.shares
    {'bought': 0.75, 'own': 0.25}
    """
    if isinstance(portfolio, (str, PathLike)):
        portfolio = load_portfolio(portfolio)
    if not isinstance(portfolio, Portfolio):
        raise InputError(
            f"expected a portfolio or a path, got {type(portfolio).__name__}",
            "Build one with mcda.Portfolio(...)",
        )
    _check_names(criteria=criteria, facts=facts)
    loader = Loader(None if root is None else _path(root), criteria=criteria, facts=facts)
    return decide_portfolio(portfolio, loader)


def evaluate_frame(
    frame: Any,
    criteria: Criteria | Mapping[str, Any] | str | PathLike[str],
    *,
    facts: FactsPack | str | None = None,
    options: Mapping[str, Any] | None = None,
    profile: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | Weights | None = None,
    method: Mapping[str, Any] | Method | None = None,
    constraints: Mapping[str, Any] | None = None,
    scenario: str = "scenario",
    option: str = "option",
    keep: Sequence[str] = (),
    errors: Errors = "raise",
    lang: Language = "en",
    scenarios: Any = None,
    per: Per = "option",
    reasons: bool = False,
) -> Any:
    """Evaluate all scenarios of a long table at once.

    Parameters
    ----------
    frame
        A pandas, Polars or PyArrow table with a row for each option of each scenario, in any
        order: the column `scenario` with ids, the column `option` with names, and columns named
        after facts and profile fields of the criteria (``fact:x`` and ``profile:x`` do, too).
        A column ``from`` names each row's option in the facts pack, columns ``part:role`` the
        option of the same scenario that plays the role. Null means that nothing is given: the
        fact comes from the pack or the parts if they have it, the profile field has its default,
        else it is unknown; it is never zero. Without a column `option` there is one row for each
        scenario, and `options` says which options all of them have. Columns
        ``expected:recommended``, ``expected:verdict`` and ``expected:excluded`` say what must come
        out; what does not stands in a column ``missed``.
    criteria
        A criteria model: an object, a shipped name or a path; or a tree of criteria, whose leaves
        are then columns.
    facts
        A facts pack: an object, or a name or path.
    options, profile, weights, method, constraints
        As in a scenario file; they hold for all scenarios, columns go before them.
    scenario, option
        Names of the columns.
    keep
        Columns that are passed through; others that are no fact or profile field are errors.
    errors
        "raise": an error that names the first scenarios that cannot be evaluated. "report": their
        results are null, and the column ``error`` says why.
    lang
        Language of ``because``, "en" or "zh".
    scenarios
        A table of the same kind with a row for each scenario: the column `scenario`, and columns
        that are then in `frame` as if they stood there on all rows of the scenario. An id that is
        in one of the two tables only, or twice in this one, is that scenario's error.
    per
        What has a row in the result: "option" or "scenario".
    reasons
        With ``per="scenario"``: columns that say why the winner leads, and what would change it
        soonest.

    Returns
    -------
    frame of the caller's kind
        A row for each option of each scenario, in the caller's order: scenario, option, the
        columns kept, eligible, rank, closeness (of an excluded option what it would have been),
        recommended, verdict, firmness, margin, gates (that it fails), because, unknown (facts that
        gates ask for), error. With ``per="scenario"`` a row for each scenario, in the order in
        which they begin: scenario, the columns kept, and what ``mcda bulk`` writes. Scenarios that
        only `scenarios` has come last, if errors are reported.

    Raises
    ------
    McdaError
        For columns that are missing or unknown, criteria or weights that are wrong, and, unless
        they are reported, scenarios that cannot be evaluated.

    Examples
    --------
    >>> import polars as pl
    >>> offers = pl.DataFrame(
    ...     {
    ...         "scenario": ["may", "may", "june", "june"],
    ...         "option": ["a", "b", "a", "b"],
    ...         "price": [900, 1500, 1400, 1500],
    ...         "battery": [9, 16, 9, 16],
    ...     }
    ... )
    >>> criteria = {
    ...     "price": {"direction": "cost", "domain": [500, 2500]},
    ...     "battery": {"direction": "benefit", "domain": [4, 20]},
    ... }
    >>> results = evaluate_frame(offers, criteria, weights={"direct": {"price": 2, "battery": 1}})
    >>> results.filter("recommended").select("scenario", "option", "verdict").rows()
    [('may', 'a', 'clear'), ('june', 'b', 'close')]
    """
    from mcda.bulk.frame import evaluate_table, template
    from mcda.bulk.joining import Second
    from mcda.bulk.table import table_of
    from mcda.frames.reading import Frame

    if errors not in get_args(Errors):
        raise InputError(f"errors={errors!r}", hint(str(errors), get_args(Errors)))
    if per not in get_args(Per):
        raise InputError(f"per={per!r}", hint(str(per), get_args(Per)))
    if reasons and per == "option":
        raise InputError("reasons=True says why scenarios' winners lead", "Add per='scenario'")
    check_language(lang)
    for name, given in (("options", options), ("profile", profile), ("constraints", constraints)):
        if given is not None and not isinstance(given, Mapping):
            raise InputError(f"{name}= is a {type(given).__name__}", "Give a mapping, as in a file")
    if isinstance(criteria, Mapping):
        model = criteria_of(
            Scenario(
                id="table", criteria=dict(criteria), options={"option": Option.model_validate({})}
            )
        )
    elif isinstance(criteria, Criteria):
        model = criteria
    else:
        model = load_criteria(criteria)
    second = None if scenarios is None else Second(Frame(scenarios), "the table of scenarios")
    table = table_of(frame, model, options, scenario, option, keep, second=second)
    keys: dict[str, Any] = {
        "profile": dict(profile or {}),
        "weights": weights,
        "constraints": dict(constraints or {}),
        **({} if method is None else {"method": method}),
    }
    problem = template(Loader(), model, facts, options, table.columns, keys)
    return evaluate_table(table, problem, errors, lang, per, reasons=reasons)


def decide_portfolio(portfolio: Portfolio, loader: Loader) -> PortfolioDecision:
    """Decide every scenario of a portfolio; what is wrong in all of them is said at once."""
    decisions: list[Decision] = []
    findings: list[Finding] = []
    for problem in problems_of(portfolio, loader):
        try:
            decisions.append(evaluate_problem(problem))
        except DocumentError as error:
            findings.extend(error.findings)
    if findings:
        raise DocumentError(findings)
    return allocate(portfolio, decisions)


def report(
    decision: Decision | Sequence[Decision],
    path: str | PathLike[str],
    *,
    lang: Language = "en",
    samples: int = 8192,
    seed: int = 0,
    methods: bool = False,
) -> None:
    """Write a report that answers what, why, how sure, what would change it, and on which facts.

    The file appears in one step: a failure leaves the old one whole. The same decision gives the
    same bytes.

    Parameters
    ----------
    decision
        From `mcda.evaluate` or `mcda.decide`; several are compared on one page.
    path
        The file; its ending says how: ``.html`` (one page that needs nothing else), ``.md`` or
        ``.json``.
    lang
        "en" or "zh".
    samples, seed
        For rank acceptability.
    methods
        Whether to say what other methods would recommend.

    Raises
    ------
    InputError
        If something else than decisions is given, or two have the same scenario id.
    DocumentError
        If the ending is not known, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> laptops = {"a": {"price": 900, "battery": 9}, "b": {"price": 1500, "battery": 16}}
    >>> directions = {"price": "cost", "battery": "benefit"}
    >>> from mcda.deciding import decide
    >>> decision = decide(laptops, [2, 1], directions)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report(decision, f"{folder}/laptops.html")
    ...     Path(f"{folder}/laptops.html").read_text(encoding="utf-8")[:15]
    '<!DOCTYPE html>'
    """
    from mcda import __version__
    from mcda.reports.page.material import Material
    from mcda.reports.page.writing import KINDS, text

    check_language(lang)
    target = _path(path)
    if target.suffix.lower() not in KINDS:
        what = f"the ending {target.suffix!r} is not known"
        raise fail(str(target), what, "Use .html, .md or .json")
    single = isinstance(decision, Decision)
    given = [decision] if isinstance(decision, Decision) else decision
    if not isinstance(given, Sequence) or not all(isinstance(each, Decision) for each in given):
        raise InputError(
            f"expected a decision or a list of them, got {type(decision).__name__}",
            "Evaluate first: mcda.report(mcda.evaluate(...), path)",
        )
    if not given:
        raise InputError("there is no decision to report", "Give one at least")
    ids = [each.scenario for each in given]
    if twice := next((each for each in ids if ids.count(each) > 1), None):
        raise InputError(f"two decisions are for the scenario {twice!r}", "Give each its own id")
    materials = [
        Material(each, lang, samples, seed, version=__version__, methods=methods) for each in given
    ]
    kind = KINDS[target.suffix.lower()]
    replace_text(target, text(materials, kind, lang, several=not single))


def _path(given: object) -> Path:
    if not isinstance(given, (str, PathLike)):
        raise _not_a_path(given)
    return Path(given)


def _not_a_path(given: object) -> InputError:
    return InputError(f"a path is text or a path object, not {type(given).__name__}", "Give one")
