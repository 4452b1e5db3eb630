"""Is it alive, can it work, and how much has come through? Answers for whoever watches the watcher."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response

from alerts import __version__
from alerts.engine.meters import meters, read
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
    """The meters of the engine, read when they are asked for; a collector of prometheus-client."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of one moment."""
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        site = self._site
        yield InfoMetricFamily("alerts", "Which release runs.", {"version": __version__})
        readings = read(
            site.store,
            site.now(),
            site.clock.steady(),
            in_force=site.in_force() if site.in_force is not None else None,
            looked_at=site.beat() if site.beat is not None else None,
        )
        for meter in meters(readings):
            family = GaugeMetricFamily(meter.name, meter.help, labels=meter.labels)
            for labels, value in meter.samples:
                family.add_metric(labels, value)
            yield family
