"""A story's file becomes a story, or one line that says what is wrong with it and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from alerts.demo.sheet import Sheet
from alerts.demo.story import Outlet, Publication, Story
from alerts.model.feed import FeedFormat, FeedKind, Reliability
from alerts.model.suggest import did_you_mean
from alerts.rulebook.document import Node

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ANSWER = re.compile(r"[a-z0-9-]+=[a-z0-9_]+(/claimed|/denied)?")
WAYS = ("key", "copy_of", "edit_of")
"""How a publication comes by its words; each has exactly one."""


def read_story(path: Path) -> Story:
    """Return the story in ``path``; AuthoringError has a line ``file:line:col: code: why`` for what is wrong."""
    sheet = Sheet(path)
    top = sheet.mapping(sheet.root, "title start feeds items")
    outlets = {feed: _outlet(sheet, feed, node) for feed, node in sheet.mapping(top["feeds"]).items()}
    return Story(
        id=path.stem,
        title=sheet.text(top["title"]),
        start=sheet.time(top["start"]),
        outlets=outlets,
        publications=_publications(sheet, top["items"], outlets),
    )


def _outlet(sheet: Sheet, feed: str, node: Node) -> Outlet:
    if not ID.fullmatch(feed):
        sheet.refuse(node, "E010", f"'{feed}' is no id", "Write small letters and digits with hyphens between them.")
    keys = sheet.mapping(node, "title format kind owner reliability lang", "speaks_for carries")
    outlet = Outlet(
        id=feed,
        title=sheet.text(keys["title"]),
        format=sheet.choice(keys["format"], FeedFormat),
        kind=sheet.choice(keys["kind"], FeedKind),
        owner=sheet.text(keys["owner"]),
        reliability=sheet.choice(keys["reliability"], Reliability),
        lang=sheet.text(keys["lang"]),
        speaks_for=sheet.text(keys["speaks_for"]) if "speaks_for" in keys else None,
        carries=sheet.texts(keys["carries"]) if "carries" in keys else (),
    )
    if outlet.format not in (FeedFormat.RSS, FeedFormat.ATOM):
        sheet.refuse(keys["format"], "E009", f"the demo publishes rss and atom, not {outlet.format}")
    return outlet


def _publications(sheet: Sheet, items: Node, outlets: Mapping[str, Outlet]) -> tuple[Publication, ...]:
    told: list[Publication] = []
    by_key: dict[str, Publication] = {}
    for node in sheet.nodes(items):
        one = _publication(sheet, node, by_key)
        if one.outlet not in outlets:
            sheet.refuse(node, "E009", f"unknown feed '{one.outlet}'", did_you_mean(one.outlet, outlets))
        if told and one.at < told[-1].at:
            sheet.refuse(node, "E009", "stands after an item that is later", "Items go by time.")
        if one.is_edit != any(one.guid == earlier.guid for earlier in told):
            sheet.refuse(node, "E012", f"{one.guid}: a text appears once in its feed, and is edited only there")
        told.append(one)
    return tuple(told)


def _publication(sheet: Sheet, node: Node, by_key: dict[str, Publication]) -> Publication:
    keys = sheet.mapping(node, "at feed", "key copy_of edit_of title summary answers")
    way, key = _way(sheet, node, keys, by_key)
    at, outlet = sheet.time(keys["at"]), sheet.text(keys["feed"])
    guid = f"{outlet}/{key}"
    if way == "copy_of":
        if {"title", "summary", "answers"} & keys.keys():
            sheet.refuse(node, "E008", "a copy has no words of its own")
        return replace(by_key[key], at=at, outlet=outlet, guid=guid, copy_of=by_key[key].guid)
    if "title" not in keys:
        sheet.refuse(node, "E007", "missing here: title")
    one = Publication(
        at=at,
        outlet=outlet,
        guid=guid,
        title=sheet.text(keys["title"]),
        summary=sheet.text(keys["summary"]) if "summary" in keys else None,
        is_edit=way == "edit_of",
        answers=_answers(sheet, keys),
    )
    by_key.setdefault(key, one)
    return one


def _way(sheet: Sheet, node: Node, keys: Mapping[str, Node], by_key: Mapping[str, Publication]) -> tuple[str, str]:
    ways = [way for way in WAYS if way in keys]
    if len(ways) != 1:
        sheet.refuse(
            node, "E007", f"has {' and '.join(ways) or 'none'} of {', '.join(WAYS)}", "An item has one of them."
        )
    way, key = ways[0], sheet.text(keys[ways[0]])
    if way == "key" and key in by_key:
        sheet.refuse(keys[way], "E012", f"the key '{key}' is taken")
    if way != "key" and key not in by_key:
        sheet.refuse(keys[way], "E009", f"no item before this has the key '{key}'", did_you_mean(key, by_key))
    return way, key


def _answers(sheet: Sheet, keys: Mapping[str, Node]) -> tuple[str, ...]:
    answers = sheet.texts(keys["answers"]) if "answers" in keys else ()
    for answer in answers:
        if not ANSWER.fullmatch(answer):
            sheet.refuse(
                keys["answers"], "E009", f"'{answer}' is no answer", "Write question=answer, perhaps with /claimed."
            )
    return answers
