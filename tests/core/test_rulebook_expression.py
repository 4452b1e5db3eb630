"""The match language reads as its manual says: binding, brackets, places of mistakes, and back to text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model.expression import And, Expression, Names, Near, Not, Or, Term
from alerts.model.seed import Seed, Seeds
from alerts.rulebook.expression import has_anchor, parse_expression, write
from alerts.rulebook.findings import Findings

SEEDS = Seeds({"putin": Seed(id="putin", kind="person", names={"en": ("Putin",)})})


def read(text: str) -> Expression | None:
    return parse_expression(text, (0, len(text)), SEEDS, Findings("a", text))


def w(*words: str, prefix: bool = False) -> Term:
    return Term(words, prefix)


A, B, C = w("a"), w("b"), w("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("  a  ", A),
        ("ЗАЭС", w("ЗАЭС")),
        ('"a b"', w("a", "b")),
        ("“a b”", w("a", "b")),
        ('"a – b!"', w("a", "b!")),
        ("sanction*", w("sanction", prefix=True)),
        ('"new sanction*"', w("new", "sanction", prefix=True)),
        ("$putin", Names("putin")),
        ("a AND b", And((A, B))),
        ("a OR b OR c", Or((A, B, C))),
        ("(a OR b) OR c", Or((A, B, C))),
        ("a AND (b AND c)", And((A, B, C))),
        ("a OR b AND c", Or((A, And((B, C))))),
        ("(a OR b) AND c", And((Or((A, B)), C))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a AND NOT (b OR c)", And((A, Not(Or((B, C)))))),
        ("a AND NOT NOT b", And((A, B))),
        ("a NEAR/3 b", Near(A, B, 3)),
        ("a NEAR/0 b OR c", Or((Near(A, B, 0), C))),
        ("a AND b NEAR/5 c", And((A, Near(B, C, 5)))),
        ('(a OR "b c") NEAR/3 $putin', Near(Or((A, w("b", "c"))), Names("putin"), 3)),
        ("NOT (a NEAR/3 b) AND c", And((Not(Near(A, B, 3)), C))),
        ("AND-gate OR NOTHING OR ORDER OR NEARBY", Or((w("AND-gate"), w("NOTHING"), w("ORDER"), w("NEARBY")))),
        ("((((((a))))))", A),
        ("a\n  OR\n  b", Or((A, B))),
    ],
)
def test_an_expression_reads_as_the_manual_says(text: str, tree: Expression) -> None:
    assert read(text) == tree


def test_brackets_of_fifty_deep_are_read_and_deeper_ones_refused() -> None:
    assert read("(" * 50 + "a" + ")" * 50) == A
    assert read("(" * 51 + "a" + ")" * 51) is None


def test_what_holds_for_almost_any_text_has_no_anchor() -> None:
    without: list[Expression] = [Not(A), Or((A, Not(B))), And((Not(A), Not(B)))]
    anchored: list[Expression] = [A, Names("putin"), Near(A, B, 3), And((Not(A), B)), Or((A, And((B, Not(C)))))]
    assert [has_anchor(tree) for tree in [*without, *anchored]] == [False] * 3 + [True] * 5


words = st.text(alphabet="abкґ7-'é*$(\"AND", min_size=1, max_size=6).filter(lambda t: any(map(str.isalnum, t)))
plain = st.sampled_from(["truce", "ЗАЭС", "30-day", "it's", "F-16", "AND", "or", "near", "NEAR/3", "a,b"]) | words.map(
    lambda t: "".join(c for c in t if c not in '*$("') or "x"
).filter(lambda t: any(map(str.isalnum, t)))
terms = st.lists(plain, min_size=1, max_size=3).map(lambda ws: Term(tuple(ws)))
stems = plain.filter(lambda t: sum(map(str.isalnum, t)) > 2).map(lambda t: Term((t,), True))
leaves = terms | stems | st.just(Names("putin"))
spots = leaves | st.lists(leaves, min_size=2, max_size=3).map(lambda ls: Or(tuple(ls)))
nears = st.builds(Near, spots, spots, st.integers(0, 50))


def joined(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    some = st.lists(parts, min_size=2, max_size=3)
    return (
        some.map(lambda ps: And(tuple(i for p in ps for i in (p.parts if isinstance(p, And) else (p,)))))
        | some.map(lambda ps: Or(tuple(i for p in ps for i in (p.parts if isinstance(p, Or) else (p,)))))
        | parts.filter(lambda p: not isinstance(p, Not)).map(Not)
    )


trees = st.recursive(leaves | nears, joined, max_leaves=8)


@given(trees)
def test_a_tree_written_out_reads_as_the_same_tree(tree: Expression) -> None:
    assert read(write(And((w("x"), tree)))) == And((w("x"), *(tree.parts if isinstance(tree, And) else (tree,))))


@given(
    st.lists(
        st.sampled_from(
            ["a", "b*", "AND", "OR", "NOT", "NEAR/3", "NEAR", "(", ")", '"', "$putin", "$x", "-", "or", "|", "'"]
        )
    )
)
def test_any_tokens_are_a_tree_or_problems_inside_the_text(tokens: list[str]) -> None:
    text = " ".join(tokens)
    findings = Findings("a", text)
    tree = parse_expression(text, (0, len(text)), SEEDS, findings)
    assert (tree is None) == findings.has_errors
    assert all(one.line == 1 and 1 <= one.col <= len(text) + 1 for one in findings)
