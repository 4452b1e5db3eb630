"""Addresses: an Apprise URL is looked at before anything is sent to it, and refused in words that hold no secret."""

from __future__ import annotations

import logging
import re
import warnings
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from alerts.delivery.redact import overhear

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

_DESKTOP = ["blink1", "dbus", "gio", "glib", "gnome", "growl", "kde", "macosx", "qt", "windows"]
_HOUSE = ["file", "kodi", "kodis", "memory", "syslog", "xbmc", "xbmcs"]

LOCAL = frozenset([*_DESKTOP, *_HOUSE])
"""Services that speak to this machine or its living room instead of a person; refused unless allowed."""

_SCHEMA = re.compile(r"\s*([a-z][a-z0-9]{0,31})://", re.IGNORECASE)
_SECOND_URL = re.compile(r"[\s,]+[a-z][a-z0-9]{0,31}://", re.IGNORECASE)
_OPTIONS = {
    "optional": "its option 'optional' reports a lost message as sent; leave it out",
    "attach": "its option 'attach' would send files; leave it out",
    "template": "its option 'template' lets a file rewrite the message; leave it out",
    "retry": "its option 'retry' would repeat in secret; leave it out, repeats are ours and say so",
}
_OFF = frozenset({"", "0", "no", "off", "false", "none"})

_loading = Lock()


def check_url(url: str, *, allowed: frozenset[str] = frozenset()) -> str | None:
    """Return why an Apprise URL cannot be used, in words without any part of it but its schema; None = it can.

    ``allowed`` are schemas of ``LOCAL`` that may be used all the same. The first call loads Apprise (0.2–2 s).
    """
    found = open_address(url, allowed=allowed)
    return found if isinstance(found, str) else None


def open_address(url: str, *, allowed: frozenset[str] = frozenset()) -> NotifyBase | str:
    """Return the Apprise service behind a URL, ready for one send by this thread, or why it cannot be used."""
    refused = _refused(url, allowed)
    if refused:
        return refused
    apprise = load_apprise()
    service: NotifyBase | None
    with overhear(url) as overheard:
        try:
            service = apprise.Apprise.instantiate(url.strip(), asset=_asset())
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            service = None  # a URL that Apprise's own reader stumbles over
    if service is None:
        return _unusable(overheard.scrub("".join(overheard.lines[:1])), url)
    if len(service) > 1:
        return "it names several recipients in one URL; write one URL each, in a list, so that each gets its receipt"
    service.redirects = False
    # The renderer makes it fit; the belt would cut HTML too early, where every blank counts as "&nbsp;".
    is_html = service.resolve_format("text") == apprise.NotifyFormat.HTML
    service.overflow_mode = apprise.OverflowMode.UPSTREAM if is_html else apprise.OverflowMode.TRUNCATE
    return service


def stated_room(url: str, *, allowed: frozenset[str] = frozenset()) -> tuple[int, int] | None:
    """Return what the plug-in behind a URL says one message holds, body and title; None where it cannot be used.

    A newer Apprise may bring services and limits that no table of ours knows.
    """
    service: Any = open_address(url, allowed=allowed)
    if isinstance(service, str):
        return None
    body, title = service.body_maxlen, service.title_maxlen
    return (body if isinstance(body, int) and body > 0 else 0, title if isinstance(title, int) else 0)


def load_apprise() -> ModuleType:
    """Return the library with all its plug-ins loaded and its logger silent; only the first call takes long."""
    with _loading:
        apprise = _load()
        _hush(logging.getLogger("apprise"))
        return apprise


@cache
def _load() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its plug-ins still import what Python will drop
        apprise = import_module("apprise")
        _plugins().load_modules()
    logging.getLogger("apprise").addHandler(logging.NullHandler())
    return apprise


def _hush(logger: logging.Logger) -> None:
    """Keep its log from everybody, and loud: its debug lines alone say why a send failed.

    Asked before every send, because whoever sets up logging may have undone it.
    """
    logger.propagate = logger.disabled = False
    if not 0 < logger.level <= logging.DEBUG:
        logger.setLevel(logging.DEBUG)


def _plugins() -> Any:
    return import_module("apprise.manager_plugins").NotificationManager()


@cache
def _asset() -> AppriseAsset:
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="alerts",
        app_desc="alerts",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,  # with service_timeout=0: the send runs in our thread, not in a pool shared by all
        service_timeout=0,
        http_redirects=False,
        interpret_emojis=False,
        interpret_escapes=False,
        default_service_retry=0,
        pgp_autogen=False,
        pem_autogen=False,
        allow_templates=False,
    )


def _refused(url: str, allowed: frozenset[str]) -> str | None:
    found = _SCHEMA.match(url)
    if found is None:
        return "it is no Apprise URL: it has to begin with a service, such as tgram:// or mailto://"
    if _SECOND_URL.search(url, found.end()):
        return "it holds several URLs; write them as a list"
    schema = found[1].lower()
    if schema in LOCAL and schema not in allowed:
        return f"'{schema}' speaks to this machine, not to a person; choose a service that reaches one"
    for key, value in parse_qsl(url.partition("?")[2], keep_blank_values=True):
        if key.lower() in _OPTIONS and value.lower() not in _OFF:
            return _OPTIONS[key.lower()]
    return None


def _unusable(detail: str, url: str) -> str:
    plugins = _plugins()
    schema = url.partition("://")[0].strip().lower()
    if schema in {"http", "https"}:
        return f"no service is known by this address; for a webhook of your own write json{schema[4:]}://"
    if schema not in plugins.schemas():
        near = get_close_matches(schema, plugins.schemas(), n=1, cutoff=0.6)
        return f"no service is called '{schema}'.{f' Did you mean {near[0]}://?' if near else ''}"
    if not plugins[schema].enabled:
        needs = plugins[schema].requirements.get("packages_required") or "a package that is not installed"
        return f"'{schema}' needs {needs if isinstance(needs, str) else ', '.join(needs)}"
    return f"Apprise cannot use this {schema}:// URL: {detail or 'a part of it is missing'}"
