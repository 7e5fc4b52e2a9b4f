"""Pointing Digest at a site and fetching from it: init, collect, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digest.cli.output import emit, note, say, table
from digest.cli.session import Json, now, opened, settings_of
from digest.errors import ExitCode
from digest.plurals import counted


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(init)
    app.command()(collect)
    app.command()(doctor)


def init(
    context: typer.Context,
    url: Annotated[str | None, typer.Argument(metavar="[URL]", help="Your news site.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a configuration that is there.")
    ] = False,
    allow_private_hosts: Annotated[
        bool,
        typer.Option("--allow-private-hosts", help="The site is on this machine or network."),
    ] = False,
    collector: Annotated[
        list[str] | None,
        typer.Option(
            "--collector",
            metavar="KEY=VALUE",
            help="A key of [collector], as proxy=http://proxy.example:3128; may be repeated.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Write a commented digest.toml, .env and folders.

    From a URL, with the name, the sections and the feeds of the site that is there.
    """
    import asyncio

    from digest.config import given_rules
    from digest.pipeline.setup.exploring import explore, initialise, refuse_to_overwrite

    path: Path = context.obj
    refuse_to_overwrite(path, force=force)
    private = {"allow_private_hosts": True} if allow_private_hosts else {}
    rules = given_rules(collector or (), **private)
    found = asyncio.run(explore(url, rules)) if url else None
    done = initialise(path, found)
    if json:
        emit(done.as_json())
        return
    if done.sections:
        number = len(done.sections)
        say(f"{done.name} ({done.language}) has {counted(number, 'section')}:")
        table(
            ("section", "title", "feed", "found by"),
            (
                (part.id, part.title, _beneath(part.feed_url, url or ""), part.found_by)
                for part in done.sections
            ),
        )
        if done.looks:
            say("Looks: " + ", ".join(f"{name} {value}" for name, value in done.looks))
        if done.popularity:
            say(f"Readers are counted: [[popularity]] kind = {done.popularity!r}")
    for written in done.written:
        say(f"wrote {written}")
    for hint in done.hints:
        note(hint)


def collect(context: typer.Context, json: Json = False) -> None:
    """Fetch every source and keep its articles. One broken source never stops the others."""
    import asyncio

    from digest.cli.progress import collect_progress
    from digest.pipeline.gathering.collecting import collect_articles

    with opened(context) as (settings, store):
        ids = [source.id for source in settings.source]
        with collect_progress(ids, quiet=json) as progress:
            report = asyncio.run(
                collect_articles(settings, store, now(), progress.source, progress.step)
            )
    if json:
        emit(report.as_json())
    else:
        say(report.sentence())
        for source in report.sources:
            for words in (source.error, *source.notes):
                if words:
                    note(f"{source.id}: {words}")
        for counter in report.popularity:
            if counter.error:
                note(f"{counter.id}: {counter.error}")
            else:
                read = counted(counter.articles, "article")
                say(f"{counter.id}: {read} counted by their readers.")
    if report.failed and len(report.failed) == len(report.sources):
        raise typer.Exit(int(ExitCode.UNEXPECTED))


def doctor(context: typer.Context, json: Json = False) -> None:
    """Check everything a send needs, and say what to fix.

    That is configuration, store, templates and transport.
    """
    from digest.pipeline.setup.doctor import examine

    findings = examine(settings_of(context), now())
    if json:
        emit({"checks": [finding.as_json() for finding in findings]})
    else:
        for finding in findings:
            words = finding.words.replace("\n", "\n    ")
            say(f"{'ok ' if finding.ok else '!! '} {finding.name}: {words}")
            if finding.fix:
                say(f"    → {finding.fix}")
    if any(not finding.ok for finding in findings):
        raise typer.Exit(int(ExitCode.USAGE))


def _beneath(address: str, site: str) -> str:
    """Show an address of the site itself by its path: the host is the same in every row."""
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    ours = urlsplit(site if "://" in site else f"https://{site}").netloc
    return address.partition(parts.netloc)[2] if parts.netloc == ours else address
