"""The shapes become JSON Schemas (draft 7) that any editor with the YAML language server can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alerts.rulebook.shapes import Shape

DRAFT = "http://json-schema.org/draft-07/schema#"


def rule_schema() -> dict[str, Any]:
    """Return the JSON Schema of rule files; ``rules/rule.schema.json`` is this, written out."""
    from alerts.rulebook.shapes import RuleShape

    schema, definitions = _of(RuleShape)
    return {"$schema": DRAFT, **schema, "title": "A rule file of alerts", "definitions": definitions}


def story_schema() -> dict[str, Any]:
    """Return the JSON Schema of story files; ``rules/story.schema.json`` is this, written out."""
    from alerts.rulebook.stories import EditShape, ItemShape, StepShape

    step, definitions = _of(StepShape)
    inner = {shape.__name__: _of(shape)[0] for shape in (EditShape, ItemShape)}
    item, edit = ({"$ref": f"#/definitions/{name}"} for name in ("ItemShape", "EditShape"))
    step["properties"]["item"] |= {"anyOf": [{"type": "string", "minLength": 1}, item]}
    step["properties"]["edit"] |= {"allOf": [edit]}
    return {
        "$schema": DRAFT,
        "title": "A story file of alerts",
        "type": "array",
        "items": step,
        "definitions": {**definitions, **inner},
    }


def _of(shape: type[Shape]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of a shape and of those it refers to."""
    made = shape.model_json_schema(ref_template="#/definitions/{model}")
    definitions = made.pop("$defs", {})
    return _for_draft_7(made), {name: _for_draft_7(one) for name, one in sorted(definitions.items())}


def _for_draft_7(part: Any) -> Any:
    """Drop what only clutters (titles, nulls, defaults), and keep what stands beside a ``$ref``, ignored there."""
    if isinstance(part, list):
        return [_for_draft_7(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {key: value for key, value in part.items() if key not in {"title", "default"}}
    if "properties" in part:
        kept["properties"] = {key: _for_draft_7(value) for key, value in part["properties"].items()}
    if "patternProperties" in part:
        kept.setdefault("additionalProperties", False)
    others = [_for_draft_7(one) for one in kept.pop("anyOf", []) if one != {"type": "null"}]
    reference = kept.pop("$ref", None)
    plain = {key: value if key == "properties" else _for_draft_7(value) for key, value in kept.items()}
    if len(others) == 1:
        return {**others[0], **plain} if "$ref" not in others[0] else _beside(others[0]["$ref"], plain)
    if others:
        plain["anyOf"] = others
    return _beside(reference, plain) if reference else plain


def _beside(reference: str, plain: dict[str, Any]) -> dict[str, Any]:
    return {"allOf": [{"$ref": reference}], **plain} if plain else {"$ref": reference}
