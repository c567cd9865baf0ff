"""`mcda init`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from mcda.cli.asking import Questions, as_boolean
from mcda.cli.main import FAILED, INTERNAL
from mcda.cli.output import prefixed
from mcda.cli.specs import by_name, number_or_word, parsed_matrix
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import InputError, McdaError, hint, visible
from mcda.files.catalog import exists, is_folder
from mcda.files.folders import SUFFIXES
from mcda.files.layout import Fields, Words, yaml_with_notes
from mcda.files.loader import Loader
from mcda.files.narrowing import scenario_schema
from mcda.files.schema import document_schema, dumped
from mcda.files.shipped import catalog
from mcda.files.source import Source
from mcda.files.writing import replace_text
from mcda.model.checks import Findings, checked_value
from mcda.model.criteria import Criteria, ProfileField
from mcda.model.documents import Document
from mcda.model.language import Language, check_name, given_number
from mcda.model.problem import Problem
from mcda.model.recognition import Rows
from mcda.model.scenario import Scenario
from mcda.model.text import Text
from mcda.model.values import parse_direction
from mcda.reports.words import say

__all__ = ["run"]

Notes = dict[tuple[str, ...], str]

#: Up to so many criteria every pair of them is written down, to be judged.
_PAIRS = 6
#: Where schemas for editors lie, beside the scenarios; hidden folders are not searched for these.
_SCHEMAS = ".mcda"
#: Whole numbers below this are written without a point.
_LARGEST_WHOLE = 1e15
#: What stands in a new file that nothing was said about.
_EXAMPLE: dict[str, Any] = {
    "criteria": {
        "price": {"direction": "cost", "unit": "EUR", "domain": [500, 2500]},
        "battery": {"direction": "benefit", "unit": "h", "domain": [4, 20]},
        "screen": {"direction": "benefit", "levels": {"poor": 0, "good": 0.5, "superb": 1}},
    },
    "options": {
        "a": {"price": 900, "battery": 9, "screen": "good"},
        "b": {"price": 1500, "battery": 16, "screen": "superb"},
        "c": {"price": 1100, "battery": 7, "screen": "superb"},
    },
}


def run(
    file: str,
    criteria: str | None,
    facts: str | None,
    settings: Sequence[str],
    criterion: Sequence[str],
    option: Sequence[str],
    table: str | None,
    sheet: str | None,
    weights: Sequence[str],
    directions: Sequence[str],
    domains: Sequence[str],
    rows: Rows | None,
    no_input: bool,
    no_schema: bool,
    lang: Language,
) -> int:
    """Ask what was not said, write the file, and return the exit status."""
    path = Path(file)
    given = [bool(criteria), bool(criterion), bool(table)]
    if sum(given) > 1:
        click.echo("error: give one of --criteria, --criterion and --table", err=True)
        return INTERNAL
    try:
        if exists(path) or os.path.islink(path):  # noqa: PTH114
            raise InputError(f"{visible(file)} exists already", "Name another file")
        if path.suffix.lower() not in (".yaml", ".yml"):
            raise InputError(f"{visible(file)} is not YAML", "Name a file such as my.yaml")
        wondering = not no_input and (criteria is not None or not any(given))
        questions = Questions(lang) if wondering else None
        if questions is not None and not questions.answered:
            questions = None
        own, values = dict[str, Any](), dict[str, dict[str, Any]]()
        if questions is not None and not any(given):
            criteria, own, values = _ask_what(questions, lang)
        writer = _Writer(path, lang)
        if criteria is not None:
            writer.with_model(criteria, facts, by_name(settings, "--set"), option, questions)
        elif table is not None:
            writer.with_table(table, sheet, weights, directions, domains, rows)
        else:
            if not own:
                own, values = _own_as_given(criterion, option)
            writer.with_own(own, values)
        if questions is not None:
            questions.end()
        decision = writer.write(schema=not no_schema)
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return FAILED
    except (click.Abort, EOFError, KeyboardInterrupt) as stopped:
        click.echo()
        ended = f"{say('init_ended', lang)} " if isinstance(stopped, EOFError) else ""
        click.echo(f"{ended}{say('init_nothing', lang)}", err=True)
        return FAILED
    answer = decision.recommended or say("nothing", lang)
    click.echo(say("init_done", lang, file=shlex.quote(visible(file)), option=answer))
    return 0


def _ask_what(
    questions: Questions, lang: Language
) -> tuple[str | None, dict[str, Any], dict[str, dict[str, Any]]]:
    """A criteria model, or criteria of the person's own and the options' values."""
    models = catalog().criteria
    click.echo(say("init_models", lang))
    for number, entry in enumerate(models.values(), 1):
        click.echo(f"  {number}  {entry.name}: {entry.title.say(lang)}")
    click.echo(f"  0  {say('init_own', lang)}")
    numbers = say("init_number", lang, low="0", high=str(len(models)))
    choice = questions.ask(
        say("init_which", lang),
        lambda answer: range(len(models) + 1).index(int(answer)),
        numbers,
        shown="0",
    )
    if choice:
        return list(models)[choice - 1], {}, {}
    click.echo(say("init_criteria", lang))
    criteria: dict[str, Any] = {}
    while name := _name("init_criterion", criteria, 1, questions, lang):
        if name.count(":") in (1, 2):
            with suppress(InputError):
                own, fields = _criterion(name)
                if _is_direction(fields["direction"]) and own not in criteria:
                    criteria[own] = fields
                    continue
        better = questions.yes(say("init_more_is_better", lang, criterion=name))
        criteria[name] = {"direction": "benefit" if better else "cost"}
    if any("domain" in fields for fields in criteria.values()):  # then all need one
        ends = say("init_a_domain", lang)
        for name, fields in criteria.items():
            if "domain" not in fields:
                question = say("init_domain", lang, criterion=name)
                fields["domain"] = questions.ask(question, _domain, ends)
    options: dict[str, dict[str, Any]] = {}
    any_number = say("init_any_number", lang)
    while name := _name("init_option", options, 2, questions, lang):
        options[name] = {}
        for each in criteria:
            question = say("init_value", lang, option=name, criterion=each)
            options[name][each] = _shown(questions.ask(question, _finite, any_number))
    return None, criteria, options


def _name(
    word: str, known: Collection[str], least: int, questions: Questions, lang: Language
) -> str:
    """A name that is not known yet, or "" once there are enough."""

    def read(answer: str) -> str:
        if answer in known or (not answer and len(known) < least):
            raise ValueError
        return check_name(answer) if answer else ""

    return questions.ask(say(word, lang), read, say("init_a_name", lang))


def _domain(answer: str) -> list[Any]:
    """The ends of LOW..HIGH."""
    low, high = (_finite(end) for end in answer.split("..", 1))
    if low >= high:
        raise ValueError(answer)
    return [_shown(low), _shown(high)]


def _finite(answer: str) -> float:
    number = number_or_word(answer)
    if type(number) is not float:
        raise ValueError(answer)
    return number


class _Writer:
    """Gathers a scenario and the comments that stand in it."""

    def __init__(self, path: Path, lang: Language) -> None:
        self.path = path
        self.lang: Language = lang
        self.notes: Notes = {}
        self.data: dict[str, Any] = {
            "format": "mcda/scenario/1",
            "id": path.stem,
        }
        self.loader = Loader()

    def with_model(
        self,
        reference: str,
        facts: str | None,
        settings: Mapping[str, str],
        options: Sequence[str],
        questions: Questions | None,
    ) -> None:
        """A scenario of a criteria model: its options, and the situation asked for or set."""
        model = self.loader.criteria(reference)
        self.loader = Loader(criteria=reference, facts=facts)
        pattern = _pattern(reference)
        if facts is None and pattern is None:
            facts = _only_pack(model)
        self.data["title"] = say(
            "init_title", self.lang, title=_title(model.title, model.id, self.lang)
        )
        self.data["criteria"] = _from(self.path, reference)
        facts = facts or (
            pattern.facts if pattern is not None and isinstance(pattern.facts, str) else None
        )
        if facts is not None:
            self.data["facts"] = _from(self.path, facts)
        for name in settings:
            if name not in model.profile:
                raise InputError(f"--set {name}: no such profile field", hint(name, model.profile))
        self.data["profile"] = {}
        self.notes[("profile",)] = say("init_profile", self.lang)
        for name, field in model.profile.items():
            self._profile(name, field, settings.get(name), pattern, model, questions)
        self.data["options"] = self._options(model, options, pattern, facts)
        self.notes[("options",)] = say("init_options", self.lang)
        root = next(iter(model.criteria.values())) if len(model.criteria) == 1 else None
        names = list(model.criteria if root is None else root.children or {})
        self.tail = [
            say("init_weights", self.lang, file=shlex.quote(self.path.name)),
            "weights:",
            "  judgements:",
            f"    goal: {{{' vs '.join(names[:2])}: 2}}" if len(names) > 1 else "    {}",
        ]

    def _profile(
        self,
        name: str,
        field: ProfileField,
        said: str | None,
        pattern: Scenario | None,
        model: Criteria,
        questions: Questions | None,
    ) -> None:
        """One field of the situation."""
        title = _title(field.title, name, self.lang)
        meaning = title
        if field.levels:
            anchors = [f"{i} {anchor.say(self.lang)}" for i, anchor in enumerate(field.levels)]
            meaning += ": " + ("；" if self.lang == "zh" else "; ").join(anchors)
        elif field.values:
            meaning += ": " + ", ".join(field.values)
        elif field.unit:
            meaning += f" ({field.unit})"
        value: Any = number_or_word(said) if said is not None else None
        if value is None:
            value = field.default
            if pattern is not None and pattern.profile.get(name) is not None:
                value = pattern.profile[name]
            if questions is not None:
                at = (model, ("profile", name))
                value = _asked(meaning, field, value, at, questions, self.lang)
        if value is None:
            return
        self.data["profile"][name] = _shown(value)
        self.notes[("profile", name)] = meaning

    def _options(
        self,
        model: Criteria,
        options: Sequence[str],
        pattern: Scenario | None,
        facts: str | None,
    ) -> dict[str, Any]:
        if options:
            found = {}
            for name, values in _option_values(options, model.facts).items():
                found[name] = {"facts": values} if values else {}
            return found
        if pattern is not None:
            return {
                name: each.model_dump(by_alias=True, exclude_unset=True, exclude={"facts"})
                for name, each in pattern.options.items()
            }
        if facts is not None:
            pack = self.loader.pack(facts, model)
            return {name: {"from": name} for name in pack.options}
        raise InputError(
            f"no options are known for the criteria model {model.id!r}",
            "Name its facts pack with --facts, or options with --option 'NAME: fact=value'",
        )

    def with_own(self, criteria: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        """A scenario that brings its own criteria."""
        if criteria:
            self._own(criteria, options)
            return
        self._own(_EXAMPLE["criteria"], _EXAMPLE["options"])
        self.notes[("criteria",)] = say("init_example", self.lang)

    def with_table(
        self,
        table: str,
        sheet: str | None,
        weights: Sequence[str],
        directions: Sequence[str],
        domains: Sequence[str],
        rows: Rows | None,
    ) -> None:
        """A scenario from a decision matrix in a file."""
        scenario = parsed_matrix(
            table, sheet, weights, directions, domains, rows, (), self.path.stem
        )
        plain = scenario.model_dump(exclude_unset=True, by_alias=True, mode="json")
        options = {
            name: {each: _shown(fact["value"]) for each, fact in values.items()}
            for name, values in plain["options"].items()
        }
        given = plain["weights"]
        if "direct" in given:
            given = {"direct": {name: _shown(each) for name, each in given["direct"].items()}}
        self._own(plain["criteria"], options, given)

    def _own(
        self, criteria: Mapping[str, Any], options: Mapping[str, Any], weights: Any = None
    ) -> None:
        self.data["criteria"] = {name: Fields(each) for name, each in criteria.items()}
        self.notes[("criteria",)] = say("init_own_criteria", self.lang)
        self.data["options"] = dict(options)
        self.notes[("options",)] = say("init_own_options", self.lang)
        names = list(criteria)
        if weights is None and len(names) <= _PAIRS:
            pairs = {f"{a} vs {b}": 1 for i, a in enumerate(names) for b in names[i + 1 :]}
            weights = {"judgements": {"goal": pairs}} if pairs else {"direct": {names[0]: 1}}
            self.notes[("weights",)] = say(
                "init_judge", self.lang, file=shlex.quote(self.path.name)
            )
        elif weights is None:
            weights = {"direct": dict.fromkeys(names, 1)}
            self.notes[("weights",)] = say("init_numbers", self.lang)
        self.data["weights"] = weights

    tail: Sequence[str] = ()

    def write(self, *, schema: bool) -> Decision:
        """Write the file, if it can be evaluated as it is, and the schema for editors beside it."""
        if not is_folder(self.path.parent):
            raise InputError(
                f"there is no folder {visible(str(self.path.parent))}", "Make it first"
            )
        checked = {key: value for key, value in self.data.items() if key != "format"}
        evaluate(self.loader.problem(Scenario(**checked)))
        self.notes[("format",)] = say("init_head", self.lang, file=shlex.quote(self.path.name))
        if isinstance(title := self.data.get("title"), str):
            self.data["title"] = Words({self.lang: title})
        text = yaml_with_notes(self.data, self.notes)
        text += "".join(f"# {line}\n" for line in self.tail)
        written = Scenario.from_data(Source(self.path, text).data(), Source(self.path, text))
        problem = Loader().problem(written)
        decision = evaluate(problem)
        if schema:
            text = f"# yaml-language-server: $schema={self._schema(problem)}\n{text}"
        replace_text(self.path, text)
        return decision

    def _schema(self, problem: Problem) -> str:
        """Write the schema of such scenarios; its path as seen from the scenario."""
        if problem.stand_alone:
            name, schema = "scenario", document_schema("scenario")
        else:
            pack = problem.pack
            name = "-".join([problem.criteria.id, *([pack.id] if pack is not None else [])])
            schema = scenario_schema(
                problem.criteria,
                pack,
                self.lang,
                reference=str(self.data["criteria"]),
                pack_reference=self.data.get("facts"),
            )
        safe = "".join(each if each.isalnum() or each in "-_." else "_" for each in name)
        target = Path(_SCHEMAS) / f"{safe}.{self.lang}.json"
        folder = self.path.parent / _SCHEMAS
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(
                f"the folder {folder} cannot be made: {error.strerror}", "Leave it out: --no-schema"
            ) from None
        replace_text(self.path.parent / target, dumped(schema))
        return target.as_posix()


def _only_pack(model: Criteria) -> str | None:
    """The facts pack in the folder of a model, if there is one and no other."""
    if model.origin is None:
        return None
    beside = sorted((Path(model.origin.path).parent / "facts").glob("*"))
    packs = [each.stem for each in beside if each.suffix.lower() in SUFFIXES]
    return packs[0] if len(packs) == 1 else None


def _pattern(model: str) -> Scenario | None:
    """The first shipped scenario of a criteria model, whose options a new one begins with."""
    for entry in catalog().scenarios.values():
        if entry.criteria == model:
            return Loader().document(entry.path, Scenario)
    return None


def _from(file: Path, reference: str) -> str:
    """A name as it is; a path as it is seen from where the file will be."""
    if "/" not in reference and "\\" not in reference and not Path(reference).suffix:
        return reference
    return Path(os.path.relpath(reference, file.parent)).as_posix()


def _title(title: Text | None, name: str, lang: Language) -> str:
    return name if title is None else title.say(lang)


def _asked(
    meaning: str,
    field: ProfileField,
    value: Any,
    at: tuple[Document, tuple[str, ...]],
    questions: Questions,
    lang: Language,
) -> Any:
    """The answer; an empty one leaves the value as it is, or out, but is no yes and no no."""
    shown = "" if value is None else str(_shown(value)).lower()
    if field.type == "boolean":
        known = f" [{shown}]" if shown else ""

        def boolean(answer: str) -> Any:
            return value if answer == "-" else as_boolean(answer)

        return questions.ask(f"{meaning} (y/n/-){known}", boolean, say("init_yes_no_or_keep", lang))

    def read(answer: str) -> Any:
        wrong = Findings()
        found = checked_value(number_or_word(answer), field, at, wrong) if answer else None
        if wrong.found:
            raise ValueError(answer)
        return found

    if field.type == "choice":
        choices = say("init_one_of", lang, values=", ".join(field.values or ()))
    else:
        ends = ["" if end is None else given_number(end) for end in field.bounds]
        choices = say("init_number", lang, low=ends[0], high=ends[1])
    return questions.ask(meaning, read, choices, shown=shown)


def _criterion(text: str) -> tuple[str, dict[str, Any]]:
    """NAME:DIRECTION or NAME:DIRECTION:LOW..HIGH."""
    parts = [part.strip() for part in text.split(":")]
    last = 2 if len(parts) > 2 and _is_direction(parts[-2]) else 1
    name, rest = ":".join(parts[:-last]), parts[-last:]
    if not name:
        raise InputError(
            f"--criterion {text!r} is not understood",
            "Write NAME:DIRECTION or NAME:DIRECTION:LOW..HIGH, as in price:cost:500..2500",
        )
    found: dict[str, Any] = {"direction": rest[0]}
    if len(rest) == 2:
        low, dots, high = rest[1].partition("..")
        ends = [number_or_word(end) for end in (low, high)]
        if not dots or not all(type(end) is float for end in ends):
            raise InputError(f"--criterion {text!r}: {rest[1]!r} is no domain", "Write LOW..HIGH")
        found["domain"] = [_shown(end) for end in ends]
    return name, found


def _own_as_given(
    criterion: Sequence[str], options: Sequence[str]
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The criteria and options that flags give; both empty where there are no flags."""
    if not criterion:
        if options:
            raise InputError("options need criteria", "Add --criterion NAME:DIRECTION")
        return {}, {}
    criteria = dict(map(_criterion, criterion))
    if len(criteria) < len(criterion):
        raise InputError("a criterion is named twice", "Keep one")
    values = _option_values(options, criteria)
    if not values:
        raise InputError("there are no options", "Add --option 'NAME: criterion=value, ...'")
    for name, given in values.items():
        missing = [each for each in criteria if each not in given]
        if missing:
            raise InputError(
                f"option {name!r} has no value for {missing[0]!r}", f"Add {missing[0]}=..."
            )
    return criteria, values


def _is_direction(text: str) -> bool:
    try:
        parse_direction(text)
    except ValueError:
        return False
    return True


def _option_values(options: Iterable[str], known: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """NAME or NAME: fact=value, fact=value."""
    found: dict[str, dict[str, Any]] = {}
    for text in options:
        name, _, rest = (part.strip() for part in text.partition(":"))
        if not name or name in found:
            raise InputError(f"--option {text!r} names no option, or one twice", "Give each a name")
        found[name] = {}
        for fact, value in by_name([rest] if rest else [], "--option").items():
            if fact not in known:
                raise InputError(f"--option {text!r}: unknown {fact!r}", hint(fact, known))
            found[name][fact] = _shown(number_or_word(value))
    return found


def _shown(value: Any) -> Any:
    """Whole numbers without a point."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE
    return int(value) if whole else value
