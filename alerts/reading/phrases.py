"""A pattern of the word lists becomes the phrases it stands for: ``(x)`` may be missing, ``a/b`` are alternatives."""

from __future__ import annotations

import re
from itertools import product

_GROUP = re.compile(r"\(([^()]*)\)")


def expand(pattern: str) -> list[str]:
    """Return every phrase of a pattern, longest first: ``sign (up) to/for`` gives four."""
    phrases = {" ".join(phrase.split()) for whole in _optional(pattern) for phrase in _alternatives(whole)}
    return sorted(phrases, key=len, reverse=True)


def _optional(pattern: str) -> list[str]:
    found = _GROUP.search(pattern)
    if found is None:
        return [pattern]
    before, after = pattern[: found.start()], pattern[found.end() :]
    return [*_optional(before + " " + found.group(1) + " " + after), *_optional(before + " " + after)]


def _alternatives(phrase: str) -> list[str]:
    words = [word.split("/") for word in phrase.split()]
    return [" ".join(choice) for choice in product(*words)]
