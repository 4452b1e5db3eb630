"""The commands, in the order a person meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from alerts import __version__
from alerts.cli import (
    ack,
    authoring,
    coverage,
    db,
    deliveries,
    doctor,
    feeds,
    looking,
    questions,
    rebuilding,
    replaying,
    rules,
    running,
    silence,
)

START, AUTHOR, LOOK, OPERATE = "Start", "Write rules", "Look", "Operate"

app = typer.Typer(
    name="alerts",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Tells people when the answer to a question changes: once, with the sentence, the sources and the reason.",
    epilog="First look: [bold]alerts demo[/bold]. Data goes to standard output, talk to standard error.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"alerts {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    del version


app.command(rich_help_panel=START)(running.demo)
app.command(rich_help_panel=START)(running.init)
app.command(rich_help_panel=START)(doctor.doctor)
app.command(rich_help_panel=START)(running.run)
app.command(rich_help_panel=OPERATE)(running.worker)
app.command(rich_help_panel=START)(running.serve)
app.command(rich_help_panel=AUTHOR)(authoring.check)
app.command("test", rich_help_panel=AUTHOR)(authoring.tests)
app.command(rich_help_panel=AUTHOR)(coverage.coverage)
app.command(rich_help_panel=AUTHOR)(authoring.match)
app.command(rich_help_panel=AUTHOR)(authoring.explain)
app.command(rich_help_panel=AUTHOR)(replaying.replay)
app.command(rich_help_panel=AUTHOR)(replaying.backtest)
app.add_typer(rules.app, name="rules", rich_help_panel=AUTHOR)
app.command(rich_help_panel=LOOK)(looking.status)
app.command(rich_help_panel=LOOK)(looking.brief)
app.command(rich_help_panel=LOOK)(looking.items)
app.add_typer(questions.app, name="questions", rich_help_panel=LOOK)
app.command(rich_help_panel=OPERATE)(rebuilding.rebuild)
app.add_typer(feeds.app, name="feeds", rich_help_panel=OPERATE)
app.add_typer(deliveries.app, name="deliveries", rich_help_panel=OPERATE)
app.command(rich_help_panel=OPERATE)(ack.ack)
app.add_typer(silence.app, name="silence", rich_help_panel=OPERATE)
app.add_typer(db.app, name="db", rich_help_panel=OPERATE)
