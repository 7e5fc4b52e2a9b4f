"""The checks of `digest doctor`: configuration, secrets, store, templates, transport."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial

from digest.config import EditionSettings, Settings
from digest.errors import ConfigError, DigestError, RenderError
from digest.models.site import Brand
from digest.pipeline.configured.stores import configured_store
from digest.pipeline.configured.transports import transport_checks, transport_settings
from digest.pipeline.feedback.mailboxes.opening import mailbox_of
from digest.pipeline.issue.brand import brand_of
from digest.pipeline.issue.choices import missing_sections, missing_words
from digest.pipeline.issue.overlay_check import check_overlays
from digest.pipeline.issue.policy import hours_since_last, look_back_hours
from digest.pipeline.issue.slots import coming_slot
from digest.pipeline.mails.rendering import link_tokens, theme_named
from digest.pipeline.mails.signing import signers_of
from digest.pipeline.setup.examination import Examination
from digest.pipeline.setup.fit_to_send import faults_of_sender
from digest.pipeline.setup.private_modes import files_open_to_others
from digest.plurals import counted
from digest.render.languages import languages, script, spoken
from digest.render.words import locale_of
from digest.sender.declaration import Check, Greeting
from digest.store import Store

_ENGLISH = "en"


def examine(settings: Settings, now: datetime) -> tuple[Examination, ...]:
    """Look at everything; one fault hides no other. Sends no mail and changes no issue."""
    return (
        *_configuration(settings, now),
        *_languages(settings),
        _looked("secret key", lambda: _secret_key(settings)),
        *_store(settings, now),
        *_private(settings),
        *_templates(settings),
        *([_looked("signing", lambda: _signing(settings))] if settings.dkim else []),
        *_transports(settings),
        *([_looked("feedback", lambda: _feedback(settings))] if _has_mailbox(settings) else []),
    )


def _looked(name: str, look: Callable[[], str]) -> Examination:
    try:
        return Examination(name, ok=True, words=look())
    except DigestError as error:
        return _fault(name, error)


def _fault(name: str, error: DigestError) -> Examination:
    words = f"{error.where}: {error.what}" if error.where else error.what
    return Examination(name, ok=False, words=words, fix=error.fix)


def _configuration(settings: Settings, now: datetime) -> Iterator[Examination]:
    counts = (
        f"{counted(len(settings.source), 'source')}, {counted(len(settings.section), 'section')}, "
        f"{counted(len(settings.edition), 'edition')}"
    )
    yield Examination(
        "configuration",
        bool(settings.source and settings.section and settings.edition),
        f"{settings.path}: {counts}",
        "Add at least one [[source]], [[section]] and [[edition]]"
        if not (settings.source and settings.section and settings.edition)
        else "",
    )
    for name, fault in faults_of_sender(settings):
        yield _fault(name, fault)
    for edition in settings.edition:
        yield _looked(
            f"schedule of {edition.id}",
            lambda edition=edition: _schedule(edition, now),  # type: ignore[misc]
        )


def _schedule(edition: EditionSettings, now: datetime) -> str:
    slot = coming_slot(edition, now)
    looks, apart = look_back_hours(edition, slot), hours_since_last(edition, slot)
    if looks <= apart:
        raise ConfigError(
            f"look_back_hours = {looks:g}, but {apart:g} hours lie between its slots: what came "
            "just after one would be told by none",
            where=f'edition "{edition.id}"',
            fix="Take look_back_hours away: it then follows the schedule",
        )
    return f"next {slot.at:%Y-%m-%d %H:%M %Z}, with news of {looks:g} hours"


def _languages(settings: Settings) -> Iterator[Examination]:
    """Look at the site's language, and at that of each edition that has its own."""
    site = settings.site.language
    yield _looked("language", lambda: _language(site, f"{settings.path} [site] language"))
    for edition in settings.edition:
        if edition.language:
            where = f'{settings.path} edition "{edition.id}" language'
            told = partial(_language, edition.language, where)
            yield _looked(f"language of {edition.id}", told)


def _language(tag: str, where: str) -> str:
    """Say who speaks it: Babel's dates, and Digest's own words where there is a catalogue."""
    try:
        locale = locale_of(tag)
    except RenderError as error:
        raise ConfigError(error.what, where=where, fix=error.fix) from None
    if "_" in tag:
        raise ConfigError(
            f'"{tag}" is no language tag of the web',
            where=where,
            fix=f'Write it with a dash: "{tag.replace("_", "-")}"',
        )
    if spoken(locale) == _ENGLISH and locale.language != _ENGLISH:
        known = ", ".join(languages())
        return (
            f"{tag}: dates and figures; Digest's own words in English, for there are only {known}"
        )
    return f"{tag}: {locale.english_name}, dates and words"


def _secret_key(settings: Settings) -> str:
    link_tokens(settings)
    return "set; readers' links can be signed"


def _store(settings: Settings, now: datetime) -> Iterator[Examination]:
    found: list[Store] = []

    def look() -> str:
        store = configured_store(settings, lambda: now)
        found.append(store)
        articles, readers = store.articles.count(), store.subscribers.count()
        return f"{counted(articles, 'article')}, {counted(readers, 'subscriber')}"

    yield _looked("store", look)
    store = next(iter(found), None)
    yield _looked("overlays", lambda: check_overlays(settings, store, now))
    if store:
        yield from _sources(settings, store)
        yield from _choices(settings, store)
        store.close()


def _private(settings: Settings) -> Iterator[Examination]:
    """Tell of files with people or secrets in them that other users may read."""
    if found := files_open_to_others(settings):
        names = " ".join(str(path) for path in found)
        yield Examination(
            "permissions",
            ok=False,
            words=f"other users of this machine may read {names}",
            fix=f"Keep them to yourself: chmod go= {names}",
        )


def _choices(settings: Settings, store: Store) -> Iterator[Examination]:
    """Tell of sections that readers chose and an edition no longer has."""
    for edition in settings.edition:
        missing = missing_sections(settings, edition, store.ledger.choices(edition.id))
        if missing:
            words = missing_words(edition, missing)
            yield Examination("chosen sections", ok=False, words=words)


def _sources(settings: Settings, store: Store) -> Iterator[Examination]:
    known = store.sources.get([source.id for source in settings.source])
    never = [name for name in (s.id for s in settings.source) if name not in known]
    if never:
        shown = ", ".join(never[:5]) + (" …" if len(never) > len(never[:5]) else "")
        yield Examination(
            "sources", ok=False, words=f"never collected: {shown}", fix="Run `digest collect`"
        )
    for name, source in known.items():
        if source.last_error:
            yield Examination(f"source {name}", ok=False, words=source.last_error)


def _templates(settings: Settings) -> Iterator[Examination]:
    for theme in sorted({edition.theme for edition in settings.edition}):
        yield _looked(
            f"theme {theme}",
            lambda theme=theme: _theme(settings, theme),  # type: ignore[misc]
        )


def _theme(settings: Settings, name: str) -> str:
    brand = brand_of(settings, name)
    title = theme_named(settings, name).title
    return f"{title}, in the brand of [brand]" if brand != Brand() else title


def _signing(settings: Settings) -> str:
    records = (signer.record for signer in signers_of(settings, settings.mail.domain))
    return "; ".join(f'publish TXT {name} "{text}"' for name, text in records)


def _transports(settings: Settings) -> Iterator[Examination]:
    """Try every way out: the one that stands by must not fail on the day it is needed."""
    try:
        checks = transport_checks(settings)
    except ConfigError as error:
        yield _fault("transport", error)
        return
    for check in checks:
        yield _looked("transport", partial(_greeted, settings, check))


def _has_mailbox(settings: Settings) -> bool:
    table = settings.feedback
    return bool(table.imap or table.maildir or table.mbox)


def _feedback(settings: Settings) -> str:
    """Look at the mailbox that bounces come to: login and folder. Nothing in it changes."""
    with closing(mailbox_of(settings)) as mailbox:
        return mailbox.look()


def _greeted(settings: Settings, check: Check) -> str:
    """Say what a way out answered, and what would be lighter if it may."""
    said = asyncio.run(_awaited(check))
    wanted = transport_settings(settings).sends_eight_bit()
    lighter = said.takes_eight_bit and not wanted and not settings.dkim
    if not (lighter and _is_encoded(settings.site.language)):
        return said.words
    return (
        f"{said.words}; it takes 8BITMIME: if all servers on the way do, eight_bit = true in"
        f" [{settings.mail.transport}] makes mails in this language ({settings.site.language}) a"
        " quarter lighter"
    )


async def _awaited(check: Check) -> Greeting:
    return await check()


def _is_encoded(language: str) -> bool:
    """Whether most letters of a language are more than one byte of UTF-8."""
    try:
        return script(locale_of(language)) != "Latn"
    except RenderError:
        return False
