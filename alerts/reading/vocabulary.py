"""The words of all rules and seeds, with the forms of each, compiled once and kept as bytes between starts."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib import import_module

from alerts.reading.forms import word_forms

__all__ = ["Spelling", "Vocabulary", "compile_vocabulary", "vocabulary_key"]

Spelling = tuple[str, str]
"""A word as its author wrote it, and the code of its language (empty: nobody said)."""

VERSION = 1
"""Of the forms and of the bytes; raise it when either changes."""

LARGEST = 256 * 1024 * 1024
"""Bytes a vocabulary may unpack to."""


class Vocabulary:
    """The forms of each word, folded. A word that was not compiled is worked out when asked for."""

    def __init__(self, forms: Mapping[Spelling, frozenset[str]], key: str) -> None:
        self._forms = dict(forms)
        self.key = key
        """``vocabulary_key`` of the words it was compiled from."""

    def __len__(self) -> int:
        return len(self._forms)

    def forms(self, word: str, lang: str = "") -> frozenset[str]:
        """Return every form of the word, its own among them."""
        found = self._forms.get((word, lang))
        return word_forms(word, lang) if found is None else found

    def to_bytes(self) -> bytes:
        """Return the vocabulary for a cache file."""
        forms = [[word, lang, " ".join(sorted(forms))] for (word, lang), forms in sorted(self._forms.items())]
        return zlib.compress(json.dumps([VERSION, self.key, forms], ensure_ascii=False).encode(), 1)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Vocabulary:
        """Return what ``to_bytes`` wrote; ValueError when these bytes are something else, older, or damaged."""
        try:
            unpack = zlib.decompressobj()
            version, key, forms = json.loads(unpack.decompress(raw, LARGEST))
            if version != VERSION or unpack.unconsumed_tail or not unpack.eof:
                raise ValueError("another version")
            return cls({(word, lang): frozenset(written.split(" ")) for word, lang, written in forms}, str(key))
        except (zlib.error, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a vocabulary of version {VERSION}: {error}; compile it again") from None


def compile_vocabulary(words: Iterable[Spelling]) -> Vocabulary:
    """Work out the forms of every word; the dear part of a start, which a cache saves."""
    spellings = sorted(set(words))
    return Vocabulary({one: word_forms(*one) for one in spellings}, vocabulary_key(spellings))


def vocabulary_key(words: Iterable[Spelling]) -> str:
    """Return the key of a cache: equal only for equal words, worked out by the same rules and dictionaries."""
    dictionaries = [import_module(f"pymorphy3_dicts_{lang}.version").__version__ for lang in ("ru", "uk")]
    made_from = [VERSION, dictionaries, sorted(set(words))]
    return sha256(json.dumps(made_from, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:32]
