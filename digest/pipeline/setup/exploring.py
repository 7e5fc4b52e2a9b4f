"""A site's address → a configuration that works at once: what `digest init` does."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from digest.collector import Discovery, discover
from digest.config import CollectorSettings
from digest.config.lines import quoted
from digest.errors import SourceError, SourceUnreadable, SourceUnsafe, UsageError
from digest.pipeline.gathering.limits import limits_from
from digest.pipeline.setup.skeleton import (
    SectionDraft,
    SiteDraft,
    looks_of,
    write_configuration,
)

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Initialised:
    """The site that `init` found, and the files it wrote."""

    name: str
    sections: tuple[SectionDraft, ...]
    written: tuple[Path, ...]
    hints: tuple[str, ...] = field(default=())
    language: str = ""
    popularity: str = ""
    looks: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "name": self.name,
            "language": self.language,
            "looks": dict(self.looks),
            "popularity": self.popularity or None,
            "sections": [
                {
                    "id": part.id,
                    "title": part.title,
                    "feed": part.feed_url,
                    "kind": part.kind,
                    "found_by": part.found_by,
                }
                for part in self.sections
            ],
            "written": [str(path) for path in self.written],
        }


def refuse_to_overwrite(path: Path, *, force: bool) -> None:
    """Raise UsageError when a configuration is there already, unless that was said to be fine."""
    if path.exists() and not force:
        raise UsageError(
            "there is a configuration already",
            where=str(path),
            fix="Name another file with --config, or write over it with --force",
        )


def initialise(path: Path, found: SiteDraft | None) -> Initialised:
    """Write digest.toml, .env, overlays/ and themes/: from what was found, or to fill in."""
    draft = found or SiteDraft()
    written = write_configuration(path, draft, secret_key=secrets.token_urlsafe(32))
    hints = [f"Next: set postal_address in {path}, then `digest collect` and `digest preview`."]
    if found is None:
        hints.insert(0, "Nothing was explored: fill in [site], [[source]] and [[section]].")
    if draft.left_out:
        hints.append(f"Not in the site's menu, so left out: {_listed(draft.left_out)}.")
    return Initialised(
        draft.name,
        draft.sections if found else (),
        written,
        tuple(hints),
        language=draft.language if found else "",
        popularity=draft.popularity,
        looks=looks_of(draft),
    )


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


async def explore(url: str, rules: CollectorSettings) -> SiteDraft:
    """Find a site's name, language and sections; the draft keeps `rules`.

    Raises UsageError when its front page cannot be read, or when it offers no feed.
    """
    guessed = "://" not in url
    if guessed:
        url = f"https://{url}"
    if not urlsplit(url).hostname:
        raise UsageError(f'"{url}" is not a URL', fix="Write it as in https://news.example")
    try:
        found = await discover(url, limits_from(rules, url))
    except SourceUnsafe as error:
        fix = "If that network is yours, add --allow-private-hosts"
        raise UsageError(error.what, where=error.where, fix=fix) from None
    except SourceUnreadable as error:
        raise UsageError(error.what, where=error.where, fix=error.fix) from None
    except SourceError as error:
        fix = (
            f"https:// was assumed; if the site has none, write {url.replace('https', 'http', 1)}"
            if guessed
            else "Check the address, and that the site answers in a browser"
        )
        raise UsageError(error.what, where=error.where, fix=fix) from None
    if not found.sections:
        raise UsageError(
            "no feed was found there",
            where=url,
            fix="Look for a feed on the site and name it yourself: `digest init` without a URL "
            "writes a configuration to fill in",
        )
    return _draft(url, found, rules)


def _draft(url: str, found: Discovery, rules: CollectorSettings) -> SiteDraft:
    parts = urlsplit(url)
    taken: set[str] = set()
    sections = []
    for section in found.sections:
        identity = identifier(section.id or section.title, taken)
        sections.append(
            SectionDraft(
                id=identity,
                title=section.title or identity,
                url=section.url,
                feed_url=section.feed_url,
                kind=section.kind,
                found_by=section.found_by,
            )
        )
    return SiteDraft(
        name=found.name or parts.hostname or "",
        url=f"{parts.scheme}://{parts.netloc}",
        host=domain_of(parts.hostname or ""),
        language=found.language or "en",
        sections=tuple(sections),
        left_out=found.left_out,
        logo=found.logo,
        accent=found.accent,
        paper=found.paper,
        ink=found.ink,
        popularity=found.popularity,
        popularity_url=found.popularity_url,
        allow_private_hosts=rules.allow_private_hosts,
        rules=_lines(rules),
    )


def _lines(rules: CollectorSettings) -> tuple[str, ...]:
    """Write what differs from the defaults as lines of TOML."""
    named = ((key.name, getattr(rules, key.name), key.default) for key in fields(rules))
    return tuple(
        f"{name} = {quoted(value) if isinstance(value, str) else str(value).lower()}"
        for name, value, default in named
        if value != default and name != "allow_private_hosts"
    )


def domain_of(host: str) -> str:
    """Return the domain that mail and readers' pages can stand under, or "" where `host` has none.

    "www.paper.example" stands under "paper.example"; an IP address, "localhost" or a machine's bare
    name is nothing to build other names on.
    """
    name = host.rstrip(".").removeprefix("www.")
    labels = name.split(".")
    bare = len(labels) == 1 or labels[-1].isdigit() or labels[-1] == "localhost" or ":" in name
    return "" if bare else name


def identifier(text: str, taken: set[str]) -> str:
    """Turn "Travel & Culture" into "travel-culture", and keep ids apart by a number."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return name
