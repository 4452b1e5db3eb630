"""What the tests in rule files reach, and what no test reaches: answers, verdicts, kinds of claims, languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from alerts.judging.claims import ClaimJudge, fits
from alerts.judging.explain_gates import any_of
from alerts.judging.rehearsal import SILENCE, TestResult, item_of
from alerts.judging.trust import ANYONE, settlers
from alerts.model.claim import Claim, ClaimSelector, Context, Factuality
from alerts.model.question import Answer, InlineTest, Question, Status
from alerts.model.verdict import VerdictKind
from alerts.reading.reader import read

LANGUAGES = ("en", "ru", "uk")
"""The languages whose claims are read; a question with answers is tested in each."""

_SILENCE = "silence"
_UKRAINIAN = frozenset("іїєґІЇЄҐ")


class Part(StrEnum):
    """What of a rule a test reaches, or does not."""

    ANSWER = "answer"
    VERDICT = "verdict"
    CLAIM = "claim"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something of a rule that no test reaches; ``is_error`` where a stable rule would tell it all the same."""

    part: Part
    name: str
    says: str
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the tests of one rule reach: how many say each answer, verdict and language. Failed tests reach nothing."""

    question: str
    path: str
    status: Status
    tests: int
    failed: int
    answers: Mapping[str, int]
    verdicts: Mapping[str, int]
    languages: Mapping[str, int]
    gaps: tuple[Gap, ...]

    @property
    def has_errors(self) -> bool:
        """Whether an answer that would be sent has no test."""
        return any(gap.is_error for gap in self.gaps)


def coverage(
    questions: Iterable[Question], results: Iterable[TestResult], judge: ClaimJudge | None
) -> tuple[Coverage, ...]:
    """Return what the results of their tests reach of each question; ``judge`` is the assessor's reader of claims."""
    passed: dict[tuple[str, int], TestResult] = {(one.question, one.line): one for one in results if one.passed}
    return tuple(
        _coverage(question, [one for one in question.tests if (question.id, one.line) in passed], judge)
        for question in questions
    )


def _coverage(question: Question, passed: list[InlineTest], judge: ClaimJudge | None) -> Coverage:
    labels = [label for test in passed for label in test.expected]
    answers, verdicts = Counter({one.id: 0 for one in question.answers}), Counter(dict.fromkeys(_wanted(question), 0))
    for label in labels:
        answer, kind = _parted(label)
        verdicts[kind] += 1
        if kind in {VerdictKind.ASSERTED, VerdictKind.CLAIMED}:
            answers[answer] += 1
    languages = Counter(_language(test) for test in passed)
    gaps = (
        *_untold(question, answers),
        *(_gap_of_verdict(one) for one in _wanted(question) if not verdicts[one]),
        *_unread(question, passed, answers, judge),
        *(() if question.watches else (_gap_of_language(one) for one in LANGUAGES if not languages[one])),
    )
    return Coverage(
        question=question.id,
        path=question.path,
        status=question.status,
        tests=len(question.tests),
        failed=len(question.tests) - len(passed),
        answers=dict(answers),
        verdicts=dict(verdicts),
        languages=dict(languages),
        gaps=gaps,
    )


def _parted(label: str) -> tuple[str, str]:
    """Return the answer and the kind of verdict that a label of a test line stands for."""
    if label in SILENCE:
        return "", _SILENCE
    if label == VerdictKind.UNCLEAR:
        return "", label
    answer, _, kind = label.partition("/")
    return answer, kind or VerdictKind.ASSERTED


def _wanted(question: Question) -> tuple[str, ...]:
    """Return the kinds of verdicts that the question can give."""
    selectors = [(answer, one) for answer in question.answers for one in answer.claims]
    wanted = [VerdictKind.ASSERTED.value]
    if any(ANYONE not in settlers(question, *one) for one in selectors):
        wanted.append(VerdictKind.CLAIMED.value)
    if selectors:
        wanted.append(VerdictKind.DENIED.value)
    if any(one.actors and one.objects for _, one in selectors):
        wanted.append(VerdictKind.UNCLEAR.value)
    return (*wanted, _SILENCE)


def _untold(question: Question, answers: Mapping[str, int]) -> Iterator[Gap]:
    for answer in question.answers:
        if not answers[answer.id]:
            says = f"no test expects '{answer.id}'. Add a line: {answer.id} | a headline that says: {answer.says}"
            yield Gap(part=Part.ANSWER, name=answer.id, says=says, is_error=question.status is Status.STABLE)


_LINES = {
    VerdictKind.ASSERTED: "an answer | a headline that says so",
    VerdictKind.CLAIMED: "an answer/claimed | a headline in which somebody else says so",
    VerdictKind.DENIED: "an answer/denied | a headline in which the report of it is denied",
    VerdictKind.UNCLEAR: "unclear | a headline that names actor and thing, and does not say what is between them",
    _SILENCE: "- | a headline that comes near, and must be left alone",
}


def _gap_of_verdict(kind: str) -> Gap:
    return Gap(part=Part.VERDICT, name=kind, says=f"no test expects {kind}. Add a line: {_LINES[kind]}")


def _gap_of_language(lang: str) -> Gap:
    return Gap(
        part=Part.LANGUAGE, name=lang, says=f"no test is in '{lang}'. Add a line: [{lang}] an answer | a headline"
    )


def _unread(
    question: Question, passed: Iterable[InlineTest], answers: Mapping[str, int], judge: ClaimJudge | None
) -> Iterator[Gap]:
    """Yield the claims of an answer that no test of it makes; an answer without any test is a gap of its own."""
    several = [one for one in question.answers if len(one.claims) > 1 and answers[one.id]]
    if judge is None or not several:
        return
    telling = [test for test in passed if test.expected != SILENCE]
    claims = {test.line: read(item_of(test), judge.known).claims for test in telling}
    for answer in several:
        made = [claim for test in telling if _tells(test, answer) for claim in claims[test.line]]
        yield from (_gap_of_claim(answer, one) for one in answer.claims if not _is_made(one, made, judge))


def _tells(test: InlineTest, answer: Answer) -> bool:
    return any(_parted(label)[0] == answer.id for label in test.expected)


def _is_made(selector: ClaimSelector, claims: Iterable[Claim], judge: ClaimJudge) -> bool:
    return any(fits(selector, claim, judge.known) for claim in claims)


def _gap_of_claim(answer: Answer, selector: ClaimSelector) -> Gap:
    ends = (any_of(ids) for ids in (selector.actors, selector.objects) if ids)
    readings = [
        *([selector.factuality] if selector.factuality is not Factuality.ASSERTED else []),
        *([selector.context] if selector.context is not Context.CURRENT else []),
    ]
    name = " · ".join((any_of(selector.events), *ends, *readings))
    return Gap(part=Part.CLAIM, name=name, says=f"no test of '{answer.id}' makes the claim {name}")


def _language(test: InlineTest) -> str:
    """Return the language a test names; else what its letters say."""
    if test.lang:
        return test.lang.partition("-")[0]
    if not any("\u0400" <= letter <= "\u052f" for letter in test.title):
        return "en"
    return "uk" if _UKRAINIAN & set(test.title) else "ru"
