"""Whether a decision is what its scenario expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mcda.engine.decision import Decision
from mcda.errors import Finding
from mcda.model.documents import Keys, place

__all__ = ["missed"]


def missed(decision: Decision) -> tuple[Finding, ...]:
    """What the scenario's ``expected`` says and the decision does not; empty if all is met."""
    return tuple(
        Finding(place(decision.problem.scenario, ("expected", *keys)), what)
        for keys, what in _missed(decision)
    )


def _missed(decision: Decision) -> Iterator[tuple[Keys, str]]:
    expected = decision.problem.scenario.expected
    if expected is None:
        return
    if "recommended" in expected.model_fields_set and (
        expected.recommended != decision.recommended
    ):
        yield (
            ("recommended",),
            f"expected {_named(expected.recommended)}, recommended is "
            f"{_named(decision.recommended)}",
        )
    if expected.verdict is not None:
        wanted = (expected.verdict,) if isinstance(expected.verdict, str) else expected.verdict
        if decision.verdict not in wanted:
            yield ("verdict",), f"expected {' or '.join(wanted)}, the verdict is {decision.verdict}"
    if expected.excluded is not None:
        found = {each.option: {gate.gate for gate in each.gates} for each in decision.excluded}
        for option in expected.excluded:
            if option not in found:
                yield ("excluded",), f"expected {option!r} to be excluded, it is eligible"
        for option in found:
            if option not in expected.excluded:
                yield ("excluded",), f"expected {option!r} to be eligible, it is excluded"
        if isinstance(expected.excluded, Mapping):
            for option, gate in expected.excluded.items():
                if option in found and gate not in found[option]:
                    gates = ", ".join(sorted(found[option]))
                    yield ("excluded", option), f"expected the gate {gate!r}, it fails {gates}"


def _named(option: str | None) -> str:
    return "nothing" if option is None else repr(option)
