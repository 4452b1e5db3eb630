"""How fast items come through: from publishing to being seen, from being judged to being told, and what stands."""

from __future__ import annotations

from datetime import datetime
from statistics import quantiles

from sqlalchemy import func, select

from alerts.model.change import Standing
from alerts.model.upkeep import Pace, Pulse
from alerts.store import tables as t
from alerts.store.connect import Keeper

MOST = 20_000
"""Items and deliveries looked at, the newest; an answer to a scrape must stay cheap."""


class Pulses(Keeper):
    """What the metrics say of the last while."""

    def pulse(self, since: datetime) -> Pulse:
        """Return how fast items and messages since a time came through, and how many answers stand how."""
        i, d, c = t.items.c, t.deliveries.c, t.changes.c
        seen = (
            select(i.feed_id, i.published, i.seen_at)
            .where(i.seen_at >= since, i.published.is_not(None))
            .order_by(i.seen_at.desc())
            .limit(MOST)
        )
        told = (
            select(d.address, d.created_at, d.sent_at).where(d.sent_at >= since).order_by(d.sent_at.desc()).limit(MOST)
        )
        last = select(func.max(c.id).label("id")).group_by(c.question, c.occasion).subquery()
        stands = select(c.standing, func.count()).join(last, last.c.id == c.id).group_by(c.standing)
        with self._database.read() as connection:
            lags: dict[str, list[float]] = {}
            for feed, published, first in connection.execute(seen):
                lags.setdefault(feed, []).append(max(0.0, (first - published).total_seconds()))
            times: dict[str, list[float]] = {}
            for address, made, sent in connection.execute(told):
                times.setdefault(address.partition("/")[0], []).append((sent - made).total_seconds())
            standing = {Standing(name): n for name, n in connection.execute(stands) if name is not None}
        return Pulse(
            seen={feed: _pace(one) for feed, one in lags.items()},
            told={channel: _pace(one) for channel, one in times.items()},
            standing=standing,
        )


def _pace(seconds: list[float]) -> Pace:
    if len(seconds) == 1:
        return Pace(count=1, median=seconds[0], p90=seconds[0])
    cuts = quantiles(seconds, n=10, method="inclusive")
    return Pace(count=len(seconds), median=cuts[4], p90=cuts[8])
