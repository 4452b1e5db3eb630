"""The answers of a rule become claim selectors; every name in them is checked against the seeds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from alerts.model.claim import ClaimSelector, Context, Factuality
from alerts.model.question import Answer, Confirm, Occasions
from alerts.model.seed import Seeds
from alerts.model.suggest import did_you_mean
from alerts.rulebook.document import Node
from alerts.rulebook.findings import Findings

if TYPE_CHECKING:
    from alerts.rulebook.shapes import ClaimShape, RuleShape

ROLES = frozenset(("anyone", "parties"))
"""What may stand in ``speakers`` besides ids."""

_NAMING = ("actor", "object", "recipient", "during", "speakers")


def answers_of(shape: RuleShape) -> tuple[Answer, ...]:
    """Return the answers in the author's order, none for a rule without."""
    return tuple(
        Answer(
            id=answer_id,
            says=answer.says.strip(),
            severity=answer.severity,
            claims=tuple(_selector(claim) for claim in answer.claims),
            weak=answer.weak,
            speakers=tuple(answer.speakers or ()),
            renamed_from=tuple(answer.renamed_from or ()),
            again=answer.again,
        )
        for answer_id, answer in (shape.answers or {}).items()
    )


def confirm_of(shape: RuleShape) -> Confirm:
    """Return what confirms an answer; what the author leaves out keeps its default."""
    asked = shape.confirm
    if asked is None:
        return Confirm()
    usual = Confirm()
    return Confirm(
        independent_sources=asked.independent_sources or usual.independent_sources,
        within=asked.within or usual.within,
        or_official=usual.or_official if asked.or_official is None else asked.or_official,
    )


def occasions_of(shape: RuleShape) -> Occasions | None:
    """Return how occasions are told apart, None for a question that has one."""
    asked = shape.occasions
    if asked is None:
        return None
    usual = Occasions()
    return Occasions(
        opens=tuple(asked.opens or ()),
        closes=tuple(asked.closes or ()),
        quiet=asked.quiet or usual.quiet,
        by_object=asked.by == "object",
        vague=tuple(asked.vague or ()),
    )


def decides_of(shape: RuleShape) -> str:
    """Return, as text, what of the answers decides: claims, scope, speakers, words, aspects; not how it is told."""
    if not shape.answers:
        return ""
    kept = {"scope", "speakers", "several", "aspects", "stages", "occasions", "words"}
    decides = shape.model_dump(mode="json", include=kept)
    decides["answers"] = {
        key: answer.model_dump(mode="json", include={"claims", "weak", "speakers"})
        for key, answer in shape.answers.items()
    }
    return json.dumps(decides, sort_keys=True, ensure_ascii=False)


def check_names(shape: RuleShape, root: Node, seeds: Seeds, findings: Findings) -> None:
    """Find every name of a seed that no seed has, and every aspect's answer that the rule has not."""
    for name, at in _names(root):
        if name not in seeds and name not in ROLES:
            hint = (
                did_you_mean(name, [seed.id for seed in seeds])
                or "Seeds stand in seeds/entities and seeds/things.yaml."
            )
            findings.add("E021", at, f"unknown name '{name}'", hint)
    known = tuple(shape.answers or ())
    for name, at in (*_below(root, "aspects"), *_below(root, "stages"), *_occasion_answers(root)):
        if name not in known:
            findings.add(
                "E021", at, f"unknown answer '{name}'", did_you_mean(name, known) or f"It has: {', '.join(known)}."
            )


def _occasion_answers(root: Node) -> Iterator[tuple[str, int]]:
    _, inner = (root.entries or {}).get("occasions", (None, None))
    for key in ("opens", "closes"):
        if inner is not None:
            yield from _below(inner, key)


def _names(root: Node) -> Iterator[tuple[str, int]]:
    yield from _below(root, "scope")
    yield from _below(root, "speakers")
    _, occasions = (root.entries or {}).get("occasions", (None, None))
    if occasions is not None:
        yield from _below(occasions, "vague")
    for answer in _values(root, "answers"):
        yield from _below(answer, "speakers")
        for claim in _items(answer, "claims"):
            for key in _NAMING:
                yield from _below(claim, key)


def _values(node: Node, key: str) -> list[Node]:
    _, inner = (node.entries or {}).get(key, (None, None))
    return [value for _, value in (inner.entries or {}).values()] if inner is not None else []


def _items(node: Node, key: str) -> list[Node]:
    _, inner = (node.entries or {}).get(key, (None, None))
    return list(inner.items or ()) if inner is not None else []


def _below(node: Node, key: str) -> Iterator[tuple[str, int]]:
    """Yield every scalar at or below a key, with its place."""
    _, inner = (node.entries or {}).get(key, (None, None))
    if inner is not None:
        yield from _scalars(inner)


def _scalars(node: Node) -> Iterator[tuple[str, int]]:
    if node.entries is not None:
        for _, value in node.entries.values():
            yield from _scalars(value)
    elif node.items is not None:
        for item in node.items:
            yield from _scalars(item)
    else:
        yield node.value, node.at


def _selector(claim: ClaimShape) -> ClaimSelector:
    return ClaimSelector(
        events=tuple(claim.event),
        actors=tuple(claim.actor or ()),
        objects=tuple(claim.object or ()),
        recipients=tuple(claim.recipient or ()),
        factuality=Factuality(claim.factuality or "asserted"),
        context=Context(claim.context or "current"),
        during=tuple(claim.during or ()),
        amount=claim.amount,
        speakers=tuple(claim.speakers or ()),
    )
