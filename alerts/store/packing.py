"""A value (verdict, case, alert) becomes a JSON text and comes back equal; rows of older releases stay readable."""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from alerts.store.times import as_utc

T = TypeVar("T")

VERSION = 1
"""Of the layout. A field added with a default needs no new one: it is left out where it has its default."""


def pack(value: object) -> str:
    """Return a dataclass as compact JSON with its layout version under ``v``; ValueError for a naive time."""
    packed = _pack(value)
    return json.dumps({"v": VERSION, **packed}, ensure_ascii=False, separators=(",", ":"))


def unpack(kind: type[T], text: str) -> T:
    """Return the value that ``pack`` wrote; ValueError says which field is unknown, missing or of another type."""
    raw = json.loads(text)
    version = raw.pop("v", None) if isinstance(raw, dict) else None
    if version != VERSION:
        raise ValueError(f"{kind.__name__} has layout version {version}, this release reads {VERSION}")
    value: T = _unpack(kind, raw)
    return value


def _pack(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return as_utc(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_pack(one) for one in value]
    if isinstance(value, dict):
        return {key: _pack(one) for key, one in value.items()}
    if is_dataclass(value):
        return {f.name: _pack(one) for f in fields(value) if (one := getattr(value, f.name)) != _default(f)}
    return value


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _unpack(kind: Any, raw: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if raw is None else _unpack(next(part for part in parts if part is not NoneType), raw)
    if origin is tuple:
        return tuple(_unpack(parts[0], one) for one in _typed(list, raw))
    if origin is dict:
        return {key: _unpack(parts[1], one) for key, one in _typed(dict, raw).items()}
    if is_dataclass(kind):
        return _build(kind, _typed(dict, raw))
    if kind is datetime:
        return as_utc(datetime.fromisoformat(_typed(str, raw)))
    if kind is date:
        return date.fromisoformat(_typed(str, raw))
    return kind(raw) if issubclass(kind, Enum) else _typed(kind, raw)


def _build(kind: Any, raw: dict[str, Any]) -> Any:
    hints = _hints(kind)
    if unknown := raw.keys() - hints.keys():
        raise ValueError(f"{kind.__name__} has unknown fields {sorted(unknown)}")
    try:
        return kind(**{name: _unpack(hints[name], one) for name, one in raw.items()})
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(kind: type, raw: Any) -> Any:
    if type(raw) is not kind:
        raise ValueError(f"expected {kind.__name__}, found {type(raw).__name__}")
    return raw
