"""Options that many commands share, so that they read the same everywhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="DIR", help="Folder of rules. Default: ./rules, else the shipped ones."),
]
Seeds = Annotated[
    Path | None,
    typer.Option("--seeds", metavar="DIR", help="Folder of seeds. Default: ./seeds, else the shipped ones."),
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so. Default: your login name.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]


def who(by: str | None) -> str:
    """Return whose word it is: the name given, else that of the login."""
    return (by or os.environ.get("LOGNAME") or os.environ.get("USER") or "operator").strip()
