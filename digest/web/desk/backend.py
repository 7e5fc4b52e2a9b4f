"""The desk's answers: the preview's page, the overlay's file, approval, test mails and holds."""

from __future__ import annotations

import asyncio
import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from digest.config import Settings
from digest.errors import ConfigError, DigestError, UsageError
from digest.log import mask
from digest.models.issues import IssueState, Slot
from digest.pipeline.approval.approving import ApprovalOrder, approve_issue
from digest.pipeline.approval.clearance import standing_of
from digest.pipeline.desk.overlay_file import OverlayFiles
from digest.pipeline.desk.overlay_wishes import Change, StoryNames
from digest.pipeline.desk.reviewing import review_afresh
from digest.pipeline.issue.slots import edition_named, slot_to_look_at
from digest.pipeline.mails.fingerprint import differences, outline_of
from digest.pipeline.operator.orders import pause_issue, resume_issue
from digest.pipeline.operator.person import person_with
from digest.plurals import counted
from digest.store import NewIssue, Store
from digest.web.desk.contract import (
    Approved,
    Asked,
    Beside,
    DeskPage,
    Fault,
    ReaderChoice,
    Written,
)
from digest.web.desk.knowledge import (
    LinkCheck,
    NamedReader,
    PanelScope,
    doubtful_pairs,
    history_of,
    links_checked,
    named_reader,
    readership_of,
    troubled_sources,
)
from digest.web.desk.view import Touched, candidate_rows, check_groups, story_rows
from digest.web.preview import PreviewEdition, PreviewPage
from digest.web.preview_backend import PreviewBackend


class DeskBackend:
    """Answers from the newsroom's folder and store, as they are at each question."""

    def __init__(
        self, preview: PreviewBackend, folder: Path, clock: Callable[[], datetime], who: str
    ) -> None:
        """Take the preview's answers, the folder of digest.toml, and who sits at the desk."""
        self._preview = preview
        self._files = OverlayFiles(folder)
        self._clock = clock
        self._who = who
        self._links: dict[tuple[str, str], LinkCheck] = {}

    def editions(self) -> Sequence[PreviewEdition]:
        """Return every edition, the one asked for first."""
        return self._preview.editions()

    def stamp(self) -> str:
        """Name the state of configuration, templates, overlays, articles and issues."""
        _, store = self._preview.opened()
        issues = [(one.key, one.state, one.note) for one in store.issues.lines(limit=20)]
        return hashlib.sha256(f"{self._preview.stamp()} {issues}".encode()).hexdigest()[:16]

    def files_mark(self) -> str:
        """Name the state of the watched files alone."""
        return self._preview.files_mark()

    def page(self, asked: Asked) -> DeskPage:
        """Return all that the desk shows; what is wrong with the files is told one by one."""
        editions = self.editions()
        edition = next((one for one in editions if one.id == asked.edition), None)
        if edition is None:
            raise UsageError(f'there is no edition "{asked.edition}" in the configuration')
        settings, store = self._preview.opened()
        slot = self._slot(settings, store, asked)
        shown = DeskPage(edition, today=slot.at.date(), reader=self._named(asked))
        sections = shown.reader.sections if shown.reader else asked.sections
        try:
            shown = replace(shown, written=self._written(slot))
            page = self._preview.preview(asked.edition, sections, asked.slot, again=asked.again)
        except DigestError as error:
            return replace(shown, faults=_faults(error))
        return self._shown(settings, store, slot, shown, page)

    def beside(self, asked: Asked, panel: str, shown: DeskPage) -> Beside:
        """Return what a panel shows besides."""
        room, page = self._room(asked), shown.page
        if panel == "readers":
            return Beside(readership=readership_of(room, page))
        if panel == "issues":
            return Beside(history=history_of(room, page))
        if panel != "checks":
            return Beside()
        many, troubled = troubled_sources(room)
        pairs = doubtful_pairs(page.composition if page else None)
        links = self._links.get((room.slot.issue_key, _addresses(shown)))
        return Beside(sources=many, troubled=troubled, pairs=pairs, links=links)

    def reader(self, address: str) -> str:
        """Find a reader by address."""
        _, store = self._preview.opened()
        record = person_with(store, address).record
        if record is None:
            raise UsageError(f"nobody reads anything under {mask(address)}")
        return record.public_id

    def pictures(self, urls: Sequence[str]) -> Mapping[str, str]:
        """Fetch pictures, as a reader's mail program would."""
        from digest.pipeline.desk.mail_pictures import carried_pictures  # brings the collector

        settings, _ = self._preview.opened()
        return asyncio.run(carried_pictures(settings, urls))

    def links(self, asked: Asked) -> str:
        """Ask for every address in the mail."""
        shown = self.page(asked)
        if shown.page is None or shown.page.composition is None:
            raise UsageError("there is no mail whose links could be checked")
        room = self._room(asked)
        found = links_checked(room, shown.page.composition)
        self._links = {(room.slot.issue_key, _addresses(shown)): found}
        dead = counted(len(found.dead), "address", "addresses")
        return f"Links checked: {dead} did not answer." if found.dead else "All links answer."

    def change(self, asked: Asked, version: str, change: Change, words: str) -> None:
        """Write one change into the overlay of the issue that is looked at."""
        self._files.change(self._open_slot(asked), version, change, words)

    def undo(self, asked: Asked, version: str) -> str:
        """Take the last change back."""
        return self._files.undo(self._open_slot(asked), version)

    def redo(self, asked: Asked, version: str) -> str:
        """Make the undone change again."""
        return self._files.redo(self._open_slot(asked), version)

    def approve(self, asked: Asked, sha256: str, who: str = "") -> str:
        """Approve the hash that is on the screen, and no other."""
        who = who or self._who
        settings, store = self._preview.opened()
        slot = self._slot(settings, store, asked)
        order = ApprovalOrder(asked.edition, slot.key, sha256, who)
        done = approve_issue(settings, store, order, self._clock())
        return (
            f"Approved by {who}: exactly what you see. The next run sends it at its time."
            if (not done.was_before)
            else "It was approved before."
        )

    def hold(self, asked: Asked, who: str = "") -> str:
        """Hold the issue: nothing is sent until somebody releases it."""
        settings, store = self._preview.opened()
        slot, now = self._slot(settings, store, asked), self._clock()
        if store.issues.get(slot.issue_key) is not None:
            return pause_issue(store, slot.issue_key, now).sentence()
        review = review_afresh(settings, store, slot, now)
        held = NewIssue(slot, review.content, review.content_sha256)
        store.issues.hold(held, f"held at the desk by {who or self._who}", now)
        return "Held. Nothing is sent until you release it."

    def release(self, asked: Asked) -> str:
        """Let the held issue go on."""
        settings, store = self._preview.opened()
        slot = self._slot(settings, store, asked)
        resume_issue(store, slot.issue_key, self._clock())
        return "Released: it goes out at its time."

    def test(self, asked: Asked, address: str) -> str:
        """Send the issue of all sections as a test; return what the server said."""
        # It brings the sender along, and most who open a page send nothing.
        from digest.pipeline.sending.testing import TestOrder, send_test_issue

        settings, store = self._preview.opened()
        order = TestOrder(asked.edition, asked.slot or None, [address])
        report = send_test_issue(settings, store, order, self._clock())
        said = "; ".join(f"{to}: {words}" for to, words in report.lines())
        where = " (in the folder outbox/)" if settings.mail.transport == "outbox" else ""
        return f"Test sent to {said}{where}"

    def _open_slot(self, asked: Asked) -> Slot:
        settings, store = self._preview.opened()
        slot = self._slot(settings, store, asked)
        known = store.issues.get(slot.issue_key)
        if known is not None and (
            known.planned_at is not None or known.state is IssueState.CANCELLED
        ):
            raise UsageError(
                f"the issue is {known.state}: it cannot be changed any more",
                where=slot.issue_key,
                fix="Look at a coming slot, or send a correction with `digest correct`",
            )
        return slot

    def _room(self, asked: Asked) -> PanelScope:
        settings, store = self._preview.opened()
        return PanelScope(settings, store, self._slot(settings, store, asked), self._clock())

    def _named(self, asked: Asked) -> NamedReader | None:
        if not asked.reader:
            return None
        room = self._room(asked)
        record = room.store.subscribers.find(asked.reader)
        return named_reader(room, record) if record else NamedReader("nobody any more")

    def _slot(self, settings: Settings, store: Store, asked: Asked) -> Slot:
        edition = edition_named(settings, asked.edition)
        known = store.issues.get(f"{edition.id}/{asked.slot}") if asked.slot else None
        if known is not None:
            return known.slot
        return slot_to_look_at(store, edition, asked.slot or None, self._clock())

    def _written(self, slot: Slot) -> Written:
        state = self._files.state(slot)
        try:
            entries: dict[str, Any] = tomllib.loads(state.text)
        except tomllib.TOMLDecodeError:
            entries = {}
        undo, redo = self._files.steps(slot)
        return Written(self._files.shown(slot), state.version, entries, undo, redo)

    def _shown(
        self, settings: Settings, store: Store, slot: Slot, shown: DeskPage, page: PreviewPage
    ) -> DeskPage:
        titles = dict(shown.edition.sections)
        entries = shown.written.entries if shown.written else {}
        touched = Touched(*(_stories(entries, kind, page) for kind in ("lead", "pin", "replace")))
        whole = page.composition
        return replace(
            shown,
            page=page,
            faults=_places(page.faults),
            stories=story_rows(whole, page.verdicts, touched, _window(settings)) if whole else (),
            candidates=candidate_rows(whole, page.verdicts, titles),
            checks=check_groups(page.findings),
            readers=_readers(store, shown.edition),
            approved=_approved(settings, store, slot, page),
            own_titles={one.article_id: one.title for one in page.verdicts},
        )


def _stories(entries: Mapping[str, Any], kind: str, page: PreviewPage) -> frozenset[str]:
    """Return the ids of the articles that entries of this kind name, however they name them."""
    found = entries.get(kind, ())
    named = [
        StoryNames(str(one.get("story", "")))
        for one in (found if kind != "lead" else [found] if found else [])
    ]
    return frozenset(
        one.article_id
        for one in page.verdicts
        if any(
            story.is_called(name)
            for story in named
            for name in (one.article_id, one.url, one.title)
        )
    )


def _readers(store: Store, edition: PreviewEdition) -> tuple[ReaderChoice, ...]:
    titles = dict(edition.sections)
    found = [
        ReaderChoice(tuple(titles.get(name, name) for name in text.split(",") if name), number)
        for text, number in store.ledger.choices(edition.id).items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.number, one.sections)))


def _approved(settings: Settings, store: Store, slot: Slot, page: PreviewPage) -> Approved:
    """Say who approved exactly this, or how it differs from what was approved last."""
    try:
        standing = standing_of(settings, store, slot)
    except ConfigError as error:
        return Approved(changed=(str(error),))
    known = store.issues.get(slot.issue_key)
    held = known.note or "held" if known and known.state is IssueState.HELD else ""
    before = next(standing.cleared(), None)
    by = standing.approved.get(page.sha256, "")
    changed: tuple[str, ...] = ()
    if before and not by and page.composition:
        found = differences(before.outline, outline_of(page.composition))
        changed = found or ("its look or its configuration",)
    required = edition_named(settings, slot.edition).approval == "required"
    return Approved(by, changed, held, required)


def _window(settings: Settings) -> str:
    """Say what the counters count, where all count alike: "in the last 24 hours"."""
    hours = {one.window_hours for one in settings.popularity}
    return f"in the last {counted(round(hours.pop()), 'hour')}" if len(hours) == 1 else ""


def _addresses(shown: DeskPage) -> str:
    """Name the links of a mail: what was checked is of these, and of no others."""
    page = shown.page.composition if shown.page else None
    return "\n".join(story.article.url for story in page.stories) if page else ""


def _faults(error: DigestError) -> tuple[Fault, ...]:
    """Take the faults of several files apart: one a line, each with its place."""
    lines = error.what.splitlines()
    if len(lines) <= 1 and (error.where or ".toml:" not in error.what):
        return (Fault(error.what, error.where, error.fix),)
    return _places(lines)


def _places(lines: Iterable[str]) -> tuple[Fault, ...]:
    found = []
    for line in lines:
        where, _, what = line.partition(": ")
        found.append(Fault(what, where) if what else Fault(line))
    return tuple(found)
