"""The answers to the editors' preview: the issue as it would go out now, built afresh.

The configuration is read again at every look, so that an edit shows without a restart.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from digest.config import Settings
from digest.editorial import Memory, variant_name
from digest.errors import DigestError, UsageError
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.configured.stores import configured_store
from digest.pipeline.desk.building import mail_files
from digest.pipeline.desk.explaining import Explanation, as_planned, explanation
from digest.pipeline.desk.linting import findings_of
from digest.pipeline.desk.planned_issue import KeptIssue, kept_issue
from digest.pipeline.issue.composing import ComposedIssue, compose_for, look_at_issue
from digest.pipeline.issue.slots import edition_named, slot_to_look_at
from digest.pipeline.mails.budget import judged
from digest.pipeline.mails.fingerprint import fitted_alone, proof_of
from digest.pipeline.mails.rendering import filled, sample_recipient, sample_values
from digest.pipeline.operator.audience_stats import AudienceStats, audience_stats
from digest.render.lint import Finding
from digest.resources import templates_folder
from digest.store import Store
from digest.web.audience import WEEKS
from digest.web.preview import PreviewEdition, PreviewPage


class PreviewBackend:
    """Reads configuration, store and templates whenever it is asked."""

    def __init__(
        self,
        path: Path,
        environment: Mapping[str, str],
        clock: Callable[[], datetime],
        first: str | None = None,
    ) -> None:
        """Look at the configuration at `path`; `first` is the edition to show first."""
        self._path = path
        self._environment = environment
        self._clock = clock
        self._first = first
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._store_url = ""
        self._memories: dict[str, Memory] = {}

    @property
    def folder(self) -> Path:
        """The folder of digest.toml, where overlays are."""
        return self._path.resolve().parent

    def editions(self) -> Sequence[PreviewEdition]:
        """Return every edition, the one asked for first."""
        settings = load_settings(self._path, self._environment)
        if self._first is not None:
            edition_named(settings, self._first)
        editions = sorted(settings.edition, key=lambda edition: edition.id != self._first)
        return [
            PreviewEdition(
                edition.id,
                edition.title,
                tuple((part.id, part.title) for part in settings.sections_of(edition)),
            )
            for edition in editions
        ]

    def preview(
        self, edition: str, sections: frozenset[str], slot: str, *, again: bool = False
    ) -> PreviewPage:
        """Return one variant; no sections means all, no slot the one `send` would send next.

        A slot that was planned is shown as it went out, unless it shall be composed `again`.
        """
        settings, store = self.opened()
        now, named = self._clock(), edition_named(settings, edition)
        kept = kept_issue(store, named, slot or None)
        if kept is not None and not again:
            shown = _as_sent(settings, store, kept, sections)
            return replace(shown, due=kept.stored.slot.at <= now)
        where = slot_to_look_at(store, named, slot or None, now)
        memory = self._memories.pop(edition, None) or Memory()  # no two looks share one
        composed = look_at_issue(settings, store, where, memory)
        self._memories[edition] = memory
        page = _page(settings, composed, ",".join(sorted(sections)))
        held = tuple(f"{fault} Until it is mended nothing is sent." for fault in composed.faults)
        return replace(
            page,
            due=page.at <= now,
            planned=kept is not None,
            faults=composed.faults,
            warnings=(*held, *page.warnings),
        )

    def audience(self) -> AudienceStats:
        """Count the audience as it is now, and who came and left in the last WEEKS weeks."""
        _, store = self.opened()
        return audience_stats(store, self._clock(), WEEKS)

    def titles(self) -> dict[str, str]:
        """Return the editions' titles by id, in the order of the configuration."""
        settings, _ = self.opened()
        return {edition.id: edition.title for edition in settings.edition}

    def stamp(self) -> str:
        """Name the state of configuration, templates, overlays and articles."""
        mark = hashlib.sha256()
        folder = self._path.parent
        try:
            settings, store = self.opened()
            folder = settings.folder
            mark.update(store.articles.state().encode())
        except DigestError as error:
            mark.update(str(error).encode())
        mark.update(_files_mark(self._path, folder))
        return mark.hexdigest()[:16]

    def files_mark(self) -> str:
        """Name the state of configuration, templates, overlays and approvals: no store is asked."""
        found = _files_mark(self._path, self._path.parent)
        return hashlib.sha256(found).hexdigest()[:16]

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()

    def opened(self) -> tuple[Settings, Store]:
        """Read the configuration afresh; the store is opened again only if its address changed."""
        settings = load_settings(self._path, self._environment)
        with self._lock:
            if self._store is None or self._store_url != settings.store.url:
                self.close()
                self._store = configured_store(settings, self._clock)
                self._store_url = settings.store.url
            return settings, self._store


def _page(settings: Settings, composed: ComposedIssue, sections: str) -> PreviewPage:
    issue = composed.issue
    composition = compose_for(issue, sections)
    if composition is None:
        return _empty(composed)
    proof = proof_of(settings, issue)
    fitted = fitted_alone(settings, issue, proof, composition)
    variant = fitted.rendered[composition.variant]
    told = explanation(judged(composed, fitted, composition.variant))
    page, text = filled(variant, sample_values(issue)(sample_recipient(variant.variant)))
    findings = tuple(one for _, one in findings_of(settings, issue, fitted))
    return PreviewPage(
        issue_key=issue.key,
        at=issue.slot.at,
        variant=variant.variant,
        from_header=issue.from_header,
        subject=variant.subject,
        preheader=composition.preheader,
        html=page,
        text=text,
        warnings=(*told.notes, *map(_sentence, findings)),
        verdicts=told.articles,
        sha256=proof.sha256,
        composition=fitted.compositions[composition.variant],
        findings=findings,
        notes=told.notes,
        eml=mail_files(settings, issue, fitted.rendered)[f"{variant.variant}.eml"],
        tops={section.id: section.top for section in issue.sections},
        issue=issue,
    )


def _as_sent(
    settings: Settings, store: Store, kept: KeptIssue, sections: frozenset[str]
) -> PreviewPage:
    """Return the page as it was rendered then; of a choice that nobody had there is none."""
    issue = kept.issue
    known = sections & {section.id for section in issue.sections}
    name = variant_name(issue, known)
    variant = kept.rendered.get(name) if known or not sections else None
    told = _why(store, kept)
    sent = ", ".join(sorted(kept.rendered))
    nobody = () if variant else (f"Nobody was sent this choice of sections; sent were: {sent}.",)
    page, text = (
        filled(variant, sample_values(issue)(sample_recipient(name))) if variant else ("", "")
    )
    shown = kept.compositions.get(name) if variant else None
    eml = mail_files(settings, issue, {name: variant})[f"{name}.eml"] if variant else b""
    return PreviewPage(
        issue_key=issue.key,
        at=issue.slot.at,
        variant=name if variant else "none",
        from_header=issue.from_header,
        subject=variant.subject if variant else "",
        preheader=shown.preheader if shown else "",
        html=page,
        text=text,
        warnings=(*nobody, *told.notes),
        notes=(*nobody, *told.notes),
        composition=shown,
        verdicts=told.articles,
        eml=eml,
        issue=issue,
        kept=kept.words,
        planned=True,
    )


def _why(store: Store, kept: KeptIssue) -> Explanation:
    """Return what was kept of why it is so; where nothing was, the words that say so."""
    try:
        return as_planned(store, kept.stored)
    except UsageError as error:
        return Explanation(kept.stored.key, (), (f"{error.what}. {error.fix}",))


def _empty(composed: ComposedIssue) -> PreviewPage:
    told = explanation(composed)
    return PreviewPage(
        issue_key=composed.issue.key,
        at=composed.issue.slot.at,
        variant="none",
        from_header=composed.issue.from_header,
        subject="",
        preheader="",
        html="",
        text="",
        warnings=("Nothing new for these sections: no mail would go out.", *told.notes),
        notes=told.notes,
        verdicts=told.articles,
    )


def _sentence(one: Finding) -> str:
    """Say a finding in a sentence; an error would hold the send."""
    return f"{one.level.value}: {one.rule}, {one.place}: {one.what}. {one.fix}"


def _files_mark(path: Path, folder: Path) -> bytes:
    """Return every file an issue's look depends on, and when each was changed."""
    found = [(str(file), _modified(file)) for file in (path, path.parent / ".env")]
    own = (folder / name for name in ("overlays", "approvals", "themes"))
    for place in (*own, templates_folder() / "email"):
        found += sorted(_files_in(str(place)))
    return repr(found).encode()


def _files_in(folder: str) -> Iterator[tuple[str, int]]:
    """Yield each visible file at any depth, and when it was changed: desks ask ten times a second.

    What vanishes meanwhile is left out.
    """
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _files_in(entry.path)
                elif not entry.name.startswith(".") and entry.is_file():
                    yield entry.path, entry.stat().st_mtime_ns
    except OSError:
        return


def _modified(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
