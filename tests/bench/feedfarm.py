"""A server of many feeds that change in rounds, in a process of its own: ``python -m bench.feedfarm FEEDS ITEMS``.

It prints its port. ``GET /N`` is feed N, with an ETag and 304; ``POST /round?PERCENT`` gives so many feeds of a hundred
one new item; ``GET /asked`` tells how many requests came and how many were answered 304, and counts anew.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys

from bench.feedwriter import item, rss

ETAG = re.compile(rb'if-none-match: *"(\d+)"', re.IGNORECASE)


class Farm:
    """The feeds as they stand now."""

    def __init__(self, feeds: int, items: int) -> None:
        self.feeds = [[item(n, f"h{number}.example") for n in range(items)] for number in range(feeds)]
        self.bodies = [rss(one) for one in self.feeds]
        self.versions = [0] * feeds
        self.asked = self.unchanged = 0
        self.chance = random.Random(7)

    def answer(self, head: bytes) -> bytes:
        """Return the response to one request."""
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/round?"):
            return _reply(b"200 OK", str(self.change(int(path.partition("?")[2]))).encode())
        if path == "/asked":
            said = f"{self.asked} {self.unchanged}".encode()
            self.asked = self.unchanged = 0
            return _reply(b"200 OK", said)
        number = int(path[1:])
        self.asked += 1
        known = ETAG.search(head)
        tag = b'ETag: "%d"\r\n' % self.versions[number]
        if known and int(known[1]) == self.versions[number]:
            self.unchanged += 1
            return _reply(b"304 Not Modified", b"", tag)
        return _reply(b"200 OK", self.bodies[number], tag + b"Content-Type: application/rss+xml; charset=utf-8\r\n")

    def change(self, percent: int) -> int:
        """Give so many feeds of a hundred a new item; return how many."""
        changed = self.chance.sample(range(len(self.feeds)), len(self.feeds) * percent // 100)
        for number in changed:
            self.versions[number] += 1
            new = item(1000 + self.versions[number], f"h{number}.example", mark="MARK ")
            self.feeds[number] = [new, *self.feeds[number][:-1]]
            self.bodies[number] = rss(self.feeds[number], built=self.versions[number])
        return len(changed)


class Connection(asyncio.Protocol):
    """One connection to the farm."""

    def __init__(self, farm: Farm) -> None:
        self.farm, self.came = farm, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.came += data
        while b"\r\n\r\n" in self.came:
            head, _, self.came = self.came.partition(b"\r\n\r\n")
            self.transport.write(self.farm.answer(head))


def _reply(status: bytes, body: bytes, headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n%b\r\n%b" % (status, len(body), headers, body)


async def main(feeds: int, items: int) -> None:
    """Serve until killed."""
    farm = Farm(feeds, items)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(farm), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
