"""Authored files are found and read, and handed down as text; what stands in them is the rulebook's matter."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from alerts.model.errors import ConfigError, Problem
from alerts.wiring.clock import SystemClock

if TYPE_CHECKING:
    from alerts.engine.inforce import InForce
    from alerts.engine.rehearse import Sources
    from alerts.judging.assess import Assessor
    from alerts.judging.weigh import Wires
    from alerts.model.feed import Feed
    from alerts.model.question import Question
    from alerts.model.route import Route
    from alerts.model.seed import Seeds
    from alerts.model.story import Story
    from alerts.reading.known import Known
    from alerts.reading.vocabulary import Spelling, Vocabulary

SHIPPED = Path(__file__).parent.parent / "shipped"
"""Rules and seeds as they travel in the wheel."""

CHECKOUT = Path(__file__).parents[2]
"""Where they stand in a checkout."""

STORY = ".story.yaml"
"""How the file ends that holds a rule's story."""

log = logging.getLogger(__name__)

CACHED = 4
"""Compiled vocabularies of a kind that are kept; an author who tries things out goes back and forth."""

ONE_FILE_LIMIT = 4 * 1024 * 1024
"""An authored file larger than this is not read; the loader's own limit is far below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authored:
    """Rules, seeds and feeds as they stand in their folders, with every problem found in them."""

    questions: tuple[Question, ...]
    seeds: Seeds
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]
    """The text of each question's file, by the question's id."""
    files: Mapping[str, str]
    """The text of every rule file, and of the file of routes, by its path, usable or not."""
    routes: Mapping[str, Route] = field(default_factory=dict)
    """Who is told on what terms, by name; empty where the file has an error."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a file from being used."""
        return tuple(problem for problem in self.problems if problem.is_error)


def rules_folder(given: Path | None = None) -> Path:
    """Return the folder of rules: the given one, ``./rules``, else the shipped one."""
    return _folder("rules", given)


def seeds_folder(given: Path | None = None) -> Path:
    """Return the folder of seeds: the given one, ``./seeds``, else the shipped one."""
    return _folder("seeds", given)


def _folder(name: str, given: Path | None) -> Path:
    if given is not None:
        if not given.is_dir():
            raise ConfigError(
                f"{given} is not a folder; {name} are read from there. Check --{name} or ALERTS_{name.upper()}"
            )
        return given
    for candidate in (Path(name), SHIPPED / name, CHECKOUT / name):
        if candidate.is_dir():
            return candidate
    raise ConfigError(f"no folder of {name} found; copy the shipped ones here with: alerts init .")


def read_authored(
    rules: Path | None = None,
    seeds: Path | None = None,
    *,
    only: tuple[Path, ...] = (),
    instead: Mapping[str, str | None] | None = None,
) -> Authored:
    """Read rule files and seeds; problems are gathered, never raised.

    ``only`` names rule files or folders to read instead of the whole rules folder; ``instead`` is what to read in
    place of a file's own text, by path, None = leave the file out.
    """
    from alerts.rulebook.rules import read_rules
    from alerts.rulebook.seeds import read_seeds
    from alerts.rulebook.timeline import read_timeline

    *seed_files, timeline = _seed_files(seeds_folder(seeds))
    known, seed_problems = read_seeds(_texts([file for file in seed_files if file.is_file()]))
    _, dated_problems = read_timeline(_texts([timeline] if timeline.is_file() else []), known)
    found: dict[str, str | None] = {**_texts(_rule_files(only or (rules_folder(rules),)))}
    found |= {path: text for path, text in (instead or {}).items() if path in found}
    texts = {path: text for path, text in found.items() if text is not None}
    questions, rule_problems = read_rules(texts, known, today=SystemClock().now().date())
    routes, route_texts, route_problems = _read_routes(_routes_file(rules, only), instead or {})
    return Authored(
        questions=questions,
        seeds=known,
        problems=(*seed_problems, *dated_problems, *rule_problems, *route_problems),
        routes=routes,
        texts={question.id: texts[question.path] for question in questions},
        files={**texts, **route_texts},
    )


def read_stories(
    authored: Authored, rules: Path | None = None, *, only: tuple[Path, ...] = ()
) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
    """Read the story files that stand beside the rules; problems are gathered, never raised."""
    files = [file for place in only or (rules_folder(rules),) for file in _story_files(place)]
    if not files:
        return (), ()
    from alerts.rulebook.stories import read_stories as read

    return read(_texts(files), {one.id: one for one in authored.questions})


def _story_files(place: Path) -> list[Path]:
    if place.is_dir():
        return sorted(place.rglob(f"*{STORY}"))
    file = place if place.name.endswith(STORY) else place.with_name(f"{place.stem}{STORY}")
    return [file] if file.is_file() else []


def fingerprint(
    rules: Path | None = None, seeds: Path | None = None, *, only: tuple[Path, ...] = ()
) -> dict[str, tuple[int, int]]:
    """Return time and size of every file that ``read_authored`` would read: another value means to read again."""
    seen = {}
    places, routes = only or (rules_folder(rules),), _routes_file(rules, only)
    stories = [file for place in places for file in _story_files(place)]
    authored = (*_rule_files(places), *stories, *_seed_files(seeds_folder(seeds)))
    for file in (*authored, *([routes] if routes else ())):
        try:
            seen[str(file)] = (file.stat().st_mtime_ns, file.stat().st_size)
        except OSError:
            continue  # gone, or between two names while an editor saves it: the next look tells
    return seen


ROUTES = "routes.yaml"
"""In the folder of rules: who is told, on what terms."""


def _routes_file(rules: Path | None, only: tuple[Path, ...]) -> Path | None:
    """Return where routes stand; None where nothing but other files is asked for."""
    if only:
        return next((one for one in only if one.name == ROUTES), None)
    return rules_folder(rules) / ROUTES


def _read_routes(
    file: Path | None, instead: Mapping[str, str | None]
) -> tuple[dict[str, Route], dict[str, str], tuple[Problem, ...]]:
    from alerts.rulebook.routes import read_routes

    if file is None or not file.is_file():
        return {}, {}, ()
    text = instead.get(str(file), _texts([file])[str(file)])
    if text is None:
        return {}, {}, ()
    routes, problems = read_routes(str(file), text)
    return routes, {str(file): text}, problems


def _seed_files(folder: Path) -> list[Path]:
    """Return where seeds stand, the timeline last; the single files need not exist."""
    return [*sorted((folder / "entities").glob("*.yaml")), folder / "things.yaml", folder / "timeline.yaml"]


def _rule_files(places: tuple[Path, ...]) -> list[Path]:
    files: list[Path] = []
    for place in places:
        if not place.exists():
            raise ConfigError(f"{place} does not exist; name a rule file or a folder of rule files")
        files += sorted(place.rglob("*.yaml")) if place.is_dir() else [_rule_of(place)]
    return [file for file in dict.fromkeys(files) if not file.name.endswith(STORY) and file.name != ROUTES]


def _rule_of(file: Path) -> Path:
    """Return the rule that a story stands beside; any other file is its own."""
    return file.with_name(f"{file.name.removesuffix(STORY)}.yaml") if file.name.endswith(STORY) else file


def _texts(files: list[Path]) -> dict[str, str]:
    texts = {}
    for file in files:
        try:
            raw = file.read_bytes()[:ONE_FILE_LIMIT]
        except OSError as error:
            raise ConfigError(f"{file} cannot be read: {error.strerror}. Check its permissions") from None
        texts[str(file)] = raw.decode("utf-8", "replace")
    return texts


def make_assessor(authored: Authored, *, cache: Path | None = None) -> Assessor:
    """Compile the questions; the dear part is kept in ``cache`` (default: the user's own folder)."""
    from alerts.judging.assess import Assessor
    from alerts.judging.patterns import words_of

    folder = cache or _user_cache()
    words = words_of(authored.questions, authored.seeds)
    known = _known(authored, folder) if any(not one.watches for one in authored.questions) else None
    return Assessor(authored.questions, authored.seeds, _vocabulary(words, folder), known)


def in_force_of(authored: Authored, assessor: Assessor, seeds: Path | None = None) -> InForce:
    """Return the questions as if they had always been in force, with nobody to be told."""
    from alerts.engine.inforce import InForce

    return InForce(
        questions={one.id: one for one in authored.questions},
        assessor=assessor,
        wires=make_wires(authored, seeds),
        activated={},
    )


def make_wires(authored: Authored, seeds: Path | None = None) -> Wires:
    """Return whose word a text may be, as the feed list and the seeds know it."""
    from alerts.judging.weigh import Wires

    return Wires(read_feeds(seeds)[0], authored.seeds)


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "alerts"


def _vocabulary(words: frozenset[Spelling], folder: Path) -> Vocabulary:
    from alerts.reading.vocabulary import Vocabulary, compile_vocabulary, vocabulary_key

    path = folder / f"vocabulary-{vocabulary_key(words)}.bin"
    return _cached(path, Vocabulary.from_bytes, lambda: compile_vocabulary(words))


def _known(authored: Authored, folder: Path) -> Known:
    from alerts.judging.claims import taught
    from alerts.reading.known import Known
    from alerts.reading.lexicons import compile_known, known_key, word_lists

    lists, words = word_lists(), taught(authored.questions)
    path = folder / f"known-{known_key(authored.seeds, words, lists)}.bin"
    return _cached(path, Known.from_bytes, lambda: compile_known(authored.seeds, words, lists))


class _Packed(Protocol):
    def to_bytes(self) -> bytes: ...


P = TypeVar("P", bound=_Packed)


def _cached(path: Path, read: Callable[[bytes], P], make: Callable[[], P]) -> P:
    """Read what was compiled before, else compile it and keep it; a cache that cannot be used is only slower."""
    try:
        return read(path.read_bytes())
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        log.warning("%s is of no use, compiling again: %s", path, error)
    made = make()
    try:
        _keep(path, made.to_bytes())
    except OSError as error:
        log.warning("%s cannot be kept, each start compiles again: %s", path, error)
    return made


def _keep(path: Path, content: bytes) -> None:
    """Write a cache file whole or not at all, and drop the oldest of its kind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = path.name.partition("-")[0]
    older = sorted(path.parent.glob(f"{kind}-*.bin"), key=lambda one: one.stat().st_mtime)
    for old in older[:-CACHED]:
        old.unlink(missing_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def read_feeds(seeds: Path | None = None) -> tuple[list[Feed], list[Problem]]:
    """Read the feed list that stands with the seeds; empty where there is none."""
    path = seeds_folder(seeds) / "feeds.opml"
    return read_opml_file(path) if path.is_file() else ([], [])


def read_opml_file(path: Path) -> tuple[list[Feed], list[Problem]]:
    """Read an OPML file; problems are gathered, ConfigError only where it cannot be read at all."""
    from alerts.feeds.opml import read_opml

    try:
        return read_opml(path.read_bytes(), str(path))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}. Check the path") from None


def read_sources(seeds: Path | None = None) -> Sources:
    """Return who is known to carry items, for files that only name a source."""
    from alerts.engine.rehearse import Sources

    return Sources(read_feeds(seeds)[0])


def copy_out(folder: Path, *, force: bool, dry_run: bool) -> list[tuple[Path, str]]:
    """Copy rules, seeds and a commented ``.env`` into ``folder``; return each file and what became of it."""
    copied = []
    for name in ("rules", "seeds"):
        origin = SHIPPED / name if (SHIPPED / name).is_dir() else CHECKOUT / name
        for file in sorted(one for one in origin.rglob("*") if one.is_file()):
            target = folder / name / file.relative_to(origin)
            copied.append((target, _write(target, file.read_bytes(), force=force, dry_run=dry_run)))
    settings = folder / ".env"
    copied.append((settings, _write(settings, _env_sample(), force=force, dry_run=dry_run)))
    if copied[-1][1] == "written":
        settings.chmod(0o600)  # it will hold secrets
    return copied


def _write(target: Path, content: bytes, *, force: bool, dry_run: bool) -> str:
    if target.exists() and not force:
        return "kept"
    if not dry_run:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return "written" if not dry_run else "would write"


def _env_sample() -> bytes:
    from alerts.settings import setting_names

    lines = ["# Settings of alerts. Take the # away from a line to set it; see deploy/README.md.", ""]
    for name, what in setting_names().items():
        example = "mailto://user:password@example.org?to=desk@example.org" if "<NAME>" in name else ""
        lines += [f"# {what}", f"# {name.replace('<NAME>', 'DEFAULT')}={example}", ""]
    return "\n".join(lines).encode()
