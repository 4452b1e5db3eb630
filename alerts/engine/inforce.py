"""What is in force while an item comes through: the questions, what answers them, who is told, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.judging.assess import Assessor
from alerts.judging.weigh import Wires
from alerts.model.delivery import Address
from alerts.model.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """One consistent set of rules and channels; a reload makes another one and swaps it.

    ``wires`` knows the sources and agencies whose word a text may be.
    ``activated`` says since when each question's hash has been in force; ``channels`` holds the addresses of each
    named channel; ``refused`` are lines about files whose last good version goes on; ``public_url`` is the base of
    links in messages, None = no links.
    """

    questions: Mapping[str, Question]
    assessor: Assessor
    wires: Wires
    activated: Mapping[str, datetime]
    channels: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    public_url: str | None = None
    refused: tuple[str, ...] = ()

    def address(self, address_id: str) -> Address | None:
        """Return the address of that id, None when the settings no longer hold it."""
        for addresses in self.channels.values():
            for address in addresses:
                if address.id == address_id:
                    return address
        return None
