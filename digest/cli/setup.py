"""Pointing Digest at a site and fetching from it: init, collect, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digest.cli.output import emit, note, say, table
from digest.cli.session import Json, now, opened, settings_of
from digest.errors import ExitCode


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
    json: Json = False,
) -> None:
    """Write a commented digest.toml, .env and folders.

    From a URL, with the name, the sections and the feeds of the site that is there.
    """
    import asyncio

    from digest.pipeline.exploring import explore, initialise, refuse_to_overwrite

    path: Path = context.obj
    refuse_to_overwrite(path, force=force)
    found = asyncio.run(explore(url, allow_private_hosts=allow_private_hosts)) if url else None
    done = initialise(path, found)
    if json:
        emit(done.as_json())
        return
    if done.sections:
        number = len(done.sections)
        say(f"{done.name} ({done.language}) has {number} section{'s' if number > 1 else ''}:")
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
    from digest.pipeline.collecting import collect_articles

    with (
        opened(context) as (settings, store),
        collect_progress(len(settings.source), quiet=json) as advance,
    ):
        report = asyncio.run(collect_articles(settings, store, now(), advance))
    failed = [source for source in report.sources if source.error]
    if json:
        emit(
            {
                "sources": [
                    {
                        "id": source.id,
                        "status": source.status,
                        "new": source.new,
                        "updated": source.updated,
                        "error": source.error or None,
                    }
                    for source in report.sources
                ],
                "articles": report.articles,
                "popularity": [counter.as_json() for counter in report.popularity],
            }
        )
    else:
        new = sum(source.new for source in report.sources)
        updated = sum(source.updated for source in report.sources)
        say(
            f"{len(report.sources)} sources: {new} new articles, {updated} updated; "
            f"{report.articles} in the store."
        )
        for source in failed:
            note(f"{source.id}: {source.error}")
        for counter in report.popularity:
            if counter.error:
                note(f"{counter.id}: {counter.error}")
            else:
                say(f"{counter.id}: {counter.articles} articles counted by their readers.")
    if failed and len(failed) == len(report.sources):
        raise typer.Exit(int(ExitCode.UNEXPECTED))


def doctor(context: typer.Context, json: Json = False) -> None:
    """Check everything a send needs, and say what to fix.

    That is configuration, store, templates and transport.
    """
    from digest.pipeline.checking import examine

    findings = examine(settings_of(context), now())
    if json:
        emit({"checks": [finding.as_json() for finding in findings]})
    else:
        for finding in findings:
            say(f"{'ok ' if finding.ok else '!! '} {finding.name}: {finding.words}")
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
