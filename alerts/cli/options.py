"""Options that many commands share, so that they read the same everywhere."""

from __future__ import annotations

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
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]
