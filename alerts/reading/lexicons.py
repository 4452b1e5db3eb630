"""The word lists that travel with the package are read and compiled with the seeds into what the reader knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from alerts.model.seed import Seeds
from alerts.reading.known import Known, beings_of, key_of


def word_lists() -> dict[str, str]:
    """Return the texts of all word lists by ``lang/stem``, in order."""
    root = files("alerts.reading") / "lexicon"
    return {f"{lang}/{one.name.removesuffix('.yaml')}": one.read_text("utf-8") for lang, one in _lists(root)}


@cache
def word_list(stem: str) -> Mapping[str, Any]:
    """Return what every language's list of that name holds, by language code; a language without one is missing.

    It is read once and shared: do not change it.
    """
    lists = {lang: one for lang, one in _lists(files("alerts.reading") / "lexicon") if one.name == f"{stem}.yaml"}
    return {lang: _loaded(one.read_text("utf-8")) for lang, one in lists.items()}


def known_key(seeds: Seeds, taught: Mapping[str, Sequence[str]], lists: Mapping[str, str]) -> str:
    """Return the name the compiled vocabulary of these seeds, words and lists is cached under."""
    return key_of(
        repr(sorted(lists.items())), repr([seeds[seed_id] for seed_id in seeds.by_id]), repr(sorted(taught.items()))
    )


def compile_known(seeds: Seeds, taught: Mapping[str, Sequence[str]], lists: Mapping[str, str]) -> Known:
    """Compile seeds, an author's words (event → phrases) and the word lists; takes a second or two, so cache it."""
    from alerts.reading.compiling import compile_table

    lexicons: dict[str, dict[str, Any]] = {}
    for name, text in lists.items():
        lang, stem = name.split("/")
        lexicons.setdefault(lang, {})[stem] = _loaded(text)
    return Known(table=compile_table(lexicons, seeds, taught), beings=beings_of(seeds))


def _lists(root: Traversable) -> Iterator[tuple[str, Traversable]]:
    for folder in sorted((one for one in root.iterdir() if one.is_dir()), key=lambda one: one.name):
        for one in sorted(folder.iterdir(), key=lambda one: one.name):
            if one.name.endswith(".yaml"):
                yield folder.name, one


def _loaded(text: str) -> Any:
    """Return a word list; every scalar is the text that is written (*no*, *off* and *yes* are words here)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import SafeConstructor

    class _Words(SafeConstructor):
        """Builds texts, lists and mappings, nothing else."""

    for kind in ("bool", "int", "float", "null", "timestamp"):
        _Words.add_constructor(f"tag:yaml.org,2002:{kind}", SafeConstructor.construct_yaml_str)
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Words
    return yaml.load(text)
