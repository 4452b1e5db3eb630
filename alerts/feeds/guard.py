"""An address is judged before it is dialled: public hosts over http or https, and networks the operator allowed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

IPv4, IPv6 = ipaddress.IPv4Address, ipaddress.IPv6Address
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

BAD_PORTS = """
    0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123
    135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993
    995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080
"""
PORTS_REFUSED = frozenset(map(int, BAD_PORTS.split()))
"""Ports of other protocols, as every browser refuses them (WHATWG Fetch, *bad port*); feeds may live on any other."""

SPECIAL_V4 = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))
GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
SPECIAL_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
"""Teredo and 6to4 carry any IPv4 address inside them; no publisher lives there, so both are refused whole."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

LOOKS_NUMERIC = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)
"""A host that ends in a number is an IPv4 address in some spelling, never a name (WHATWG URL, *ends in a number*)."""

SHOWN = 80
"""Characters of a foreign name an error shows, and those in ASCII: it may have come in a redirect."""

HOST_NAME = re.compile(r"(?=.{1,254}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
"""What a resolver can be asked for; longer labels make it stumble."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks as written (``10.0.0.0/8``, ``::1``); ValueError names the first that is none."""
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in texts)


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be dialled: everything public, and the networks in ``private``.

    Each method returns None when it may, else why it may not, as words that follow a name. Names are not looked up
    here: whoever does so asks ``refuses_address`` about each address found and dials one of those it lets pass.
    """

    private: tuple[Network, ...] = ()

    def refuses(self, scheme: str, host: str, port: int) -> str | None:
        """Judge a target as it will be dialled: ``host`` as the HTTP client understood it, IPv6 without brackets."""
        if scheme not in ("http", "https"):
            return f"{scheme[:SHOWN]!a} is no scheme we fetch, only http and https"
        if port in PORTS_REFUSED:
            return f"port {port} belongs to another protocol than HTTP"
        if ":" in host or LOOKS_NUMERIC.search(host):
            return self._refuses_literal(host)
        return None if HOST_NAME.fullmatch(host) else f"{host[:SHOWN]!a} is not a host name"

    def refuses_address(self, address: Address) -> str | None:
        """Judge one address, whichever way it was found."""
        real = _embedded(address) or address
        if any(real in network for network in self.private if network.version == real.version):
            return None
        if _is_public(real):
            return None
        return f"{address} is {_nature(real)}, not a public address; if it is yours, list it in ALERTS_FETCH__PRIVATE"

    def _refuses_literal(self, host: str) -> str | None:
        try:
            return self.refuses_address(ipaddress.ip_address(host))
        except ValueError:
            return (
                f"{host[:SHOWN]!a} is an odd spelling of an IP address; write four decimal numbers, or the host's name"
            )


def _embedded(address: Address) -> Address | None:
    """Return the IPv4 address a mapped or NAT64 one leads to: that is where the packets go."""
    if isinstance(address, IPv4):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4(address.packed[-4:]) if address in NAT64 else None


def _is_public(address: Address) -> bool:
    """Tell whether the address is unicast on the public internet; narrower than ``is_global``, which lets slip some."""
    if isinstance(address, IPv4):
        return address.is_global and not address.is_multicast and not any(address in one for one in SPECIAL_V4)
    return address in GLOBAL_V6 and not any(address in one for one in SPECIAL_V6)


def _nature(address: Address) -> str:
    for nature in ("unspecified", "loopback", "link_local", "multicast"):
        if getattr(address, f"is_{nature}"):
            return nature.replace("_", "-")
    return "private or reserved"
