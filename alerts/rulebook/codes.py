"""Every code a problem in a rule or seed file can have, in one table; the manual explains each."""

from __future__ import annotations

CODES = {
    # the file
    "E001": "this is not valid YAML",
    "E002": "the file is too large, or nested too deeply",
    "E003": "anchors, aliases and tags are not used here",
    "E004": "a key stands twice",
    "E005": "the file is not one mapping of keys",
    "E006": "unknown key",
    "E007": "a key is missing",
    "E008": "the value has the wrong shape, or none",
    "E009": "unknown value",
    "E010": "not a possible id",
    "E011": "the key does nothing here",
    "E012": "the id is taken",
    # match and ignore
    "E020": "the expression cannot be read",
    "E021": "unknown name",
    "E022": "two words without an operator",
    "E023": "an expression that begins with a quote",
    "E024": "a bracket or quote is not closed, or not opened",
    "E025": "an operator lacks a side",
    "E026": "brackets nested too deeply",
    "E027": "the expression holds for almost any text",
    "E028": "NEAR cannot join this",
    "E029": "a * in the wrong place",
    # tests
    "E030": "a test line cannot be read",
    "E031": "a test expects what the rule cannot say",
    # seeds
    "E040": "a seed is part of itself",
    # stories
    "E050": "no rule stands beside the story",
    "E051": "a step that cannot be played",
    "E052": "a time that cannot be read, or goes back",
    "E053": "an edit of an item that never came in",
    "E054": "an expectation that cannot be read",
    # warnings
    "W001": "the rule has no test",
    "W002": "no test shows what the rule must leave alone",
    "W003": "AND and OR side by side without brackets",
    "W004": "the word is also an everyday word",
    "W005": "the rule is switched off",
    "W006": "the rule expires, or has expired",
    "W040": "two seeds share a name",
    "W041": "the seed has no name",
}
"""What each code means, in a few words: ``E…`` keeps the file from being used, ``W…`` does not."""
