"""An editor with the YAML language server helps with rule files: it marks a misspelt key and offers what may stand."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

SCHEMA = Path(__file__).resolve().parents[2] / "rules" / "rule.schema.json"
HEAD = "# yaml-language-server: $schema=../rule.schema.json\n"


class Editor:
    """Speaks the language server protocol (3.17) with the server, as an editor does."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process, self._numbers = process, count(1)
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={})
        self.tell("initialized")

    def tell(self, method: str, **params: Any) -> None:
        """Send a notification."""
        self._write({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request and return its result."""
        number = next(self._numbers)
        self._write({"id": number, "method": method, "params": params})
        return self._wait(lambda message: message.get("id") == number and "method" not in message)["result"]

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Open a file; return what the server has to say against it."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)
        told = self._wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == path.as_uri()
            )
        )
        return list(told["params"]["diagnostics"])

    def complete(self, path: Path, line: int, character: int) -> set[str]:
        """Return the labels offered at a place (both from 0)."""
        place = {"line": line, "character": character}
        offered = self.ask("textDocument/completion", textDocument={"uri": path.as_uri()}, position=place)
        return {one["label"] for one in (offered if isinstance(offered, list) else offered["items"])}

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _wait(self, wanted: Any) -> dict[str, Any]:
        while not wanted(message := self._read()):
            if "id" in message and "method" in message:  # the server asks; an editor without settings knows nothing
                items = message.get("params", {}).get("items")
                self._write({"id": message["id"], "result": [None] * len(items) if items else None})
        return message

    def _read(self) -> dict[str, Any]:
        stdout, length = self._process.stdout, 0
        assert stdout is not None
        while (line := stdout.readline().strip()) or not length:
            assert line or self._process.poll() is None, "the server ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(stdout.read(length))
        return message


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    """An editor on a folder that holds the schema, as the shipped rules do."""
    (tmp_path / "story").mkdir()
    shutil.copy(SCHEMA, tmp_path)
    command = ["yaml-language-server", "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield Editor(process, tmp_path)
        finally:
            process.kill()


@pytest.mark.tool("yaml-language-server")
def test_a_misspelt_key_is_marked_where_it_stands(editor: Editor, tmp_path: Path) -> None:
    text = HEAD + "question: The dam\nmatch: dam\nnotfiy: desk\n"
    [wrong] = editor.open(tmp_path / "story" / "dam.yaml", text)
    assert "notfiy" in wrong["message"]
    assert wrong["range"]["start"] == {"line": 3, "character": 0}


@pytest.mark.tool("yaml-language-server")
def test_keys_and_severities_are_offered(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "story" / "dam.yaml"
    editor.open(path, HEAD + "question: The dam\nmatch: dam\nsev\n")
    assert "severity" in editor.complete(path, 3, 3)
    other = tmp_path / "story" / "rain.yaml"
    editor.open(other, HEAD + "question: The dam\nmatch: dam\nseverity: \n")
    assert {"flash", "urgent", "routine"} <= editor.complete(other, 3, 10)
