"""Prices from the list that the package genai-prices carries; nothing is fetched.

Which of an option's facts a price belongs to is declared in the criteria model: ``published_as``
says what the list calls it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from typing import Any

from mcda.errors import InputError, hint, listing
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack, KnownOption
from mcda.model.text import Text
from mcda.model.values import Fact

__all__ = ["priced"]

PACKAGE = "genai-prices"
#: What the list's amounts are in, by how the name of a price ends.
_UNITS = {"_mtok": "USD per million tokens", "_kcount": "USD per thousand"}


def priced(
    models: Mapping[str, str],
    criteria: Criteria,
    *,
    as_of: date,
    name: str,
    base: FactsPack | None = None,
) -> FactsPack:
    """A facts pack with published prices.

    Parameters
    ----------
    models
        Option -> its model's name, however it is spelt, or ``provider:name``. Without a provider
        it is the maker's own entry; a reseller's only if it is the only one there is.
    criteria
        The criteria model; its facts with ``published_as`` are filled in.
    as_of
        The day at which the prices are to hold; the list has prices that change on a day, and no
        date of its own.
    name
        The pack's id.
    base
        A pack whose other facts and options are taken over; its prices of these options are
        replaced.

    Returns
    -------
    FactsPack
        Each price with its source and day; the source names who sells it and, where that is not
        the maker, the maker. Where it depends on the hour, it is the price of most
        hours, and `low` and `high` are the others; where it depends on the length of the request,
        it is that of the shortest.

    Raises
    ------
    InputError
        If the package is not installed, a model is not in the list, is sold by several who are
        not its maker or has none of the prices, or the criteria model declares none.
    """
    wanted = {key: field.published_as for key, field in criteria.facts.items()}
    declared = {key: said for key, said in wanted.items() if said is not None}
    if not declared:
        what = f"no fact of the criteria model {criteria.id!r} says what price lists call it"
        raise InputError(what, "Add published_as: ... to the facts that are prices")
    if base is not None and base.criteria != criteria.id:
        what = f"the facts pack {base.id!r} is for the criteria model {base.criteria!r}"
        raise InputError(what, f"The model named here is {criteria.id!r}")
    providers, release = _list()
    options: dict[str, KnownOption] = dict(base.options) if base is not None else {}
    for option, model in models.items():
        if base is not None and option not in base.options:
            what = f"the facts pack {base.id!r} has no option {option!r}"
            raise InputError(what, hint(option, base.options))
        seller, found, makers = _found(model, providers)
        source = f"{PACKAGE} {release}: {seller.id} {found.id}{_aside(seller, makers)}"
        facts = _facts(found, declared, as_of, source)
        before = options.get(option, KnownOption(title=_title(found)))
        kept = {key: fact for key, fact in before.facts.items() if key not in declared}
        options[option] = before.model_copy(update={"facts": {**kept, **facts}})
    pack = FactsPack(id=name, criteria=criteria.id, options=options)
    if base is not None:
        pack = pack.model_copy(update={"title": base.title, "description": base.description})
    return pack


def _list() -> tuple[Sequence[Any], str]:
    """The providers of the list, and the package's release."""
    try:
        from genai_prices.data import providers
    except ImportError:
        remedy = 'Install it: pip install "mcda-engine[prices]"'
        raise InputError(
            f"published prices come from {PACKAGE}, not installed here", remedy
        ) from None
    return providers, version(PACKAGE)


def _found(reference: str, providers: Sequence[Any]) -> tuple[Any, Any, list[Any]]:
    """Who sells a model, the model, and who makes it, of those that the list knows as makers."""
    by_id = {each.id.casefold(): each for each in providers}
    named, colon, rest = reference.partition(":")
    seller = by_id.get(named.strip().casefold()) if colon else None
    name = rest.strip() if seller is not None else reference
    makers = _makers(name, providers)
    sold = [
        (each, model)
        for each in (providers if seller is None else [seller])
        for model in _entries(name, each)
    ]
    if not sold and seller is not None:
        ids = {model.id for model in seller.models}
        raise InputError(f"{seller.id} has no model {rest!r} in the list", hint(rest, ids))
    if not sold:
        every = dict.fromkeys(model.id for each in providers for model in each.models)
        raise InputError(f"there is no model {reference!r} in the list", _near(reference, every))
    own = [(each, model) for each, model in sold if each in makers]
    if len(chosen := own or sold) > 1:
        entries = [f"{each.id}:{model.id}" for each, model in chosen]
        made = "" if own else f"; {_said(makers)}"
        what = f"{reference!r} is sold by {listing(each.id for each, _ in chosen)}{made}"
        raise InputError(what, f"Say whose price it is, as in {entries[0]}")
    return *chosen[0], makers


def _entries(name: str, provider: Any) -> list[Any]:
    """What a provider sells under a name: spelt so, or else but for capitals, or for separators."""
    for same in (str, str.casefold, _spelling):
        if found := [each for each in provider.models if same(each.id) == same(name)]:
            return found
    return []


def _spelling(name: str) -> str:
    """What is left of a model's name without capitals, separators, and who it is said to be of."""
    return re.sub(r"[\s._-]+", "", name.rpartition("/")[2].casefold())


def _makers(name: str, providers: Iterable[Any]) -> list[Any]:
    """The providers to whom the list itself ascribes a model that is named without a provider."""
    plain = re.sub(r"[\s_]+", "-", name.rpartition("/")[2].strip())
    matches = ((each, getattr(each, "model_match", None)) for each in providers)
    return [
        each
        for each, match in matches
        if match is not None and (match.is_match(plain) or match.is_match(plain.casefold()))
    ]


def _aside(seller: Any, makers: Sequence[Any]) -> str:
    """What the source says of a seller who is not the maker."""
    if seller in makers:
        return ""
    return f" (a reseller; {_said(makers)})" if makers else f" ({_said(makers)})"


def _said(makers: Sequence[Any]) -> str:
    names = listing(each.id for each in makers)
    return f"its maker is {names}" if makers else "the list does not say who makes it"


def _near(name: str, known: Iterable[str]) -> str:
    said = hint(name, known)
    return said if said.startswith("Did you mean") else "Look it up: python -m genai_prices list"


def _facts(model: Any, declared: Mapping[str, str], as_of: date, source: str) -> dict[str, Fact]:
    """The prices of a model on a day."""
    hours = [
        model.get_prices(datetime.combine(as_of, time(hour, tzinfo=UTC))) for hour in range(24)
    ]
    facts: dict[str, Fact] = {}
    for key, said in declared.items():
        amounts: list[Any] = [getattr(prices, said, None) for prices in hours]
        if any(amount is None for amount in amounts):
            continue
        plain = Counter(float(getattr(amount, "base", amount)) for amount in amounts)
        value = max(plain, key=lambda amount: (plain[amount], amount))
        tiers = getattr(amounts[0], "tiers", ())
        longest = f", requests up to {tiers[0].start} tokens" if tiers else ""
        ends = {"low": min(plain), "high": max(plain)} if len(plain) > 1 else {}
        unit = next((unit for end, unit in _UNITS.items() if said.endswith(end)), None)
        facts[key] = Fact(value=value, **ends, unit=unit, source=f"{source}{longest}", as_of=as_of)
    if not facts:
        what = f"{model.id!r} has none of the prices {listing(declared.values())} in the list"
        raise InputError(what, "Name another model, or another published_as in the criteria model")
    return facts


def _title(model: Any) -> Text:
    said = model.name or model.id
    return Text(en=said, zh=said)
