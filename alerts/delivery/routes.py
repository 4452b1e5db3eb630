"""Route: an alert finds the addresses it goes to, and nobody is an answer with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from alerts.model.delivery import Address

DEFAULT = "default"
"""The channel of every alert whose own is not set."""

FINGERPRINT_BYTES = 6


@dataclass(frozen=True, slots=True)
class Recipients:
    """Where an alert goes; ``reason`` says in one line why nobody is told, None when somebody is."""

    addresses: tuple[Address, ...]
    reason: str | None = None


def addresses(channels: Mapping[str, tuple[Sequence[str], str]]) -> dict[str, tuple[Address, ...]]:
    """Return the addresses of each channel: its Apprise URLs and its readers' zone become values with an id.

    The id is ``channel/fingerprint``; it does not change when URLs are reordered, and says nothing about them.
    A URL named twice in a channel is one address.
    """
    return {
        name: tuple(
            Address(id=f"{name}/{_fingerprint(url)}", channel=name, url=url, zone=zone) for url in dict.fromkeys(urls)
        )
        for name, (urls, zone) in channels.items()
    }


def recipients(notify: str | None, channels: Mapping[str, tuple[Address, ...]]) -> Recipients:
    """Return whom ``notify`` names: that channel, else the channel ``default``, else nobody and why.

    Letter case does not count, ``_`` and ``-`` are the same: a variable's name cannot hold a ``-``.
    """
    wanted = _plain_name(notify or DEFAULT)
    by_name = {_plain_name(name): found for name, found in channels.items() if found}
    found = by_name.get(wanted) or by_name.get(DEFAULT)
    if found:
        return Recipients(found)
    return Recipients((), _nobody(wanted))


def _plain_name(name: str) -> str:
    return name.strip().lower().replace("_", "-")


def _nobody(wanted: str) -> str:
    named = f"channel '{wanted}' is not set and there is no channel '{DEFAULT}'"
    said = f"no channel '{DEFAULT}' is set" if wanted == DEFAULT else named
    return f"{said}, so nobody is told. Set ALERTS_CHANNELS__{DEFAULT.upper()} to an Apprise URL"


def _fingerprint(url: str) -> str:
    return blake2b(url.encode("utf-8", "replace"), digest_size=FINGERPRINT_BYTES).hexdigest()
