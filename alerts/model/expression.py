"""What a rule looks for, as a tree: terms, phrases, names of a seed, NEAR, AND, OR, NOT."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One word or a phrase of several; ``prefix`` means that the last word may go on (``*``)."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """All names of a seed, by its id (``$tamsin-dam``)."""

    seed: str


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides in one sentence, either order, at most ``gap`` words between them."""

    left: Expression
    right: Expression
    gap: int


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds somewhere in title and summary."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part holds nowhere in title and summary."""

    part: Expression


Expression = Term | Names | Near | And | Or | Not
