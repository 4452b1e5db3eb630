"""The process in which bodies are parsed: a task comes in on standard input, items go out on standard output.

It holds no secret, may write no file, and ends by itself: when its memory is used up, when a task takes twice the
time it may (the parent is gone, or it would have killed it), when its parent closes the pipe.

    python -m alerts.feeds.sandbox MEMORY_MB SECONDS
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

from alerts.feeds.parse import read_new
from alerts.feeds.wire import ANSWER, TASK, answer, asked
from alerts.model.errors import FeedError
from alerts.model.feed import Reading

_MEGABYTE = 1024 * 1024
_GROWN = 4  # a child that holds a quarter of what it may when a task is done is replaced: memory seldom shrinks


def main(memory_mb: int, seconds: float) -> None:
    """Answer tasks until there are no more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    _confine(memory_mb * _MEGABYTE)
    answers.write(ANSWER.pack(0))
    answers.flush()
    last = False
    while not last and (frame := sys.stdin.buffer.read(TASK.size)):
        head, body = (sys.stdin.buffer.read(length) for length in TASK.unpack(frame))
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
        outcome = _read(body, head)
        last = _held() * _GROWN > memory_mb * _MEGABYTE
        answers.write(answer(outcome, last=last))
        answers.flush()
        signal.setitimer(signal.ITIMER_REAL, 0)


def _confine(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def _held() -> int:
    """Return the memory this process holds, in bytes; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _read(body: bytes, head: bytes) -> Reading | FeedError:
    try:
        return read_new(body, *asked(head))
    except FeedError as error:
        return error


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
