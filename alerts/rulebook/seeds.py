"""Seed files become the entities and things that rules may name, and every law they break a problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from alerts.model.errors import Problem
from alerts.model.seed import Role, Seed, Seeds
from alerts.model.suggest import did_you_mean
from alerts.rulebook.checking import check_shape
from alerts.rulebook.document import Node, read_document, with_one_newline
from alerts.rulebook.expression import LONGEST_PHRASE
from alerts.rulebook.findings import Findings

if TYPE_CHECKING:
    from alerts.rulebook.shapes import SeedShape

MOST_CIRCLES = 20
"""Circles told of at once."""

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class _Authored:
    """A seed and where it stands."""

    seed: Seed
    key: Node
    node: Node
    findings: Findings


def read_seeds(files: Mapping[str, str]) -> tuple[Seeds, tuple[Problem, ...]]:
    """Read seed files (path → text) into seeds by id, and all their problems.

    Laws: ids are unique over all files, what is referred to exists, nothing is part of itself. A seed with a problem
    of its own is left out; the others stay.
    """
    gathered = {path: Findings(path, with_one_newline(text)) for path, text in files.items()}
    authored: dict[str, _Authored] = {}
    for path, text in files.items():
        for one in _read(with_one_newline(text), gathered[path]):
            if (other := authored.get(one.seed.id)) is not None:
                line, _ = other.findings.place(other.key.at)
                text = f"'{one.seed.id}' stands twice, first in {other.findings.path}:{line}"
                one.findings.add("E012", one.key.at, text, "Entities, things and wars share one namespace.")
                continue
            authored[one.seed.id] = one
    _check_references(authored)
    _check_circles(authored)
    _check_names(authored)
    seeds = Seeds({seed_id: one.seed for seed_id, one in authored.items()})
    return seeds, tuple(problem for findings in gathered.values() for problem in findings)


def _read(text: str, findings: Findings) -> Iterator[_Authored]:
    root = read_document(text, findings) if text.strip() else None
    if root is None:
        return
    from alerts.rulebook.shapes import SeedShape

    for seed_id, (key, node) in (root.entries or {}).items():
        if not _ID.fullmatch(seed_id):
            hint = "Ids are lower-case words joined by '-'."
            findings.add("E010", key.at, f"'{seed_id}' is no possible id", hint)
        elif (shape := check_shape(node, SeedShape, findings)) is not None:
            yield _Authored(_seed(seed_id, shape), key, node, findings)


def _seed(seed_id: str, shape: SeedShape) -> Seed:
    return Seed(
        id=seed_id,
        kind=shape.kind,
        names={lang: tuple(names) for lang, names in shape.names.items()},
        weak={lang: tuple(names) for lang, names in shape.weak.items()},
        part_of=tuple(shape.part_of),
        roles=tuple(Role(speaks_for=role.speaks_for, since=role.from_, until=role.until) for role in shape.roles),
        excludes=tuple(shape.not_),
        default=shape.default,
        adjectives={lang: tuple(words) for lang, words in shape.adjectives.items()},
        parties=tuple(shape.parties),
        owner=shape.owner,
    )


# --- laws over all files ------------------------------------------------------------------------


def _check_references(authored: Mapping[str, _Authored]) -> None:
    for one in authored.values():
        for name in (*one.seed.part_of, *one.seed.parties, *(role.speaks_for for role in one.seed.roles)):
            if name not in authored:
                _unknown(one, name, authored)
        for name in one.seed.excludes:  # an id of a seed, or a name that stands for itself
            if _ID.fullmatch(name) and "-" in name and name not in authored and did_you_mean(name, authored):
                _unknown(one, name, authored)
        for role in one.seed.roles:
            if role.since and role.until and role.until < role.since:
                at = _find(one.node, str(role.until))
                one.findings.add("E009", at, "the role ends before it begins", "Swap 'from' and 'until'.")


def _unknown(one: _Authored, name: str, authored: Mapping[str, _Authored]) -> None:
    hint = did_you_mean(name, authored) or "Add it, or remove it here."
    one.findings.add("E021", _find(one.node, name), f"unknown seed '{name}'", hint)


def _check_circles(authored: Mapping[str, _Authored]) -> None:
    parts = {seed_id: set(one.seed.part_of) for seed_id, one in authored.items()}
    for _ in range(MOST_CIRCLES):
        try:
            TopologicalSorter(parts).prepare()
        except CycleError as error:
            circle = error.args[1]
            one = authored[circle[0]]
            text = f"'{one.seed.id}' is part of itself: {' < '.join(circle)}"
            one.findings.add("E040", one.key.at, text, "Remove one 'part_of'.")
            parts = {seed_id: above for seed_id, above in parts.items() if seed_id not in circle}
            continue
        return


def _check_names(authored: Mapping[str, _Authored]) -> None:
    """A name of two seeds says nothing, unless one of them is declared not to be the other."""
    owners: dict[str, _Authored] = {}
    for one in authored.values():
        if not one.seed.names:
            one.findings.add("W041", one.key.at, f"'{one.seed.id}' has no name", "Nothing can be found of it.")
        for name in _long_names(one.seed):
            one.findings.add(
                "E008", _find(one.node, name), f"a name of more than {LONGEST_PHRASE} words", "Shorten it."
            )
        for name in sorted({name.casefold() for names in one.seed.names.values() for name in names}):
            other = owners.setdefault(name, one)
            told_apart = one.seed.id in other.seed.excludes or other.seed.id in one.seed.excludes
            if other is not one and not told_apart:
                text = f"'{name}' is a name of '{other.seed.id}' as well"
                one.findings.add("W040", one.key.at, text, "Name one of them in the other's 'not'.")


def _long_names(seed: Seed) -> list[str]:
    names = [name for group in (seed.names, seed.weak) for names in group.values() for name in names]
    return [name for name in (*names, *seed.excludes) if len(name.split()) > LONGEST_PHRASE]


def _find(node: Node, value: str) -> int:
    """Where below ``node`` the scalar ``value`` stands, else where ``node`` begins."""
    inner = [value for _, value in node.entries.values()] if node.entries is not None else node.items or []
    for one in inner:
        if one.value == value:
            return one.at
        if (at := _find(one, value)) != one.at:
            return at
    return node.at
