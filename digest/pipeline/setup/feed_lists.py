"""Lists of feeds (OPML) ↔ the sources and sections of digest.toml.

The configuration is a newsroom's own text: what is imported is appended, nothing else is touched,
and nothing at all is written unless the whole still reads as a configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from digest.collector.articles.identity import article_id
from digest.collector.articles.urls import canonical, without_secrets
from digest.collector.kinds.registry import KINDS
from digest.collector.opml import FeedList, ListedFeed, read_opml, write_opml
from digest.config import Settings
from digest.config.lines import quoted
from digest.errors import UsageError
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.setup.exploring import identifier

_ROOMIEST = 60


@dataclass(frozen=True, slots=True)
class Imported:
    """The sources that an import added, by id, and how many were there already."""

    sources: tuple[str, ...]
    sections: tuple[str, ...]
    known: int

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "sources": list(self.sources),
            "sections": list(self.sections),
            "known": self.known,
        }


@dataclass(frozen=True, slots=True)
class Exported:
    """A list of sources as OPML; `masked` counts the addresses whose secrets are left out."""

    opml: bytes
    masked: int


def export_list(settings: Settings, *, with_secrets: bool = False) -> Exported:
    """Write the configuration's sources as OPML, each section a folder.

    A list is made to be handed on, so logins and keys in addresses are left out unless asked for.
    """
    urls = {source.id: source.url for source in settings.source}
    written = urls if with_secrets else {name: without_secrets(url) for name, url in urls.items()}
    by_id = {source.id: source for source in settings.source}
    feeds = [
        ListedFeed(source.id, written[source.id], section.url, section.title, source.kind)
        for section in settings.section
        for source in (by_id[name] for name in section.sources)
    ]
    used = {name for section in settings.section for name in section.sources}
    feeds += [
        ListedFeed(source.id, written[source.id], "", "", source.kind)
        for source in settings.source
        if source.id not in used
    ]
    masked = sum(written[name] != url for name, url in urls.items())
    return Exported(write_opml(settings.site.name, feeds), masked)


def import_list(settings: Settings, body: bytes, environment: Mapping[str, str]) -> Imported:
    """Append the list's feeds to digest.toml as sources, and its folders as sections.

    Raises UsageError for a file that is no OPML or holds no feed; ConfigError, and writes nothing,
    if what came out would not be a configuration.
    """
    listed = read_opml(body, settings.collector)
    if not listed.feeds:
        raise UsageError(
            "the list holds no feed", fix="Its outlines need an xmlUrl that starts with http(s)://"
        )
    path = settings.path
    before = path.read_text(encoding="utf-8-sig")
    imported, added = _added(settings, listed)
    if imported.sources:
        text = before.rstrip("\n") + "\n\n" + added
        parse_settings(text, path, environment)
        _replace(path, text)
    return imported


def _added(settings: Settings, listed: FeedList) -> tuple[Imported, str]:
    known = {_page(source.url) for source in settings.source}
    source_ids = {source.id for source in settings.source}
    folders: dict[str, list[str]] = {}
    blocks: list[str] = []
    fresh: dict[str, str] = {}
    for feed in listed.feeds:
        page = _page(feed.url)
        if page in known:
            continue
        if page not in fresh:
            fresh[page] = identifier(feed.title[:_ROOMIEST], source_ids)
            blocks.append(_source(fresh[page], feed))
        folders.setdefault(feed.folder or listed.title or "News", []).append(fresh[page])
    section_ids = {section.id for section in settings.section}
    sections = [identifier(title[:_ROOMIEST], section_ids) for title in folders]
    for name, (title, sources) in zip(sections, folders.items(), strict=True):
        blocks.append(_section(name, title, sources))
    already = sum(_page(feed.url) in known for feed in listed.feeds)
    return Imported(tuple(fresh.values()), tuple(sections), already), "\n".join(blocks)


def _page(url: str) -> str:
    return article_id(canonical(url), "", "")


def _source(name: str, feed: ListedFeed) -> str:
    kind = f"kind = {quoted(feed.kind)}\n" if feed.kind in KINDS else ""
    return f"[[source]]\nid = {quoted(name)}\nurl = {quoted(feed.url)}\n{kind}"


def _section(name: str, title: str, sources: list[str]) -> str:
    names = ", ".join(quoted(source) for source in dict.fromkeys(sources))
    return f"[[section]]\nid = {quoted(name)}\ntitle = {quoted(title)}\nsources = [{names}]\n"


def _replace(path: Path, text: str) -> None:
    """Write beside it and rename: a crash leaves the old configuration whole."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(path.stat().st_mode)
    fresh.replace(path)
