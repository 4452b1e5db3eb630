"""The process dies at any moment; what was acknowledged is there, and what was not is there whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from alerts.model.case import Case
from alerts.store.store import Store
from storeroom import fill, told

TESTS = Path(__file__).resolve().parents[1]
BATCH = 40

POLLER = f"""
import sys
sys.path[:0] = [{str(TESTS)!r}, {str(TESTS.parent)!r}]
from alerts.store.store import Store
from storeroom import new_item, poll
store = Store.open(sys.argv[1])
for n in range(10_000):
    items = [new_item("wire", f"{{n}}-{{k}}", f"News {{n}}") for k in range({BATCH})]
    assert store.record_poll(poll("wire", 0, *items, questions=["truce"], etag=str(n)))
    print(n, flush=True)
"""

JUDGE = f"""
import sys
sys.path[:0] = [{str(TESTS)!r}, {str(TESTS.parent)!r}]
from alerts.store.store import Store
from storeroom import NOON, told
store = Store.open(sys.argv[1])
def judge(case, evidence):
    applied = told(case, "desk/1", "night/2")
    if case.seq == 3:
        print("in the middle", flush=True)
        sys.stdin.read()
    return applied
while store.pending_questions(NOON):
    store.apply("truce", judge, limit=1)
    print("kept", flush=True)
"""


def killed(script: str, url: str, *, after: str) -> list[str]:
    """Run a script until it says ``after``, kill it as hard as can be, and return what it had said."""
    command = [sys.executable, "-c", script, url]
    said: list[str] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.strip())
            if said[-1] == after:
                process.kill()
        process.wait()
    assert after in said
    return said


@pytest.mark.parametrize("after", ["0", "7", "18"])
def test_a_poll_is_kept_whole_or_not_at_all(url: str, after: str) -> None:
    with Store.open(url) as store:
        fill(store)
    acknowledged = int(killed(POLLER, url, after=after)[-1])
    with Store.open(url) as store:
        counts, last = store.counts(), int(store.feed("wire").validators.etag or -1)
        assert last >= acknowledged
        assert counts.items == counts.versions == counts.waiting == (last + 1) * BATCH
        assert store.check() is None


def test_a_judgement_is_kept_whole_or_not_at_all(url: str) -> None:
    with Store.open(url) as store:
        fill(store, *"abcdef")
    assert killed(JUDGE, url, after="in the middle").count("kept") == 3
    with Store.open(url) as store:
        assert store.case_for("truce").seq == 3
        assert (len(store.changes()), len(store.deliveries()), store.counts().waiting) == (3, 6, 3)
        store.apply("truce", lambda case, _: told(case, "desk/1"), limit=9)
        assert store.case_for("truce") == Case(question="truce", seq=4)
        assert store.counts().waiting == 0
