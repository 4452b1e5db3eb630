"""English words get their forms here, at compile time; nothing is inflected while an item is read."""

from __future__ import annotations

import re

# base: (past, participle); equal forms are written once
_IRREGULAR = {
    "be": ("was", "been"),
    "become": ("became", "become"),
    "begin": ("began", "begun"),
    "bet": ("bet",),
    "bid": ("bid",),
    "break": ("broke", "broken"),
    "bring": ("brought",),
    "build": ("built",),
    "burn": ("burned",),
    "buy": ("bought",),
    "cast": ("cast",),
    "catch": ("caught",),
    "cling": ("clung",),
    "come": ("came", "come"),
    "cut": ("cut",),
    "do": ("did", "done"),
    "draw": ("drew", "drawn"),
    "dream": ("dreamt",),
    "drive": ("drove", "driven"),
    "fall": ("fell", "fallen"),
    "feel": ("felt",),
    "find": ("found",),
    "forbear": ("forbore", "forborne"),
    "foresee": ("foresaw", "foreseen"),
    "forget": ("forgot", "forgotten"),
    "forgo": ("forwent", "forgone"),
    "forswear": ("forswore", "forsworn"),
    "freeze": ("froze", "frozen"),
    "get": ("got", "gotten"),
    "give": ("gave", "given"),
    "go": ("went", "gone"),
    "hang": ("hung",),
    "have": ("had",),
    "hear": ("heard",),
    "hit": ("hit",),
    "hold": ("held",),
    "hurt": ("hurt",),
    "keep": ("kept",),
    "know": ("knew", "known"),
    "lay": ("laid",),
    "lead": ("led",),
    "lean": ("leaned",),
    "leave": ("left",),
    "lend": ("lent",),
    "let": ("let",),
    "lose": ("lost",),
    "make": ("made",),
    "mean": ("meant",),
    "meet": ("met",),
    "pay": ("paid",),
    "put": ("put",),
    "quit": ("quit",),
    "retake": ("retook", "retaken"),
    "ring": ("rang", "rung"),
    "rip": ("ripped",),
    "run": ("ran", "run"),
    "say": ("said",),
    "see": ("saw", "seen"),
    "seek": ("sought",),
    "sell": ("sold",),
    "send": ("sent",),
    "set": ("set",),
    "sever": ("severed",),
    "shake": ("shook", "shaken"),
    "shoot": ("shot",),
    "show": ("showed", "shown"),
    "shut": ("shut",),
    "sink": ("sank", "sunk"),
    "slam": ("slammed",),
    "slay": ("slew", "slain"),
    "speak": ("spoke", "spoken"),
    "stand": ("stood",),
    "strike": ("struck",),
    "swear": ("swore", "sworn"),
    "take": ("took", "taken"),
    "talk": ("talked",),
    "tear": ("tore", "torn"),
    "tell": ("told",),
    "think": ("thought",),
    "throw": ("threw", "thrown"),
    "understand": ("understood",),
    "undertake": ("undertook", "undertaken"),
    "unwind": ("unwound",),
    "wear": ("wore", "worn"),
    "win": ("won",),
    "wind": ("wound",),
    "withdraw": ("withdrew", "withdrawn"),
    "withhold": ("withheld",),
    "write": ("wrote", "written"),
}
_VOWELS = "aeiou"
_ONE_SYLLABLE = re.compile(r"(?:[^aeiouy]|qu)*[aeiou][^aeiouywx]")  # ends as *plan* does
_LAST_SYLLABLE = re.compile(r".*[^aeiouy][aeiou][^aeiouywx]")


def verb_forms(base: str) -> dict[str, str]:
    """Return surface form → form letters: b base, s third person, d past, n participle, g -ing."""
    if base == "be":
        return {"be": "b", "is": "s", "are": "s", "was": "d", "were": "d", "been": "n", "being": "g"}
    past = _IRREGULAR.get(base)
    simple, participle = ((past[0],), (past[-1],)) if past else (_ed(base), _ed(base))
    forms: dict[str, str] = {}
    for surfaces, letter in (
        ((base,), "b"),
        ((_third(base),), "s"),
        (simple, "d"),
        (participle, "n"),
        (_ing(base), "g"),
    ):
        for surface in surfaces:
            forms[surface] = forms.get(surface, "") + letter
    if base == "have":
        forms["has"] = forms.pop("haves")
    return forms


def plural(noun: str) -> str:
    """Return the regular English plural."""
    return _third(noun)


def _third(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh")) or base in {"go", "do", "veto", "forgo", "undergo"}:
        return base + "es"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ies"
    return base + "s"


def _stems(base: str) -> tuple[str, ...]:
    """The stems before -ed and -ing: *plann*, but *visit* and *visitt* alike; a form that is no word does no harm."""
    if _ONE_SYLLABLE.fullmatch(base):
        return (base + base[-1],)
    return (base, base + base[-1]) if _LAST_SYLLABLE.fullmatch(base) else (base,)


def _ed(base: str) -> tuple[str, ...]:
    if base.endswith("e"):
        return (base + "d",)
    if base.endswith("y") and base[-2] not in _VOWELS:
        return (base[:-1] + "ied",)
    return tuple(stem + "ed" for stem in _stems(base))


def _ing(base: str) -> tuple[str, ...]:
    if base.endswith("ie"):
        return (base[:-2] + "ying",)
    if base.endswith("e") and not base.endswith(("ee", "ye", "oe")):
        return (base[:-1] + "ing",)
    return tuple(stem + "ing" for stem in _stems(base))
