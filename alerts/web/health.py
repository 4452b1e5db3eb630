"""Is it alive, can it work, and how much has come through? Answers for whoever watches the watcher."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response

from alerts import __version__
from alerts.model.delivery import DeliveryState
from alerts.model.errors import StoreError
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from prometheus_client.core import Metric
    from starlette.requests import Request

SILENT = timedelta(seconds=60)
"""A daemon that has not looked what is due for so long does not work, whatever else it answers."""


async def healthz(_: Request) -> Response:
    """Say that the process answers; it knows nothing more."""
    return PlainTextResponse("ok\n")


def readyz(request: Request) -> Response:
    """Say whether the work goes on: 200, or 503 with the reasons."""
    wrong = list(_wrong(site_of(request)))
    return JSONResponse({"ready": not wrong, "wrong": wrong}, 503 if wrong else 200)


def _wrong(site: Site) -> Iterator[str]:
    try:
        site.store.schema_version()
    except StoreError as error:
        yield str(error)
    beat = site.beat() if site.beat is not None else None
    if beat is not None and site.clock.steady() - beat > SILENT:
        yield f"the daemon has not looked what is due for {SILENT.total_seconds():.0f} s or more"


def metrics(request: Request) -> Response:
    """Say it in numbers, in the text format of Prometheus."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    registry = CollectorRegistry()
    registry.register(Figures(site_of(request)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class Figures:
    """What the store holds, read when it is asked for; a collector of prometheus-client."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of one moment."""
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        counts = self._site.store.counts()
        yield InfoMetricFamily("alerts", "Which release runs.", {"version": __version__})
        feeds = GaugeMetricFamily(
            "alerts_feeds", "Feeds on the list, by whether they answered well.", labels=["health"]
        )
        feeds.add_metric(["ok"], counts.ok_feeds)
        feeds.add_metric(["failing"], counts.feeds - counts.ok_feeds)
        yield feeds
        yield GaugeMetricFamily("alerts_items", "Items stored.", counts.items)
        yield GaugeMetricFamily("alerts_evidence_waiting", "Pieces of evidence not judged yet.", counts.waiting)
        deliveries = GaugeMetricFamily("alerts_deliveries", "Deliveries, by state.", labels=["state"])
        for state in DeliveryState:
            deliveries.add_metric([state.value], counts.deliveries.get(state, 0))
        yield deliveries
        if counts.delivered_at is not None:
            at = counts.delivered_at.timestamp()
            yield GaugeMetricFamily("alerts_last_delivery_timestamp_seconds", "When a message last arrived.", at)
        yield GaugeMetricFamily("alerts_database_bytes", "Size of the database.", counts.size)
        if self._site.in_force is not None:
            rules = len(self._site.in_force().questions)
            yield GaugeMetricFamily("alerts_rules_in_force", "Rules in force.", rules)
