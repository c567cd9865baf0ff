"""Which option each scenario of a portfolio gets, and the split that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum
from typing import Any

from mcda.engine.decision import Decision
from mcda.model.language import Language
from mcda.model.portfolio import Portfolio
from mcda.model.scenario import Verdict
from mcda.model.shown import Shown
from mcda.model.text import Text

__all__ = ["Allotment", "PortfolioDecision", "Sole", "allocate"]


@dataclass(frozen=True, eq=False)
class Allotment:
    """What one scenario of a portfolio gets.

    Attributes
    ----------
    scenario : str
        Its id.
    importance : float
        As given.
    share : float
        Of all importance.
    decision : Decision
    """

    scenario: str
    importance: float
    share: float
    decision: Decision = field(repr=False)

    @property
    def recommended(self) -> str | None:
        """The option; ``None`` on a tie or where nothing is eligible."""
        return self.decision.recommended

    @property
    def verdict(self) -> Verdict:
        """How firm that is."""
        return self.decision.verdict


@dataclass(frozen=True, slots=True)
class Sole:
    """What it would mean to take one option for everything.

    Attributes
    ----------
    option : str
    best_in : tuple of str
        Scenarios that recommend it.
    excluded_from : tuple of str
        Scenarios whose gates exclude it, or that do not know it.
    loss : float or None
        Mean closeness lost against the best option where it is eligible, weighted by importance;
        ``None`` where it is eligible nowhere.
    """

    option: str
    best_in: tuple[str, ...]
    excluded_from: tuple[str, ...]
    loss: float | None


@dataclass(frozen=True, eq=False)
class PortfolioDecision(Shown):
    """The options that a portfolio's scenarios get, each by its own decision.

    Attributes
    ----------
    portfolio : Portfolio
    allocation : tuple of Allotment
        In the portfolio's order.
    """

    portfolio: Portfolio
    allocation: tuple[Allotment, ...]

    def __repr__(self) -> str:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in self.shares.items())
        return f"<PortfolioDecision {self.portfolio.id!r}: {shares}>"

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """Option -> share of importance of the scenarios that recommend it, the largest first.

        What is missing to 1 belongs to scenarios without a recommendation.
        """
        names = dict.fromkeys(each.recommended for each in self.allocation)
        found = {
            name: _share_of(
                [each.importance for each in self.allocation if each.recommended == name],
                [each.importance for each in self.allocation],
            )
            for name in names
            if name is not None
        }
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    @property
    def undecided(self) -> tuple[str, ...]:
        """Scenarios that recommend nothing."""
        return tuple(each.scenario for each in self.allocation if each.recommended is None)

    @cached_property
    def soles(self) -> tuple[Sole, ...]:
        """What each option would do if it had to do everything; the fewest exclusions first."""
        names = dict.fromkeys(
            option.name for each in self.allocation for option in each.decision.problem.options
        )
        found = [self._sole(name) for name in names]
        return tuple(sorted(found, key=lambda each: (len(each.excluded_from), each.loss or 0.0)))

    def _sole(self, option: str) -> Sole:
        best_in, excluded, lost, weight = [], [], 0.0, 0.0
        for each in self.allocation:
            closeness = {ranked.option: ranked.closeness for ranked in each.decision.ranking}
            if each.recommended == option:
                best_in.append(each.scenario)
            if option not in closeness:
                excluded.append(each.scenario)
                continue
            lost += each.share * (max(closeness.values()) - closeness[option])
            weight += each.share
        return Sole(option, tuple(best_in), tuple(excluded), lost / weight if weight else None)

    def to_dict(self, lang: Language = "en") -> dict[str, Any]:
        """Plain data for JSON; texts in `lang`, numbers unrounded."""
        title = self.portfolio.title or Text(en=self.portfolio.id)
        return {
            "portfolio": self.portfolio.id,
            "title": title.say(lang),
            "allocation": [
                {
                    "scenario": each.scenario,
                    "title": each.decision.problem.title.say(lang),
                    "importance": each.importance,
                    "share": each.share,
                    "recommended": each.recommended,
                    "verdict": each.verdict,
                    "firmness": each.decision.firmness,
                }
                for each in self.allocation
            ],
            "shares": dict(self.shares),
            "undecided": list(self.undecided),
            "soles": [
                {
                    "option": each.option,
                    "best_in": list(each.best_in),
                    "excluded_from": list(each.excluded_from),
                    "loss": each.loss,
                }
                for each in self.soles
            ],
            "decisions": [each.decision.to_dict(lang) for each in self.allocation],
        }


def _share_of(some: Sequence[float], every: Sequence[float]) -> float:
    """The share of some importances of all; scaled first, so that no sum overflows."""
    largest = max(every)
    return fsum(each / largest for each in some) / fsum(each / largest for each in every)


def allocate(portfolio: Portfolio, decisions: Iterable[Decision]) -> PortfolioDecision:
    """The split that follows from the decisions of a portfolio's scenarios, in its order."""
    every = [each.importance for each in portfolio.scenarios]
    return PortfolioDecision(
        portfolio,
        tuple(
            Allotment(decision.scenario, importance, _share_of([importance], every), decision)
            for importance, decision in zip(every, decisions, strict=True)
        ),
    )
