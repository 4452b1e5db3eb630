"""A file's nodes are asked for what should stand there; what is not as asked is refused with its line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from alerts.model.errors import AuthoringError, ConfigError
from alerts.model.suggest import did_you_mean
from alerts.rulebook.document import Node, read_document
from alerts.rulebook.findings import Findings

Choice = TypeVar("Choice", bound=StrEnum)


class Sheet:
    """A YAML file, every scalar a string; ``root`` is its one mapping.

    Whatever is wrong is an AuthoringError with a line ``file:line:col: code: why`` (ConfigError: it cannot be read).
    """

    def __init__(self, path: Path) -> None:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} cannot be read: {error}") from None
        self._findings = Findings(str(path), text)
        root = read_document(text, self._findings)
        if root is None or self._findings.has_errors:
            raise AuthoringError(tuple(self._findings))
        self.root: Node = root

    def refuse(self, node: Node, code: str, why: str, hint: str = "") -> NoReturn:
        """Raise AuthoringError for what stands at ``node``."""
        self._findings.add(code, node.at, why, hint)
        raise AuthoringError(tuple(self._findings))

    def mapping(self, node: Node, required: str = "", optional: str = "") -> dict[str, Node]:
        """Return a mapping's nodes by key; with neither ``required`` nor ``optional`` keys, any key will do."""
        if node.entries is None:
            self.refuse(node, "E008", "keys are missing here", "Write 'key: value' lines.")
        needed, known = required.split(), [*required.split(), *optional.split()]
        for key, (place, _) in node.entries.items():
            if known and key not in known:
                self.refuse(place, "E006", f"unknown key '{key}'", did_you_mean(key, known))
        missing = [key for key in needed if key not in node.entries]
        if missing:
            self.refuse(node, "E007", f"missing here: {', '.join(missing)}")
        return {key: value for key, (_, value) in node.entries.items()}

    def nodes(self, node: Node) -> Sequence[Node]:
        """Return the nodes of a list."""
        if node.items is None:
            self.refuse(node, "E008", "a list stands here", "Write '- ' lines or [a, b].")
        return node.items

    def text(self, node: Node) -> str:
        """Return a scalar as written, without the space around it; an empty one is refused."""
        if node.items is not None or node.entries is not None or not node.value.strip():
            self.refuse(node, "E008", "a text stands here")
        return node.value.strip()

    def texts(self, node: Node) -> tuple[str, ...]:
        """Return a list of scalars."""
        return tuple(self.text(one) for one in self.nodes(node))

    def time(self, node: Node) -> datetime:
        """Return an ISO 8601 time that names its zone, as UTC."""
        written = self.text(node)
        try:
            at = datetime.fromisoformat(written)
        except ValueError:
            self.refuse(node, "E009", f"'{written}' is no time", "Write it like 2025-03-18T14:12Z.")
        if at.tzinfo is None:
            self.refuse(node, "E009", f"'{written}' names no zone", f"Write it like {written}Z.")
        return at.astimezone(UTC)

    def choice(self, node: Node, choices: type[Choice]) -> Choice:
        """Return the member a scalar names."""
        written = self.text(node)
        if written not in list(choices):
            self.refuse(node, "E009", f"'{written}' is none of {', '.join(choices)}", did_you_mean(written, choices))
        return choices(written)
