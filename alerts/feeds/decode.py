"""A body's pieces are unpacked as they come, never past the cap: what a bomb would grow to is not held."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from enum import Enum, auto
from typing import Protocol

PIECE = 64 * 1024
"""Most bytes unpacked at a time: what one call can cost in memory beyond the body itself."""

RATIO_FLOOR = 1024 * 1024
"""Below this a body may be as dense as it likes: short feeds of blanks are odd, not hostile."""

GZIP = b"\x1f\x8b"
GZIP_WBITS, ZLIB_WBITS, RAW_WBITS = 31, 15, -15
IDENTITY = frozenset({"", "identity", "none", "utf-8", "8bit", "binary"})
"""Codings that mean nothing was packed; the last four are met in the wild and harmless."""
KNOWN = IDENTITY | {"gzip", "x-gzip", "deflate", "br", "zstd"}
ZSTD = b"\x28\xb5\x2f\xfd"
ZSTD_WINDOW = 23
"""Logarithm of the window a zstd body may ask for: 8 MB, as browsers allow (RFC 9659)."""
TEXT_BEGINS = b"<{[\xef\xfe\xff \t\r\n"


class TooLargeError(ValueError):
    """The body passes the cap, packed or unpacked, or unpacks to far more than was sent."""


class UndecodableError(ValueError):
    """The coding is unknown, or the packed bytes are damaged or cut short."""


class _Member(Protocol):
    """Unpacks what was packed in one piece."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def parts(self, piece: bytes) -> Iterator[bytes]:
        """Unpack a piece in parts of about PIECE bytes; UndecodableError where it is damaged."""
        ...


class _State(Enum):
    HEAD = auto()  # the first bytes of a body, or of what follows a member, tell what comes
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
        self._member: _Member | None = None
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
        if len(head) < len(ZSTD) and not head.startswith(GZIP):
            self._head = head
            return b""
        self._head = b""
        member = self._member_of(head)
        if member is not None:
            self._state, self._member = _State.PACKED, member
        else:
            self._state = _State.PLAIN if self._member is None else _State.PADDING
        return head

    def _member_of(self, head: bytes) -> _Member | None:
        """Return what unpacks what begins so, None for what is not packed."""
        if head.startswith(GZIP):
            return _Zlib(GZIP_WBITS)
        if head.startswith(ZSTD):
            return _Zstd()
        if self._member is not None:
            return None
        if self._coding == "br":
            return _Brotli()
        if self._coding != "deflate" or head[0] in TEXT_BEGINS:
            return None
        return _Zlib(ZLIB_WBITS if _is_zlib(head) else RAW_WBITS)

    def _unpack(self, member: _Member, piece: bytes) -> bytes:
        for part in member.parts(piece):
            self._keep(part)
        if member.eof:
            self._state = _State.HEAD  # another member may follow (RFC 1952 §2.2, RFC 8878 §3.1)
        return member.unused_data

    def _keep(self, part: bytes) -> None:
        self._unpacked += len(part)
        if self._unpacked > self._cap:
            raise TooLargeError(f"unpacks to more than {self._cap} bytes")
        if self._unpacked > RATIO_FLOOR and self._unpacked > self._ratio * self._packed:
            raise TooLargeError(f"unpacks to more than {self._ratio} times what was sent")
        self._kept.append(part)


class _Zlib:
    """gzip, zlib and raw deflate."""

    def __init__(self, wbits: int) -> None:
        self._packed = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._packed.eof

    @property
    def unused_data(self) -> bytes:
        return self._packed.unused_data

    def parts(self, piece: bytes) -> Iterator[bytes]:
        while True:
            try:
                part = self._packed.decompress(piece, PIECE)
            except zlib.error as error:
                raise UndecodableError(f"its packed body is damaged ({error})") from error
            yield part
            piece = self._packed.unconsumed_tail
            if self.eof or (not piece and len(part) < PIECE):
                return


class _Zstd:
    def __init__(self) -> None:
        from backports import zstd

        self._packed = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW})
        self._fault = zstd.ZstdError

    @property
    def eof(self) -> bool:
        return self._packed.eof

    @property
    def unused_data(self) -> bytes:
        return self._packed.unused_data

    def parts(self, piece: bytes) -> Iterator[bytes]:
        while True:
            try:
                part = self._packed.decompress(piece, PIECE)
            except self._fault as error:
                raise UndecodableError(f"its packed body is damaged ({error})") from error
            yield part
            if self.eof or self._packed.needs_input:
                return
            piece = b""


class _Brotli:
    """Brotli has no members and no padding: whatever follows its end is none of ours."""

    unused_data = b""

    def __init__(self) -> None:
        import brotli

        self._packed = brotli.Decompressor()
        self._fault = brotli.error

    @property
    def eof(self) -> bool:
        return bool(self._packed.is_finished())

    def parts(self, piece: bytes) -> Iterator[bytes]:
        while not self.eof:
            try:
                yield self._packed.process(piece, output_buffer_limit=PIECE)
            except self._fault as error:
                raise UndecodableError(f"its packed body is damaged ({error})") from error
            if self._packed.can_accept_more_data():
                return
            piece = b""


def _is_zlib(head: bytes) -> bool:
    """Tell a zlib stream from raw deflate (RFC 1950 §2.2); servers send either and call it *deflate*."""
    return head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0
