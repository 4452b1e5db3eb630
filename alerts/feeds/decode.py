"""A body's pieces are unpacked as they come, never past the cap: what a bomb would grow to is not held."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from enum import Enum, auto

PIECE = 64 * 1024
"""Most bytes unpacked at a time: what one call can cost in memory beyond the body itself."""

RATIO_FLOOR = 1024 * 1024
"""Below this a body may be as dense as it likes: short feeds of blanks are odd, not hostile."""

GZIP = b"\x1f\x8b"
GZIP_WBITS, ZLIB_WBITS, RAW_WBITS = 31, 15, -15
IDENTITY = frozenset({"", "identity", "none", "utf-8", "8bit", "binary"})
"""Codings that mean nothing was packed; the last four are met in the wild and harmless."""
KNOWN = IDENTITY | {"gzip", "x-gzip", "deflate"}
TEXT_BEGINS = b"<{[\xef\xfe\xff \t\r\n"


class TooLargeError(ValueError):
    """The body passes the cap, packed or unpacked, or unpacks to far more than was sent."""


class UndecodableError(ValueError):
    """The coding is unknown, or the packed bytes are damaged or cut short."""


class _State(Enum):
    HEAD = auto()  # the first two bytes of a body, or of what follows a member, tell what comes
    PLAIN = auto()
    PACKED = auto()
    PADDING = auto()  # whatever follows the last member is none of ours


class Decoder:
    """Unpacks one body: ``feed`` each piece as it comes, then ``finish``.

    ``encoding`` is the Content-Encoding as sent; gzip is told by its first bytes, so a header that lies either way
    does no harm. ``cap`` bounds the packed and the unpacked bytes alike. Raises TooLargeError and UndecodableError.
    """

    def __init__(self, encoding: str, *, cap: int, ratio: int) -> None:
        self._coding = encoding.strip().lower()
        if self._coding not in KNOWN:
            raise UndecodableError(f"content-encoding {encoding[:40]!a} is not one we asked for")
        self._cap, self._ratio = cap, ratio
        self._state = _State.HEAD
        self._head = b""
        self._member: zlib._Decompress | None = None
        self._kept: list[bytes] = []
        self._packed = self._unpacked = 0

    def feed(self, piece: bytes) -> None:
        """Take the next piece off the wire."""
        self._packed += len(piece)
        if self._packed > self._cap:
            raise TooLargeError(f"is longer than {self._cap} bytes")
        while piece:
            piece = self._take(piece)

    def finish(self) -> bytes:
        """Return the whole body, unpacked."""
        if self._state is _State.PACKED:
            raise UndecodableError("its packed body ends early")
        if self._state is _State.HEAD and self._member is None:
            self._keep(self._head)
        return b"".join(self._kept)

    def _take(self, piece: bytes) -> bytes:
        """Use up what can be used of a piece; return the rest of it."""
        if self._state is _State.PACKED and self._member is not None:
            return self._unpack(self._member, piece)
        if self._state is _State.HEAD:
            return self._look(self._head + piece)
        if self._state is _State.PLAIN:
            self._keep(piece)
        return b""

    def _look(self, head: bytes) -> bytes:
        if len(head) < len(GZIP):
            self._head = head
            return b""
        self._head = b""
        wbits = self._wbits(head)
        if wbits is not None:
            self._state, self._member = _State.PACKED, zlib.decompressobj(wbits)
        else:
            self._state = _State.PLAIN if self._member is None else _State.PADDING
        return head

    def _wbits(self, head: bytes) -> int | None:
        if head.startswith(GZIP):
            return GZIP_WBITS
        if self._coding != "deflate" or self._member is not None or head[0] in TEXT_BEGINS:
            return None
        return ZLIB_WBITS if _is_zlib(head) else RAW_WBITS

    def _unpack(self, member: zlib._Decompress, piece: bytes) -> bytes:
        try:
            for part in _parts(member, piece):
                self._keep(part)
        except zlib.error as error:
            raise UndecodableError(f"its packed body is damaged ({error})") from error
        if member.eof:
            self._state = _State.HEAD  # another member may follow (RFC 1952 §2.2)
        return member.unused_data

    def _keep(self, part: bytes) -> None:
        self._unpacked += len(part)
        if self._unpacked > self._cap:
            raise TooLargeError(f"unpacks to more than {self._cap} bytes")
        if self._unpacked > RATIO_FLOOR and self._unpacked > self._ratio * self._packed:
            raise TooLargeError(f"unpacks to more than {self._ratio} times what was sent")
        self._kept.append(part)


def _parts(member: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    """Unpack a piece in parts of at most PIECE bytes."""
    while True:
        part = member.decompress(piece, PIECE)
        yield part
        piece = member.unconsumed_tail
        if member.eof or (not piece and len(part) < PIECE):
            return


def _is_zlib(head: bytes) -> bool:
    """Tell a zlib stream from raw deflate (RFC 1950 §2.2); servers send either and call it *deflate*."""
    return head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0
