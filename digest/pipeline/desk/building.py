"""An issue as files, for review and for proof: what is written here is what would be sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from digest.config import Settings
from digest.editorial import unheeded
from digest.errors import UsageError
from digest.frozen import Frozen
from digest.models.compositions import Composition, Rendered
from digest.models.issues import Issue
from digest.pipeline.desk.explaining import explanation, packed
from digest.pipeline.desk.linting import finding_as_json, findings_of
from digest.pipeline.desk.planned_issue import kept_issue
from digest.pipeline.desk.reviewing import review_of
from digest.pipeline.issue.composing import ComposedIssue, compose_all, compose_issue
from digest.pipeline.issue.slots import edition_named, slot_to_look_at
from digest.pipeline.mails.as_told import told
from digest.pipeline.mails.budget import Fitted, render_within_budget
from digest.pipeline.mails.rendering import (
    compile_all,
    filled,
    headers_of,
    message_composer,
    sample_recipient,
    sample_values,
)
from digest.render.lint import Finding
from digest.store import Store

_ALL = ""


@dataclass(frozen=True, slots=True)
class BuiltVariant:
    """One variant on disk; `html_bytes` is the HTML's size in UTF-8."""

    name: str
    subject: str
    html_bytes: int


@dataclass(frozen=True, slots=True)
class BuiltIssue:
    """The files that `build` wrote; `empty` when there was nothing new.

    `sha256` is the hash that `digest approve` takes; of what was planned, that of its content.
    `notes` are what the overlay asks in vain, or that nothing was collected; `kept` says of what
    was planned that it is written as it went out.
    """

    issue: str
    stories: int = 0
    sha256: str = ""
    variants: tuple[BuiltVariant, ...] = ()
    files: tuple[str, ...] = field(default=())
    findings: tuple[tuple[str, Finding], ...] = ()
    notes: tuple[str, ...] = ()
    kept: str = ""
    content_sha256: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return not self.variants

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "issue": self.issue,
            "sha256": self.sha256,
            "content_sha256": self.content_sha256,
            "stories": self.stories,
            "variants": [
                {"variant": part.name, "subject": part.subject, "html_bytes": part.html_bytes}
                for part in self.variants
            ],
            "files": list(self.files),
            "findings": [finding_as_json(variant, one) for variant, one in self.findings],
            "notes": list(self.notes),
            "kept": self.kept,
        }


def build_issue(  # noqa: PLR0913, PLR0917 - the command's own parameters
    settings: Settings,
    store: Store,
    edition_id: str,
    slot_key: str | None,
    out: Path,
    now: datetime,
    *,
    again: bool = False,
) -> BuiltIssue:
    """Compose, render and write one issue into `out`; the store keeps it for review, by its hash.

    Without a slot it is the one that `send` would send next. One that was planned is written as it
    went out, unless it shall be composed `again`. UsageError if `out` is a file.
    """
    edition = edition_named(settings, edition_id)
    kept = None if again else kept_issue(store, edition, slot_key)
    if kept is not None:
        frozen = Frozen(kept.stored.content, kept.stored.sha256)
        built = _built(settings, kept.issue, frozen, kept.compositions, kept.rendered, out)
        return replace(built, kept=kept.words)
    slot = slot_to_look_at(store, edition, slot_key, now)
    composed = compose_issue(settings, store, slot)
    fitted = _render(settings, store, composed)
    if not fitted.rendered:
        return BuiltIssue(issue=slot.issue_key, notes=composed.notes)
    built = _built(
        settings, composed.issue, composed.frozen, fitted.compositions, fitted.rendered, out
    )
    as_told = told(composed, fitted)
    reasons = packed(explanation(as_told))
    review = review_of(settings, composed.issue, composed.frozen, reasons, now)
    store.reviews.keep(review)
    return replace(
        built,
        sha256=review.sha256,
        findings=findings_of(settings, composed.issue, fitted),
        notes=(*composed.expired, *as_told.choice.notes, *unheeded(as_told.choice)),
    )


def _built(  # noqa: PLR0913, PLR0917 - an issue, its mails, and where they go
    settings: Settings,
    issue: Issue,
    frozen: Frozen,
    compositions: Mapping[str, Composition],
    rendered: Mapping[str, Rendered],
    out: Path,
) -> BuiltIssue:
    """Write an issue's files, and say what was written."""
    files = {"issue.json": frozen.json.encode(), **mail_files(settings, issue, rendered)}
    _write(out, files)
    return BuiltIssue(
        issue=issue.key,
        stories=len({s.id for part in compositions.values() for s in part.stories}),
        sha256=frozen.sha256,
        content_sha256=frozen.sha256,
        variants=tuple(
            BuiltVariant(name, variant.subject, len(files[f"{name}.html"]))
            for name, variant in rendered.items()
        ),
        files=tuple(sorted([*files, "manifest.json"])),
    )


def _render(settings: Settings, store: Store, composed: ComposedIssue) -> Fitted:
    audience = {_ALL, *store.ledger.audience(composed.issue.slot.edition)}
    compositions = compose_all(composed.issue, sorted(audience))
    return render_within_budget(
        settings,
        composed.issue,
        composed.frozen.sha256,
        [part for part in compositions.values() if part is not None],
    )


def mail_files(
    settings: Settings, issue: Issue, rendered: Mapping[str, Rendered]
) -> dict[str, bytes]:
    """Return each variant as a sample reader gets it: its page, its text and the whole mail."""
    values = sample_values(issue)
    compiled = compile_all(
        rendered, headers_of(settings, issue, issue.slot.at), eight_bit=issue.eight_bit
    )
    compose = message_composer(issue, compiled, values, lambda _recipient: settings.mail.addr_spec)
    files: dict[str, bytes] = {}
    for name, variant in rendered.items():
        reader = sample_recipient(name)
        page, text = filled(variant, values(reader))
        files[f"{name}.html"] = page.encode()
        files[f"{name}.txt"] = text.encode()
        files[f"{name}.eml"] = compose(reader).data
    return files


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError("is a file", where=str(out), fix="Name a folder with --out")
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    text = json.dumps({"sha256": sums}, indent=2, ensure_ascii=False) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8")
