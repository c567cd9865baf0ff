"""Published prices as facts, from a list of the same make as the package's, and from its own."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

import mcda
from mcda.cli.main import cli
from mcda.errors import InputError
from mcda.importers import prices
from mcda.importers.prices import priced

DAY = date(2026, 11, 22)
CRITERIA = mcda.Criteria.model_validate(
    {
        "id": "models",
        "facts": {
            "read": {"unit": "USD per million tokens", "published_as": "input_mtok"},
            "write": {"unit": "USD per million tokens", "published_as": "output_mtok"},
            "quality": {"domain": [0, 100]},
        },
        "criteria": {"read": {"direction": "cost", "domain": [0, 100]}},
    }
)


@dataclass
class Model:
    """A model of the list: its prices for each hour."""

    id: str
    by_hour: list[dict[str, Any]]
    name: str | None = None
    asked: list[datetime] = field(default_factory=list)

    def get_prices(self, moment: datetime) -> SimpleNamespace:
        self.asked.append(moment)
        return SimpleNamespace(**self.by_hour[moment.hour % len(self.by_hour)])


def tiered(base: str, start: int, above: str) -> SimpleNamespace:
    return SimpleNamespace(
        base=Decimal(base), tiers=[SimpleNamespace(start=start, price=Decimal(above))]
    )


PLAIN = Model("plain", [{"input_mtok": Decimal("0.15"), "output_mtok": Decimal("0.6")}], "Plain")
SHARED = Model("plain-2", [{"input_mtok": Decimal(1), "output_mtok": Decimal(2)}])
LONG = Model("ft:long", [{"input_mtok": tiered("2", 272000, "4"), "output_mtok": Decimal(9)}])
# two thirds of the hours cost half
DAILY = Model("daily", [{"input_mtok": Decimal(n), "output_mtok": Decimal(5)} for n in (2, 1, 1)])
SOUND = Model("sound", [{"audio_mtok": Decimal(3)}])


def costing(name: str, price: int) -> Model:
    return Model(name, [{"input_mtok": Decimal(price)}])


def makes(*starts: str) -> SimpleNamespace:
    """To whom the list ascribes names that begin so."""
    return SimpleNamespace(is_match=lambda name: name.startswith(starts))


#: Who sells what at which price: the maker's own and those of others, in their own spellings.
SELLERS = [
    SimpleNamespace(id="hub", models=[costing("vega/Lyra-2.5", 7), costing("mira-1", 8)]),
    SimpleNamespace(id="vega", models=[costing("lyra-2-5", 1)], model_match=makes("lyra")),
    SimpleNamespace(id="shop", models=[costing("lyra-2.5", 9), costing("Nova-1", 3)]),
    SimpleNamespace(id="nova", models=[costing("nova-9", 2)], model_match=makes("nova", "mira-")),
    SimpleNamespace(id="mall", models=[costing("mira 1", 4), costing("solo", 5)]),
]


@pytest.fixture(autouse=True)
def the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ModuleType("genai_prices.data")
    data.providers = [  # type: ignore[attr-defined]
        SimpleNamespace(
            id="maker",
            models=[PLAIN, SHARED, LONG, SOUND],
            model_match=makes("plain", "ft:", "sound"),
        ),
        SimpleNamespace(id="other", models=[SHARED, DAILY], model_match=makes("plain-2", "daily")),
        *SELLERS,
    ]
    monkeypatch.setitem(sys.modules, "genai_prices", ModuleType("genai_prices"))
    monkeypatch.setitem(sys.modules, "genai_prices.data", data)
    monkeypatch.setattr(prices, "version", lambda _: "9.9")


def facts(model: str, **keys: Any) -> dict[str, Any]:
    pack = priced({"x": model}, CRITERIA, as_of=DAY, name="new", **keys)
    return dict(pack.options["x"].facts)


def test_prices_come_with_unit_source_and_day() -> None:
    found = facts("plain")
    assert set(found) == {"read", "write"}
    assert (found["read"].value, found["write"].value) == (0.15, 0.6)
    assert found["read"].unit == "USD per million tokens"
    assert found["read"].source == "genai-prices 9.9: maker plain"
    assert found["read"].as_of == DAY
    assert found["read"].low is None
    assert {moment.date() for moment in PLAIN.asked} == {DAY}


def test_prices_that_depend_on_the_hour_are_ranges() -> None:
    read = facts("daily")["read"]
    assert (read.value, read.low, read.high) == (1, 1, 2)


def test_prices_of_long_requests_are_said_to_be_left_out() -> None:
    read = facts("maker:ft:long")["read"]
    assert read.value == 2
    assert read.source == "genai-prices 9.9: maker ft:long, requests up to 272000 tokens"
    assert facts("ft:long")["read"] == read


def test_a_pack_keeps_all_but_its_prices() -> None:
    base = mcda.FactsPack.model_validate(
        {
            "id": "base",
            "title": "Base",
            "criteria": "models",
            "options": {
                "x": {"title": "X", "source": "s", "facts": {"read": 9, "quality": 70}},
                "y": {"facts": {"read": 7}},
            },
        }
    )
    pack = priced({"x": "plain"}, CRITERIA, as_of=DAY, name="new", base=base)
    assert pack.id == "new"
    assert pack.title == base.title
    assert pack.options["y"] == base.options["y"]
    option = pack.options["x"]
    assert (option.facts["quality"].value, option.facts["read"].value) == (70, 0.15)
    assert option.source == "s"
    assert base.options["x"].facts["read"].value == 9
    with pytest.raises(InputError, match=r"'base' has no option 'z'"):
        priced({"z": "plain"}, CRITERIA, as_of=DAY, name="new", base=base)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("plian", r"no model 'plian' in the list\. Did you mean 'plain'\?"),
        ("zzz", r"no model 'zzz' in the list\. Look it up: python -m genai_prices list"),
        ("maker:plian", r"maker has no model 'plian' in the list\. Did you mean 'plain'\?"),
        ("plain-2", r"'plain-2' is sold by maker, other\. Say whose price it is, as in maker:"),
        ("mira-1", r"'mira-1' is sold by hub, mall; its maker is nova\. Say .* as in hub:mira-1"),
        ("sound", r"'sound' has none of the prices input_mtok, output_mtok in the list"),
    ],
)
def test_models_that_are_not_there(model: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        facts(model)


@pytest.mark.parametrize(
    "spelling", ["lyra-2-5", "lyra-2.5", "LYRA-2.5", "Lyra 2.5", "vega/lyra-2.5", "vega: Lyra_2.5"]
)
def test_the_makers_own_price_is_found_however_it_is_spelt(spelling: str) -> None:
    read = facts(spelling)["read"]
    assert read.value == 1
    assert read.source == "genai-prices 9.9: vega lyra-2-5"


@pytest.mark.parametrize(
    ("model", "price", "source"),
    [
        ("shop:Lyra-2.5", 9, "shop lyra-2.5 (a reseller; its maker is vega)"),
        ("HUB:lyra 2.5", 7, "hub vega/Lyra-2.5 (a reseller; its maker is vega)"),
        ("nova-1", 3, "shop Nova-1 (a reseller; its maker is nova)"),
        ("Solo", 5, "mall solo (the list does not say who makes it)"),
    ],
)
def test_who_is_not_the_maker_is_named_beside_the_maker(
    model: str, price: float, source: str
) -> None:
    read = facts(model)["read"]
    assert (read.value, read.source) == (price, f"genai-prices 9.9: {source}")


def test_a_model_without_prices_to_fill_in() -> None:
    bare = CRITERIA.model_copy(update={"facts": {"quality": CRITERIA.facts["quality"]}})
    with pytest.raises(InputError, match=r"Add published_as: \.\.\."):
        priced({"x": "plain"}, bare, as_of=DAY, name="new")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genai_prices.data", None)
    with pytest.raises(InputError, match=r'pip install "mcda-engine\[prices\]"'):
        facts("plain")


class TestCommand:
    @pytest.fixture
    def model(self, tmp_path: Path) -> Path:
        path = tmp_path / "criteria.yaml"
        mcda.save(CRITERIA, path)
        return path

    def run(self, *arguments: str | Path) -> Any:
        return CliRunner().invoke(cli, ["prices", *map(str, arguments)])

    def test_it_writes_a_pack_that_loads(self, model: Path, tmp_path: Path) -> None:
        output = tmp_path / "listed.yaml"
        keys = ("--criteria", model, "--as-of", "2026-11-22", "-o", output)
        done = self.run("a=plain", "b=other:plain-2", *keys)
        assert done.exit_code == 0, done.output
        assert done.output.splitlines()[0].endswith("listed.yaml: prices of a, b")
        assert done.output.splitlines()[1:] == [
            "  a: genai-prices 9.9: maker plain",
            "  b: genai-prices 9.9: other plain-2",
        ]
        scenario = mcda.Scenario.model_validate(
            {
                "id": "s",
                "criteria": str(model),
                "facts": str(output),
                "options": {"a": {"from": "a"}, "b": {"from": "b"}},
            }
        )
        decision = mcda.evaluate(scenario, root=tmp_path)
        assert decision.recommended == "a"
        again = self.run("a=plain", *keys)
        assert again.exit_code == 2
        assert "is there already" in again.stderr
        assert self.run("a=plain", *keys, "--force").exit_code == 0

    @pytest.mark.parametrize(
        ("arguments", "status", "message"),
        [
            (("plain", "--as-of", "22.11.2026"), 2, "'22.11.2026' is no day. Write it as YYYY-MM"),
            (("a=plain", "a=daily", "--as-of", "2026-11-22"), 2, "'a' is given twice"),
            (("a=", "--as-of", "2026-11-22"), 2, "'a=' names no model"),
            (("plain",), 2, "--as-of"),
            (("plian", "--as-of", "2026-11-22"), 1, "Did you mean 'plain'?"),
        ],
    )
    def test_what_is_wrong_is_told(
        self, model: Path, tmp_path: Path, arguments: tuple[str, ...], status: int, message: str
    ) -> None:
        output = tmp_path / "x.yaml"
        done = self.run(*arguments, "--criteria", model, "-o", output)
        assert done.exit_code == status
        assert message in done.stderr
        assert not output.exists()
