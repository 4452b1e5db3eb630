"""How the tables of an older release become those of this one: numbered, forward only."""

HEAD = "0004"
"""The schema of this release; equals the newest file in ``versions`` (a test sees to it), so that opening a
database that is up to date need not import Alembic."""
