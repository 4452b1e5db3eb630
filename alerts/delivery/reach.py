"""Where a message would go, so that the way there can be tried without sending one."""

from __future__ import annotations

from urllib.parse import urlsplit

from alerts.delivery.addresses import open_address


def service_of(url: str) -> str:
    """Return the name of the service behind an Apprise URL, as people know it; ``unknown`` where it cannot be used."""
    service = open_address(url)
    return "unknown" if isinstance(service, str) else str(service.service_name)


def endpoint_of(url: str) -> tuple[str, int] | None:
    """Return host and port that a send to an Apprise URL would dial; None where only the service knows."""
    service = open_address(url)
    if isinstance(service, str):
        return None
    secure = bool(getattr(service, "secure", False))
    mail_host = getattr(service, "smtp_host", None)
    fixed = getattr(service, "notify_url", None)
    if mail_host:
        return str(mail_host), int(service.port or (465 if secure else 587))
    if isinstance(fixed, str) and "://" in fixed:
        split = urlsplit(fixed)
        return (split.hostname, split.port or (443 if split.scheme == "https" else 80)) if split.hostname else None
    host = service.host
    return (str(host), int(service.port or (443 if secure else 80))) if host and "." in str(host) else None
