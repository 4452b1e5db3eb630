"""The inventory: every construction in which newsrooms say an event, with every verb of it; what is told, what not."""

from __future__ import annotations

import pytest
from claims_house import labels

# A verb as headlines have it: present, past, participle, base, gerund.
ACCEPT = [
    ("accepts", "accepted", "accepted", "accept", "accepting"),
    ("approves", "approved", "approved", "approve", "approving"),
    ("backs", "backed", "backed", "back", "backing"),
    ("endorses", "endorsed", "endorsed", "endorse", "endorsing"),
    ("embraces", "embraced", "embraced", "embrace", "embracing"),
    ("green-lights", "green-lighted", "green-lighted", "green-light", "green-lighting"),
]
REJECT = [
    ("rejects", "rejected", "rejected", "reject", "rejecting"),
    ("dismisses", "dismissed", "dismissed", "dismiss", "dismissing"),
    ("spurns", "spurned", "spurned", "spurn", "spurning"),
    ("rebuffs", "rebuffed", "rebuffed", "rebuff", "rebuffing"),
    ("turns down", "turned down", "turned down", "turn down", "turning down"),
    ("rules out", "ruled out", "ruled out", "rule out", "ruling out"),
]
TOLD = {
    "active": "Russia {0} 30-day ceasefire",
    "past": "Russia {1} 30-day ceasefire on Tuesday",
    "perfect": "Putin has {2} the US-proposed ceasefire",
    "passive": "30-day ceasefire {2} by Russia",
    "reported": "Kremlin says Russia {0} 30-day ceasefire",
    "reported with that": "Lavrov says that Russia has {2} the truce",
    "colon": "Kremlin: Russia {0} truce",
    "tail": "Russia {0} truce, Peskov says",
    "dash": "Russia {0} truce - Kremlin",
    "apposition": "Putin, the Russian president, {0} ceasefire",
    "adverb": "Russia formally {0} ceasefire",
    "modifier": "Russia {0} US proposal for 30-day ceasefire",
    "label": "Ukraine war: Russia {0} ceasefire",
    "live": "Live: Moscow {0} ceasefire",
    "contrast": "Kyiv waits but Russia {0} ceasefire",
    "second clause": "Putin thanks Trump and {0} ceasefire",
    "as": "Oil falls as Russia {0} ceasefire in Ukraine",
    "after a quote": "'We have decided': Russia {0} ceasefire",
    "participle clause": "Putin, defying critics, {0} ceasefire",
    "people who speak": "Russian government {0} ceasefire",
}
SILENT = {
    "hoped": "Trump hopes Russia {0} 30-day ceasefire",
    "asked": "Trump urges Russia to {3} 30-day ceasefire",
    "expected": "Russia expected to {3} ceasefire",
    "may": "Russia may {3} ceasefire",
    "might": "Putin might {3} ceasefire, analysts say",
    "question": "Will Russia {3} ceasefire?",
    "whether": "Kremlin mulls whether to {3} ceasefire",
    "condition": "If Russia {0} ceasefire, talks begin",
    "background": "Missile hits Odesa days after Russia {1} ceasefire",
    "ready": "Putin ready to {3} ceasefire",
    "pressed": "Europe presses Putin to {3} ceasefire",
    "opinion": "Opinion: Russia {0} ceasefire",
    "why": "Why Russia {0} ceasefire",
    "another actor": "Ukraine {0} 30-day ceasefire",
    "another war": "Hamas {0} Gaza ceasefire",
    "doubted": "Zelensky doubts Russia {0} ceasefire",
    "feared": "Europe fears Russia {0} ceasefire",
    "year": "In 2022 Russia {1} ceasefire",
}
CLAIMED = {
    "colon": "Trump: Russia {0} ceasefire",
    "reported": "Trump says Russia {0} ceasefire",
    "tail": "Russia {0} ceasefire, Zelensky says",
    "sources": "Russia {0} ceasefire, sources say",
    "according": "Russia {0} ceasefire, according to the White House",
    "somebody's minister": "Russia {0} ceasefire, Poland's foreign minister says",
}


def _cases(frames: dict[str, str]) -> list[tuple[str, str, str]]:
    return [
        (name, answer, frame.format(*verb))
        for name, frame in frames.items()
        for answer, verbs in (("accepted", ACCEPT), ("rejected", REJECT))
        for verb in verbs
    ]


@pytest.mark.parametrize("name", TOLD)
def test_a_construction_tells_the_answer_with_every_verb(name: str) -> None:
    for _, answer, title in _cases({name: TOLD[name]}):
        assert labels("ceasefire-acceptance", title) == {answer}, title


@pytest.mark.parametrize("name", SILENT)
def test_a_construction_that_tells_no_fact_is_silent_with_every_verb(name: str) -> None:
    for _, _, title in _cases({name: SILENT[name]}):
        assert labels("ceasefire-acceptance", title) <= {"-", "unclear"}, title


@pytest.mark.parametrize("name", CLAIMED)
def test_who_cannot_settle_it_claims_it_with_every_verb(name: str) -> None:
    for _, answer, title in _cases({name: CLAIMED[name]}):
        assert labels("ceasefire-acceptance", title) == {f"{answer}/claimed"}, title


NEGATED = ["does not {3}", "did not {3}", "will not {3}", "won't {3}", "refuses to {3}", "declines to {3}"]


@pytest.mark.parametrize("negation", NEGATED)
def test_a_yes_denied_is_a_no_and_a_no_denied_is_no_yes(negation: str) -> None:
    for verb in ACCEPT:
        title = f"Russia {negation.format(*verb)} 30-day ceasefire"
        assert labels("ceasefire-acceptance", title) == {"rejected"}, title
    for verb in REJECT:
        title = f"Russia {negation.format(*verb)} 30-day ceasefire"
        assert not labels("ceasefire-acceptance", title) & {"accepted", "rejected"}, title


OTHERS = {
    # nominal, light verb, predicate, evaluation, elliptic, obtained, promised, tied
    "accepted": [
        "Russia gives green light to 30-day ceasefire",
        "Putin gives his blessing to truce",
        "Kremlin confirms Putin's acceptance of the ceasefire",
        "Ceasefire wins Kremlin backing",
        "Truce gets Putin's approval",
        "Putin: yes to ceasefire",
        "Russia says it will accept ceasefire",
        "Russia will observe 30-day ceasefire, Kremlin says",
        "Moscow lifts its objections to ceasefire",
    ],
    "rejected": [
        "Russia gives cold shoulder to truce",
        "Kremlin announces rejection of ceasefire",
        "Putin in no mood for ceasefire",
        "Ceasefire unacceptable, Kremlin says",
        "Truce is a non-starter, Lavrov says",
        "Kremlin: no to ceasefire",
        "Lavrov: will not accept ceasefire",
        "No ceasefire in Ukraine, Putin says",
        "Russia sees no grounds for ceasefire",
    ],
    "accepted_with_conditions": [
        "Putin ties ceasefire to arms deliveries",
        "Russia sets tough conditions for ceasefire",
        "Putin backs ceasefire, demands guarantees",
        "Russia accepts ceasefire but names conditions",
        "Kremlin agrees to truce on condition that Kyiv disarms",
        "Ukraine ceasefire: Putin sets his conditions",
        "Putin agrees in principle to truce",
        "Russia will halt hostilities once Kyiv leaves Donbas, Putin says",
    ],
    "undecided": [
        "Kremlin studying truce proposal",
        "No decision on ceasefire yet, Kremlin says",
        "Russia has yet to respond to ceasefire plan",
        "Moscow awaits details of truce plan",
    ],
    "withdrawn": [
        "Russia pulls out of ceasefire",
        "Moscow no longer bound by ceasefire",
        "Kremlin announces end of truce",
        "Russia suspends its participation in ceasefire",
    ],
    "-": [
        "Putin announces ceasefire proposal",
        "Putin announces plan for ceasefire",
        "Kremlin rejects calls to withdraw from truce",
        "Russia drops bombs as ceasefire looms",
        "Zelensky's foreign minister says no ceasefire in sight",
    ],
}


@pytest.mark.parametrize(("answer", "title"), [(one, title) for one, titles in OTHERS.items() for title in titles])
def test_other_ways_to_say_it(answer: str, title: str) -> None:
    got = labels("ceasefire-acceptance", title)
    assert got == {answer} or (answer == "-" and got == {"unclear"}), title
