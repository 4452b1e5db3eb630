"""An English word becomes all its forms, by rules and a table of what breaks them; in both directions.

``accept`` gives *accepts accepted accepting*, ``plants`` gives *plant*. A form that is no word (*plannings*) does no
harm, a form that is another word (*new* for ``news``) would: the tables below are there for those.
"""

from __future__ import annotations

import re


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# Base form first, then what takes the place of the regular past; -s and -ing are regular unless they are listed.
_VERBS = """
arise arose arisen; awake awoke awoken; be am is are was were been being; bear bore borne born; beat beaten;
become became; begin began begun; bend bent; bet; bid; bind bound; bite bit bitten; blow blew blown;
break broke broken; breed bred; bring brought; broadcast; build built; burn burnt burned; burst; buy bought;
cast; catch caught; choose chose chosen; come came; cost; creep crept; cut; deal dealt; die died dying; dig dug;
do does did done; draw drew drawn; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen;
feed fed; feel felt; fight fought; find found; flee fled; fly flew flown flies; forbid forbade forbidden;
foresee foresaw foreseen; forget forgot forgotten; forgive forgave forgiven; freeze froze frozen;
get got gotten; give gave given; go went gone goes; grow grew grown; hang hung hanged; have has had; hear heard;
hide hid hidden; hit; hold held; hurt; keep kept; know knew known; lay laid; lead led; learn learnt learned;
leave left; lend lent; let; lie lied lying; light lit lighted; lose lost; make made; mean meant; meet met;
mislead misled; overcome overcame; oversee oversaw overseen; overthrow overthrew overthrown; pay paid;
prove proved proven; put; quit; read; rebuild rebuilt; repay repaid; rid; ride rode ridden; ring rang rung;
rise rose risen; run ran; say said; see saw seen; seek sought; sell sold; send sent; set; shake shook shaken;
shed; shoot shot; show showed shown; shrink shrank shrunk; shut; sing sang sung; sink sank sunk; sit sat;
sleep slept; slide slid; speak spoke spoken; spend spent; split; spread; spring sprang sprung; stand stood;
steal stole stolen; stick stuck; strike struck stricken; swear swore sworn; sweep swept; swim swam swum;
swing swung; take took taken; teach taught; tear tore torn; tell told; think thought; throw threw thrown;
tie tied tying; undergo underwent undergone undergoes; understand understood; undertake undertook undertaken;
uphold upheld; wake woke woken; wear wore worn; win won; withdraw withdrew withdrawn; withhold withheld;
withstand withstood; write wrote written; panic panicked panicking; agree agreed; disagree disagreed;
free freed; guarantee guaranteed; decree decreed; use used
"""
_NOUNS = """
man men; woman women; child children; person people; foot feet; tooth teeth; wife wives; life lives;
knife knives; half halves; leaf leaves; thief thieves; wolf wolves; crisis crises; analysis analyses;
thesis theses; hypothesis hypotheses; medium media; criterion criteria; phenomenon phenomena;
spokesman spokesmen; spokeswoman spokeswomen; serviceman servicemen; policeman policemen;
congressman congressmen; fisherman fishermen
"""
_TWINS = """
defence defense; offence offense; licence license; centre center; metre meter; theatre theater; fibre fiber;
labour labor; harbour harbor; neighbour neighbor; favour favor; honour honor; rumour rumor; colour color;
armour armor; behaviour behavior; endeavour endeavor; programme program; grey gray; sceptic skeptic;
judgement judgment; cheque check; tonne ton
"""
_EXACT = _words(
    "the and for not but with from over under near into upon about after before than then that what when where who his",
    "its this these those us yes less thus always perhaps news series species means united",
)
# They end like a form of something else, and are none: no step down, only up.
_WHOLE = _words(
    "always whereas across bus gas plus minus status virus campus focus consensus census texas kansas paris wales",
    "reuters nothing something anything everything evening morning during king ring string spring sterling beijing",
    "sibling ceiling darling wedding wing thing viking hundred sacred naked wicked kindred proceeds red bed",
)
_VOWELS = "aeiouy"
_SHORT = re.compile(rf"(?:[^{_VOWELS}]|qu)*[aeiou][^{_VOWELS}wx]")  # one syllable, ends as *plan* does
_LAST_SHORT = re.compile(rf".*[^{_VOWELS}][aeiou][^{_VOWELS}wx]")


def _groups(table: str) -> list[list[str]]:
    return [group.split() for group in table.replace("\n", " ").split(";")]


def _index(groups: list[list[str]]) -> dict[str, list[list[str]]]:
    index: dict[str, list[list[str]]] = {}
    for group in groups:
        for word in group:
            index.setdefault(word, []).append(group)
    return index


_VERB_OF = _index(_groups(_VERBS))
_NOUN_OF = _index(_groups(_NOUNS))
_TWIN_OF = _index(_groups(_TWINS))


def english_forms(word: str) -> set[str]:
    """Return the forms of a folded English word, the word itself among them."""
    if word in _EXACT or (len(word) < 3 and word not in _VERB_OF):
        return {word}
    forms = {word, *(_with_s(word) if word.endswith("ing") else ())}
    for base in _bases(word):
        for spelling in _spellings(base):
            forms |= _inflected(spelling)
    return forms


def _spellings(base: str) -> set[str]:
    """British and American: recognise, recognize."""
    spellings = {twin for group in _TWIN_OF.get(base, ()) for twin in group} | {base}
    for one, other in (("ise", "ize"), ("yse", "yze"), ("isation", "ization"), ("ization", "isation"), ("ize", "ise")):
        if base.endswith(one) and len(base) >= 6:
            spellings.add(base.removesuffix(one) + other)
    return spellings


# --- from a form to what it may be a form of ----------------------------------------------------


def _bases(word: str) -> set[str]:
    bases = {group[0] for index in (_VERB_OF, _NOUN_OF) for group in index.get(word, ())}
    if word not in _WHOLE:
        bases |= {base for base in _stripped(word) if len(base) > 2}
    return bases or {word}


def _stripped(word: str) -> set[str]:
    """What the word may be a regular form of."""
    if word.endswith("s"):
        return _without_s(word)
    if word.endswith("ied") and len(word) > 4:
        return {word[:-3] + "y"}
    if word.endswith("ed") and not word.endswith("eed") and len(word) > 4:
        return _without_ending(word[:-2])
    if word.endswith("ing") and len(word) > 5:
        return _without_ending(word[:-3])
    return set()


def _without_s(word: str) -> set[str]:
    if len(word) < 4 or word.endswith(("ss", "us", "is", "ics")):
        return set()
    if word.endswith("ies"):
        return {word[:-3] + "y", word[:-1]}
    if word.endswith(("ches", "shes", "xes", "sses", "zzes", "oes")):
        return {word[:-2], word[:-1]}
    return {word[:-1]}


def _without_ending(stem: str) -> set[str]:
    if not any(letter in _VOWELS for letter in stem):
        return set()
    if stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        return {stem, stem[:-1]} if stem[-1] in "lsfzd" else {stem[:-1]}
    if _SHORT.fullmatch(stem):  # hoped is of hope, for of hop it would be hopped
        return {stem + "e"}
    return {stem} if stem.endswith("e") else {stem, stem + "e"}


# --- from a base to its forms -------------------------------------------------------------------


def _inflected(base: str) -> set[str]:
    forms = {base, *_with_s(base)}
    if any(group[0] == base for group in _NOUN_OF.get(base, ())):
        return forms | {form for group in _NOUN_OF[base] for form in group}
    verbs = [group for group in _VERB_OF.get(base, ()) if group[0] == base]
    stems = _doubled(base)
    if not any(form.endswith("ing") for group in verbs for form in group):
        forms |= {stem + "ing" for stem in _before_ing(base, stems)}
    if verbs:
        return forms | {form for group in verbs for form in group}
    return forms | _past(base, stems)


def _with_s(base: str) -> set[str]:
    if base.endswith(("s", "x", "z", "ch", "sh")):
        return {base + "es"}
    if base.endswith("y") and base[-2:-1] not in set("aeiou"):
        return {base[:-1] + "ies"}
    if base.endswith("o"):
        return {base + "s", base + "es"}
    return {base + "s"}


def _doubled(base: str) -> set[str]:
    """The stems before -ed and -ing: *plann*, but *visit* and *cancell*, *cancel* alike."""
    if _SHORT.fullmatch(base) and len(base) > 2:
        return {base + base[-1]}
    return {base, base + base[-1]} if _LAST_SHORT.fullmatch(base) else {base}


def _before_ing(base: str, stems: set[str]) -> set[str]:
    if base.endswith("ie"):
        return {base[:-2] + "y"}
    if base.endswith("e") and not base.endswith(("ee", "ye", "oe")):
        return {base[:-1]}
    return stems


def _past(base: str, stems: set[str]) -> set[str]:
    if base.endswith("ee") and len(base) < 5:  # fee has no past, feed is another word
        return set()
    if base.endswith("e"):
        return {base + "d"}
    if base.endswith("y") and base[-2] not in "aeiou":
        return {base[:-1] + "ied"}
    return {stem + "ed" for stem in stems}
