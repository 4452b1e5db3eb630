"""What is in force while an item comes through: the questions, what answers them, who is told, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.delivery.routes import RouteBook
from alerts.judging.assess import Assessor
from alerts.judging.weigh import Wires
from alerts.model.delivery import Address
from alerts.model.question import Question
from alerts.model.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """One consistent set of rules and channels; a reload makes another one and swaps it.

    ``wires`` knows the sources and agencies whose word a text may be.
    ``activated`` says since when each question's hash has been in force. ``channels`` holds the addresses of each named
    channel, ``routes`` the names that stand for several. ``refused`` are lines about files whose last good version
    goes on. ``public_url`` is the base of links in messages, None = no links; ``link_key`` signs those that act.
    """

    questions: Mapping[str, Question]
    assessor: Assessor
    wires: Wires
    activated: Mapping[str, datetime]
    channels: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    routes: Mapping[str, Route] = field(default_factory=dict)
    public_url: str | None = None
    refused: tuple[str, ...] = ()
    link_key: bytes = field(default=b"", repr=False)

    @property
    def book(self) -> RouteBook:
        """Who is told, on what terms."""
        return RouteBook(self.channels, self.routes)
