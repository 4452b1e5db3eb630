"""What is open for one address when its turn comes, and what is to become of it: send, hold back, or mute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.model.acts import Acknowledgement, DeskSilence
from alerts.model.delivery import Delivery, Hold, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The queue of one address at one moment.

    ``first`` is the delivery whose turn it is, ``others`` what else is owed to the address, oldest first; none is on
    its way. ``recent`` is when its last messages left, newest first. ``acks`` are those of the first's thread.
    ``told`` is what the address heard last in that thread.
    """

    first: Delivery
    others: tuple[Delivery, ...] = ()
    recent: tuple[datetime, ...] = ()
    silences: tuple[DeskSilence, ...] = ()
    acks: tuple[Acknowledgement, ...] = ()
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class SendNow:
    """The first goes out, and the deliveries of these ids in the same message."""

    along: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldBack:
    """The first waits until then, to be told together with others; those of these ids wait with it."""

    until: datetime
    why: Hold
    along: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mute:
    """The first is not sent; ``why`` is kept."""

    why: str


Plan = SendNow | HoldBack | Mute


@dataclass(frozen=True, slots=True)
class Claim:
    """A send that was begun: its deliveries, the one that leads first; ``told`` is what went before in its thread.

    No deliveries: the one whose turn it was has been held back or muted instead.
    """

    deliveries: tuple[Delivery, ...]
    told: Told | None = None

    @property
    def first(self) -> Delivery:
        """The delivery whose message it is."""
        return self.deliveries[0]
