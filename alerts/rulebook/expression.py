"""The match language becomes a tree: words, "phrases", $names, NEAR/n, NOT, AND, OR and brackets.

Binding, tightest first: NOT, NEAR, AND, OR. Two words without an operator are a problem, never a guess.
``write`` gives a tree back as text that reads as the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from alerts.model.expression import And, Expression, Names, Near, Not, Or, Term
from alerts.model.seed import Seeds
from alerts.model.suggest import did_you_mean
from alerts.rulebook.document import Node
from alerts.rulebook.findings import Findings

__all__ = ["has_anchor", "parse_expression", "write"]

DEEPEST = 50
"""Brackets inside one another."""

WIDEST = 50
"""The largest n of NEAR/n; who needs more means AND."""

LONGEST_PHRASE = 20
"""Words of a phrase, and of a name in seeds."""

SHORTEST_STEM = 3
"""Letters before a ``*``."""

_TOKEN = re.compile(
    r"""\s+ | (?P<open>\() | (?P<close>\)) | ["“”„](?P<phrase>[^"“”„]*)["“”] | (?P<quote>["“”„])
    | \$(?P<name>[^\s()"“”„]*) | (?P<near>NEAR(?:/[^\s()"“”„]*)?)(?![^\s()"“”„])
    | (?P<operator>AND|OR|NOT)(?![^\s()"“”„]) | (?P<word>[^\s()"“”„]+)""",
    re.VERBOSE,
)
_GAP = re.compile(r"NEAR/(\d{1,4})")
_QUOTES = "'‘’`"
_EVERYDAY = frozenset(("US", "IT", "WHO", "AID", "ICE", "AM", "IS", "OR", "IN", "UP", "SO", "MAY"))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def expression_at(key: str, node: Node, text: str, seeds: Seeds, findings: Findings) -> Expression | None:
    """Read the expression of a key from the file's own text, so that every place is the author's."""
    if node.items is not None or node.entries is not None or not node.value.strip():
        return None
    if node.style in {'"', "'"}:
        hint = f"Write '{key}: >' and the expression in the next line, indented."
        findings.add("E023", node.at, f"an expression that begins with a quote goes under '{key}: >'", hint)
        return None
    start = text.find("\n", node.at) + 1 if node.style in {"|", ">"} else node.at
    return parse_expression(text, (start, node.end), seeds, findings)


def parse_expression(text: str, span: tuple[int, int], seeds: Seeds, findings: Findings) -> Expression | None:
    """Return the expression that stands in ``text`` between ``span``; None, and problems in place, if it is none."""
    tokens = list(_tokens(text, span, findings))
    if not tokens:
        findings.add("E025", span[0], "the expression is empty", "Write what to look for, e.g. ceasefire OR truce.")
        return None
    if not _brackets_pair(tokens, findings):
        return None
    tree = _Parser([*tokens, _Token("end", "", span[1])], seeds, findings).read()
    if tree is None or has_anchor(tree):
        return tree
    findings.add(
        "E027",
        tokens[0].at,
        "this holds for almost any text: nothing has to be there",
        "Name what must be there, e.g. truce AND NOT tariff.",
    )
    return None


def has_anchor(tree: Expression) -> bool:
    """Whether a text must hold something for ``tree`` to hold."""
    match tree:
        case And(parts):
            return any(has_anchor(part) for part in parts)
        case Or(parts):
            return all(has_anchor(part) for part in parts)
        case Not():
            return False
    return True


# --- tokens -------------------------------------------------------------------------------------


def _tokens(text: str, span: tuple[int, int], findings: Findings) -> Iterator[_Token]:
    at = span[0]
    while at < span[1] and (match := _TOKEN.match(text, at, span[1])):
        at = match.end()
        if match.lastgroup == "quote":
            findings.add("E024", match.start(), "this quote is not closed", 'A phrase: "30-day ceasefire".')
            yield _Token("broken", "", match.start())
            return
        if match.lastgroup:
            yield _Token(match.lastgroup, match[match.lastgroup], match.start())


def _brackets_pair(tokens: list[_Token], findings: Findings) -> bool:
    opened: list[_Token] = []
    for token in tokens:
        if token.kind == "broken":
            return False
        if token.kind == "open":
            opened.append(token)
        elif token.kind == "close" and not opened:
            findings.add("E024", token.at, "this ')' closes nothing", "Remove it, or open a bracket before it.")
            return False
        elif token.kind == "close":
            opened.pop()
        if len(opened) > DEEPEST:
            findings.add(
                "E026", token.at, f"brackets more than {DEEPEST} deep", "Put alternatives side by side with OR."
            )
            return False
    if opened:
        findings.add("E024", opened[-1].at, "this '(' is never closed", "Close it with ')'.")
    return not opened


# --- the grammar --------------------------------------------------------------------------------


class _Parser:
    """Recursive descent; after a problem it goes on as if the likeliest mend had been made."""

    def __init__(self, tokens: list[_Token], seeds: Seeds, findings: Findings) -> None:
        self._tokens = tokens
        self._i = 0
        self._seeds = seeds
        self._findings = findings
        self._sound = True
        self._quiet = -1  # the token up to which everything has been said

    def read(self) -> Expression | None:
        """Return the whole expression, None after any problem."""
        tree = self._or()
        return tree if self._sound else None

    def _or(self) -> Expression:
        start = self._token
        first, is_mixed = self._and()
        parts = [first]
        while self._operator("OR"):
            part, has_and = self._and()
            is_mixed = is_mixed or has_and
            parts.append(part)
        if is_mixed and len(parts) > 1:
            self._findings.add("W003", start.at, "AND binds tighter than OR here", "Put brackets where you mean them.")
        return _flat(Or, parts)

    def _and(self) -> tuple[Expression, bool]:
        parts = [self._near()]
        while self._token.kind not in {"end", "close"} and not self._is_operator("OR"):
            if not self._operator("AND"):
                self._missing_operator()
            parts.append(self._near())
        return _flat(And, parts), len(parts) > 1

    def _near(self) -> Expression:
        start = self._token
        left = self._not()
        if self._token.kind != "near":
            return left
        gap = self._gap()
        right = self._not()
        if self._token.kind == "near":
            self._problem("E028", self._token, "NEAR joins two sides", "Write (a NEAR/3 b) AND (b NEAR/3 c).")
            self._i += 1
            right = self._not()
        if not (_is_place(left) and _is_place(right)):
            text = "NEAR joins words, phrases, $names, and OR-groups of them"
            self._problem("E028", start, text, "Put NOT, AND and other NEAR outside, with brackets.")
        return Near(left, right, gap)

    def _not(self) -> Expression:
        negative = False
        while self._operator("NOT"):
            negative = not negative
        part = self._operand()
        return Not(part) if negative else part

    def _operand(self) -> Expression:
        token = self._token
        if token.kind in {"end", "close", "operator", "near"}:
            return self._missing_operand(token)
        self._i += 1
        if token.kind == "open":
            tree = self._or()
            self._i += self._token.kind == "close"
            return tree
        if token.kind == "name":
            return self._name(token)
        return self._phrase(token) if token.kind == "phrase" else self._word(token)

    # --- leaves

    def _name(self, token: _Token) -> Expression:
        if token.text not in self._seeds:
            hint = did_you_mean(token.text, (seed.id for seed in self._seeds)).replace("mean '", "mean '$")
            self._problem("E021", token, f"unknown name '${token.text}'", hint or " Names are the ids in seeds/.")
        elif not self._seeds[token.text].names:
            self._problem("E021", token, f"'${token.text}' has no names to look for", "Give the seed names.")
        return Names(token.text)

    def _phrase(self, token: _Token) -> Expression:
        words = tuple(word for word in token.text.split() if any(map(str.isalnum, word)))
        if not words:
            self._problem("E020", token, "the phrase is empty", "Write its words between the quotes.")
            return Term(("?",))
        if len(words) > LONGEST_PHRASE:
            self._problem("E020", token, f"a phrase of more than {LONGEST_PHRASE} words", "Keep those that matter.")
        return self._term(token, words)

    def _word(self, token: _Token) -> Expression:
        word = token.text
        if self._i - 1 <= self._quiet:
            return Term((word,))
        for is_wrong, text, hint in (
            (word[0] in "+-", f"'{word}' is no operator", _meant(word) or "Remove it."),
            (word[0] in _QUOTES or word[-1] in _QUOTES, f"{word} has single quotes", 'A phrase: "30-day ceasefire".'),
            (word in {",", ";"} or word[-1] in ",;|", f"'{word}' ends in '{word[-1]}'", "Put OR between alternatives."),
            (not any(map(str.isalnum, word)), f"there is nothing to look for in '{word}'", "Remove it."),
        ):
            if is_wrong:
                self._problem("E020", token, text, hint)
                return Term((word,))
        if word in _EVERYDAY:
            text = f"matching is without case: '{word}' also finds '{word.lower()}'"
            self._findings.add("W004", token.at, text, "Take a longer name, or a $name.")
        return self._term(token, (word,))

    def _term(self, token: _Token, words: tuple[str, ...]) -> Expression:
        stem = words[-1].removesuffix("*")
        is_prefix = stem != words[-1]
        if any("*" in word for word in (*words[:-1], stem)):
            self._problem("E029", token, "a * stands only at the end of the last word", "Write sanction*.")
        elif is_prefix and sum(map(str.isalnum, stem)) < SHORTEST_STEM:
            self._problem("E029", token, f"fewer than {SHORTEST_STEM} letters before the *", "Write more of the word.")
        return Term((*words[:-1], stem), is_prefix)

    # --- what goes wrong

    def _gap(self) -> int:
        token = self._token
        self._i += 1
        match = _GAP.fullmatch(token.text)
        if match and int(match[1]) <= WIDEST:
            return int(match[1])
        text = "NEAR takes the number of words that may stand between"
        self._problem("E020", token, text, f"Write NEAR/3; at most NEAR/{WIDEST}.")
        return 0

    def _missing_operand(self, token: _Token) -> Expression:
        before = self._tokens[self._i - 1] if self._i else None
        if before is not None and before.kind in {"operator", "near"}:
            self._problem("E025", before, f"nothing stands after {before.text}", "Write what it joins, or remove it.")
        elif token.kind in {"operator", "near"}:
            self._problem("E025", token, f"nothing stands before {token.text}", "Write what it joins, or remove it.")
        else:
            self._problem("E025", before or token, "there is nothing between the brackets", "Write a word there.")
        return Term(("?",))

    def _missing_operator(self) -> None:
        if self._i <= self._quiet:
            return
        before, here = self._tokens[self._i - 1], self._token
        run = self._run() if before.kind == here.kind == "word" else []
        meant = next((token for token in run if _meant(token.text)), None)
        if meant:
            self._problem("E020", meant, f"'{meant.text}' is no operator", _meant(meant.text))
        elif self._is_operator("NOT"):
            self._problem("E022", here, "NOT follows without AND or OR", "Write AND NOT.")
        elif run:
            words = [token.text for token in run]
            hint = f'Write "{" ".join(words)}" for the phrase, or {" AND ".join(words)}.'
            self._problem("E022", before, f"no operator between '{words[0]}' and '{words[1]}'", hint)
        else:
            self._problem("E022", here, "no operator before this", "Write AND or OR.")
        self._quiet = max(self._quiet, self._i - 2 + len(run))

    def _run(self) -> list[_Token]:
        """The words that stand side by side, from the one before the next token."""
        last = self._i
        while self._tokens[last].kind == "word":
            last += 1
        return self._tokens[self._i - 1 : last]

    def _problem(self, code: str, token: _Token, text: str, hint: str) -> None:
        self._sound = False
        self._quiet = max(self._quiet, self._i)
        self._findings.add(code, token.at, text, hint)

    # --- the next token

    @property
    def _token(self) -> _Token:
        return self._tokens[self._i]

    def _is_operator(self, name: str) -> bool:
        return self._token.kind == "operator" and self._token.text == name

    def _operator(self, name: str) -> bool:
        """Take the operator if it comes next."""
        if is_next := self._is_operator(name):
            self._i += 1
        return is_next


def _meant(word: str) -> str:
    """What to write for a word that was meant as an operator; empty for any other."""
    if word.upper() in {"AND", "OR", "NOT"} or re.fullmatch(r"(?i)near[/:]?\d+", word):
        return f"Operators are capitals: {word.upper().replace(':', '/')}."
    if word[0] in "+-" and word[1:]:
        return f"Write AND{' NOT' if word[0] == '-' else ''} {word[1:]}."
    if word in {"&", "&&", "+"}:
        return "Write AND."
    return "Write OR." if word in {"|", "||", "/"} else ""


def _flat(join: type[And] | type[Or], parts: list[Expression]) -> Expression:
    if len(parts) == 1:
        return parts[0]
    return join(tuple(inner for part in parts for inner in (part.parts if isinstance(part, join) else (part,))))


def _is_place(tree: Expression) -> bool:
    """Whether ``tree`` stands somewhere in a sentence: a word, a phrase, names, or one of several such."""
    return isinstance(tree, Term | Names) or (isinstance(tree, Or) and all(map(_is_place, tree.parts)))


# --- back to text -------------------------------------------------------------------------------

_PLAIN = re.compile(r"[^\s()\"“”„$*'‘’`,;|&+-][^\s()\"“”„*]*(?<![,;|'‘’`])")


def write(tree: Expression) -> str:
    """Return ``tree`` as an author would write it."""
    match tree:
        case Term(words, prefix):
            text = " ".join(words) + "*" * prefix
            is_plain = len(words) == 1 and _PLAIN.fullmatch(words[0]) and words[0] not in {"AND", "OR", "NOT"}
            return text if is_plain and not re.match("(?i)near", text) else f'"{text}"'
        case Names(seed):
            return f"${seed}"
        case Near(left, right, gap):
            return f"{_bracketed(left)} NEAR/{gap} {_bracketed(right)}"
        case Not(part):
            return f"NOT {_bracketed(part)}"
        case And(parts):
            return " AND ".join(map(_bracketed, parts))
        case Or(parts):
            return " OR ".join(map(_bracketed, parts))


def _bracketed(tree: Expression) -> str:
    return f"({write(tree)})" if isinstance(tree, And | Or | Near) else write(tree)
