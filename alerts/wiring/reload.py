"""Rules are edited while items come through: a good file comes into force, a broken one keeps its last good version."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from secrets import token_hex
from typing import TYPE_CHECKING

from alerts.model.errors import AlertsError, AuthoringError, ConfigError
from alerts.model.question import Status
from alerts.wiring.authored import ROUTES, Authored, fingerprint, make_assessor, read_authored

if TYPE_CHECKING:
    from alerts.delivery.routes import RouteBook
    from alerts.engine.dispatch import Dispatch
    from alerts.engine.inforce import InForce
    from alerts.judging.assess import Assessor
    from alerts.model.delivery import Address
    from alerts.model.question import Question
    from alerts.settings import Settings
    from alerts.store.store import Store

STATE = "rules.json"
"""In the home folder: how many rules are in force and which files are refused, for ``alerts status``."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sound:
    """What can come into force: questions that read well, compiled, and why a file's own text is not among them."""

    authored: Authored
    assessor: Assessor
    refused: Mapping[str, str]
    doubtful: Mapping[str, str]
    """Failing tests of files whose text was in force already: the reader or the seeds changed, not the rule."""


def read_sound(
    read: Callable[[Mapping[str, str | None]], Authored], last_good: Callable[[str], str | None], cache: Path
) -> Sound:
    """Read, compile and test; in place of a broken file its last good text is taken, where one is known.

    ``read`` reads the folders with some texts replaced; ``last_good`` returns the text of a rule id.
    """
    from alerts.judging.rehearsal import run_tests

    authored = read({})
    refused = _errors(authored)
    instead = {path: last_good(PurePath(path).stem) for path in refused}
    authored = read(instead) if refused else authored
    assessor = make_assessor(authored, cache=cache)
    failed = {one.path: str(one) for one in reversed(run_tests(assessor, authored.questions)) if not one.passed}
    doubtful = {path: why for path, why in failed.items() if authored.files[path] == last_good(PurePath(path).stem)}
    failing = {path: why for path, why in failed.items() if path not in doubtful}
    if failing:
        authored = read({**instead, **{path: last_good(PurePath(path).stem) for path in failing}})
        assessor = make_assessor(authored, cache=cache)
    return Sound(authored, assessor, {**refused, **failing}, doubtful)


def _errors(authored: Authored) -> dict[str, str]:
    """Return the errors of each broken rule file, in one line."""
    lines: dict[str, str] = {}
    for one in authored.errors:
        if one.path in authored.files:
            lines[one.path] = f"{lines[one.path]} {one}" if one.path in lines else str(one)
    return lines


class Reload:
    """Puts the rule and seed folders in force: once at the start, and again whenever a file in them changed.

    A file with an error or a failing test keeps its last good version, across restarts too; a bad seed file keeps
    everything as it is. What is wrong is said once for each content, not at every look.
    """

    def __init__(self, store: Store, settings: Settings, channels: dict[str, tuple[Address, ...]]) -> None:
        self._store = store
        self._settings = settings
        self._channels = channels
        self._key = link_key(store)
        self._seen: dict[str, tuple[int, int]] = {}
        self._said: set[tuple[str, str]] = set()

    def first(self, *, now: datetime) -> InForce:
        """Return what is in force at the start; ConfigError where no rule can be used at all."""
        self._seen = self._fingerprint()
        sound = self._sound()
        self._say((logging.ERROR, str(one), "") for one in sound.authored.errors if self._is_seed(one.path, sound))
        return self._put_in_force(sound, now=now)

    async def look(self, dispatch: Dispatch, now: Callable[[], datetime]) -> bool:
        """Swap what the dispatch goes by if a file changed and the whole is sound; return whether it was swapped."""
        try:
            seen = await asyncio.to_thread(self._fingerprint)
            if seen == self._seen:
                return False
            self._seen = seen
            in_force = await asyncio.to_thread(self._again, now())
        except AlertsError as error:
            line = f"{error} All rules stay in force as they were"
            self._say([(logging.ERROR, line, "")])
            self._tell_status(len(dispatch.in_force.questions), [line])
            return False
        dispatch.in_force = in_force
        log.warning("rules reloaded: %d in force", len(in_force.questions))
        return True

    def _again(self, now: datetime) -> InForce:
        sound = self._sound()
        bad_seeds = [one for one in sound.authored.errors if self._is_seed(one.path, sound)]
        if bad_seeds:
            raise AuthoringError(bad_seeds[:1])
        return self._put_in_force(sound, now=now)

    def _fingerprint(self) -> dict[str, tuple[int, int]]:
        return fingerprint(self._settings.rules, self._settings.seeds)

    def _sound(self) -> Sound:
        def read(instead: Mapping[str, str | None]) -> Authored:
            return read_authored(self._settings.rules, self._settings.seeds, instead=instead)

        sound = read_sound(read, self._last_good, self._settings.home / "cache")
        if not sound.authored.questions:
            lines = "".join(f"{why}\n" for why in sound.refused.values())
            raise ConfigError(f"{lines}no rule file can be used, so there is nothing to watch for. See: alerts check")
        return sound

    def _last_good(self, rule_id: str) -> str | None:
        """Return the last good text of a rule, or of the file of routes, which is kept beside them."""
        return self._store.recall(ROUTES) if rule_id == PurePath(ROUTES).stem else self._store.rule_text(rule_id)

    def _keep_routes(self, sound: Sound) -> None:
        """Keep the text of the routes that come into force."""
        texts = [text for path, text in sound.authored.files.items() if PurePath(path).name == ROUTES]
        if texts and self._store.recall(ROUTES) != texts[0]:
            self._store.remember(ROUTES, texts[0])

    def _is_seed(self, path: str, sound: Sound) -> bool:
        return path not in sound.authored.files and path not in sound.refused

    def _put_in_force(self, sound: Sound, *, now: datetime) -> InForce:
        from alerts.engine.inforce import InForce
        from alerts.judging.weigh import Wires

        authored = sound.authored
        activated = self._store.activate([(q.id, q.hash, authored.texts[q.id]) for q in authored.questions], now=now)
        self._keep_routes(sound)
        refused = {path: f"{why} {_stays(path, activated)}" for path, why in sound.refused.items()}
        lines = list(self._lines(sound, refused))
        self._said &= {(line, content) for _, line, content in lines}  # mended and broken again is said again
        self._say(lines)
        self._tell_status(len(authored.questions), list(refused.values()))
        return InForce(
            questions={one.id: one for one in authored.questions},
            assessor=sound.assessor,
            wires=Wires([state.feed for state in self._store.feeds()], authored.seeds),
            activated=activated,
            channels=self._channels,
            public_url=str(self._settings.public_url) if self._settings.public_url else None,
            refused=tuple(refused.values()),
            link_key=self._key,
            routes=authored.routes,
        )

    def _tell_status(self, in_force: int, refused: list[str]) -> None:
        state = json.dumps({"in_force": in_force, "refused": refused}, ensure_ascii=False)
        (self._settings.home / STATE).write_text(state, "utf-8")

    def _lines(self, sound: Sound, refused: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
        from alerts.delivery.routes import RouteBook

        for path, line in refused.items():
            yield logging.ERROR, line, _content(path)
        for path, why in sound.doubtful.items():
            line = f"{why} The rule stays in force, its text has not changed: a seed or the reader has"
            yield logging.WARNING, line, sound.authored.files[path]
        for problem in sound.authored.problems:
            if not problem.is_error:
                yield logging.WARNING, str(problem), ""
        book = RouteBook(self._channels, sound.authored.routes)
        for route, channel in book.unset():
            yield logging.WARNING, f"route '{route}' names the channel '{channel}', which the settings do not hold", ""
        for line in not_told(sound.authored.questions, book):
            yield logging.WARNING, line, ""

    def _say(self, lines: Iterator[tuple[int, str, str]] | Sequence[tuple[int, str, str]]) -> None:
        """Say each line once for as long as it holds for the same content."""
        for level, line, content in lines:
            if (line, content) not in self._said:
                self._said.add((line, content))
                log.log(level, "%s", line)


def link_key(store: Store) -> bytes:
    """Return the key that signs links in messages and forms of the page; made once, kept in the database."""
    return bytes.fromhex(store.remember_once("link-key", token_hex(32)))


def _stays(path: str, activated: Mapping[str, datetime]) -> str:
    since = activated.get(PurePath(path).stem)
    if PurePath(path).name == ROUTES:
        return "The last good routes stay in force, if there were any; else channels are told as rules name them"
    if since is None:
        return "The file is left out: no good version of it is known. See: alerts check"
    return f"The version of {since:%Y-%m-%d %H:%M:%S}Z stays in force"


def _content(path: str) -> str:
    """Return what stands in a refused file now; the same bad content is not worth a second line."""
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""


def not_told(questions: Sequence[Question], book: RouteBook) -> Iterator[str]:
    """Yield which stable rules reach nobody, one line a reason."""
    silent: dict[str, list[str]] = {}
    for question in questions:
        reason = book.recipients(question.notify).reason
        if reason is not None and question.status is Status.STABLE:
            silent.setdefault(reason, []).append(question.id)
    for reason, ids in silent.items():
        verb = "rules reach" if len(ids) > 1 else "rule reaches"
        yield f"{len(ids)} {verb} nobody ({', '.join(ids)}): {reason}"
