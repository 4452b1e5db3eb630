"""What polling learns: names of items, turns of hosts, the rhythm of a feed and what was read of its last body."""

from __future__ import annotations

import re
from hashlib import blake2b
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TIME = sa.DateTime(timezone=True)
LEASED = sa.text("lease_until IS NOT NULL")
PAGE = 1000
ADDRESS = re.compile(r"(?:https?:)?//", re.IGNORECASE)
ARTICLE = re.compile(
    r"(?:^|[-_./])(?P<id>[a-z]?\d{5,12}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,40})"
    r"(?:_\d{1,2})?(?:\.[a-z]{3,5})?/?$",
    re.IGNORECASE,
)
DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
TRACKING = re.compile(r"(?:utm_\w+|at_\w+|fbclid|[gy]clid|token|cmp|xtor)", re.IGNORECASE)
INSIDE = (".home.arpa", ".internal", ".lan", ".local", ".localhost")


def upgrade() -> None:
    """Add what polling learns, and the names of the items that are there already."""
    op.add_column("feeds", sa.Column("host", sa.String()))
    op.add_column("feeds", sa.Column("learnt", sa.String()))
    op.add_column("feeds", sa.Column("remembered", sa.LargeBinary()))
    op.create_index(
        "ix_feeds_lease_until_host",
        "feeds",
        ["lease_until", "host"],
        sqlite_where=LEASED,
        postgresql_where=LEASED,
    )
    op.create_table(
        "hosts",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("spacing", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_hosts"),
    )
    op.create_index("ix_hosts_next_at_host", "hosts", ["next_at", "host"])
    op.create_table(
        "aliases",
        sa.Column("feed_id", sa.String(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "alias", name="pk_aliases"),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_aliases_feed_id"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_aliases_item_id"),
        sqlite_with_rowid=False,
    )
    _hosts()
    _aliases()


def _hosts() -> None:
    feeds = sa.table("feeds", sa.column("id"), sa.column("url"), sa.column("host"))
    connection = op.get_bind()
    for id_, url in connection.execute(sa.select(feeds.c.id, feeds.c.url)).all():
        connection.execute(feeds.update().where(feeds.c.id == id_).values(host=_host(url)))


def _host(url: str) -> str | None:
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return None
    try:
        return host if ip_address(host).is_global else None
    except ValueError:
        return None if "." not in host or host.endswith(INSIDE) else host


def _aliases() -> None:
    items = sa.table("items", *map(sa.column, ("id", "feed_id", "key", "link")))
    aliases = sa.table("aliases", *map(sa.column, ("feed_id", "alias", "item_id")))
    connection, last = op.get_bind(), ""
    taken: set[tuple[str, str]] = set()
    while True:
        page = sa.select(items).where(items.c.id > last).order_by(items.c.id).limit(PAGE)
        rows = connection.execute(page).all()
        found = {
            (row.feed_id, alias): row.id
            for row in reversed(rows)
            for alias in map(_alias, dict.fromkeys(filter(None, (row.key, row.link))))
            if (row.feed_id, alias) not in taken
        }
        taken |= found.keys()
        if found:
            values = [{"feed_id": feed, "alias": alias, "item_id": item} for (feed, alias), item in found.items()]
            connection.execute(aliases.insert(), values)
        if len(rows) < PAGE:
            return
        last = rows[-1].id


def _alias(name: str) -> str:
    """Return the alias of a guid or link as this release wrote it; frozen here."""
    return blake2b(_canonical(name).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()[:16]


def _canonical(name: str) -> str:
    if not ADDRESS.match(name):
        return name
    try:
        parts = urlsplit(name)
        host = (parts.hostname or "").removeprefix("www.")
        kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(pair[0])]
    except ValueError:
        return name
    article = None if kept or parts.fragment else ARTICLE.search(parts.path)
    if article and not DATE.fullmatch(article["id"]):
        return f"{host}#{article['id'].lower()}"
    return f"{host}{parts.path.rstrip('/')}?{urlencode(sorted(kept))}#{parts.fragment}"
