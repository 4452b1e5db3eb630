"""Sketches: what of a text decides whether another text is its copy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sketch:
    """What of a text decides whether another is its copy; numbers and texts only, so that it can be stored as JSON.

    ``title`` and ``story`` hold a number a word, in order; its two lowest bits say whether the word counts, dates or
    negates. ``label`` is what was read from the text, empty where nothing was. ``cut`` is 1 for a title that stops
    in the middle.
    """

    title: tuple[int, ...]
    story: tuple[int, ...] = ()
    label: str = ""
    cut: int = 0
