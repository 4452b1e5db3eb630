"""Tells people when the answer to a question changes: once, with the sentence, the sources and the reason."""

__version__ = "0.1.0"
