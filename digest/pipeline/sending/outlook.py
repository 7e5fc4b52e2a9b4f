"""The outlook of `digest send --dry-run`: what would be sent, to whom, and whom it would skip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from digest.config import Settings
from digest.models.compositions import Composition
from digest.models.issues import Issue
from digest.pipeline.desk.linting import findings_of
from digest.pipeline.issue.composing import compose_for
from digest.pipeline.mails.budget import Fitted
from digest.pipeline.mails.rendering import filled, sample_recipient, sample_values
from digest.plurals import counted
from digest.store import PlanCounts

_ALL = "all"
_KILO = 1000


@dataclass(frozen=True, slots=True)
class OutlookVariant:
    """One variant: its readers, its subject, and the size of its HTML as a reader gets it."""

    name: str
    readers: int
    subject: str
    html_bytes: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """An issue before it is sent, as the reader of all sections finds it.

    `sections` are pairs of a title and its headlines, in reading order; `skipped` counts readers by
    reason; `approval` says where it stands with its editors, "" if nobody is asked.
    """

    subject: str
    preheader: str
    lead: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    variants: tuple[OutlookVariant, ...]
    planned: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    sha256: str = ""
    approval: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints of it."""
        return {
            "subject": self.subject,
            "preheader": self.preheader,
            "lead": self.lead,
            "sections": [
                {"title": title, "stories": list(stories)} for title, stories in self.sections
            ],
            "variants": [
                {
                    "variant": one.name,
                    "readers": one.readers,
                    "subject": one.subject,
                    "html_bytes": one.html_bytes,
                }
                for one in self.variants
            ],
            "planned": self.planned,
            "skipped": dict(self.skipped),
            "warnings": list(self.warnings),
            "sha256": self.sha256,
            "approval": self.approval,
        }

    def lines(self) -> Iterator[str]:
        """Say it to a person, a line for each thing."""
        yield f"Subject    {self.subject}"
        yield f"Preheader  {self.preheader or '(none)'}"
        yield f"Lead       {self.lead or '(none)'}"
        for title, stories in self.sections:
            yield f"{title} ({len(stories)})"
            yield from (f"  - {story}" for story in stories)
        yield "Variants"
        for one in self.variants:
            size = f"{one.html_bytes / _KILO:.1f} KB of HTML"
            yield f"  {one.name}: {counted(one.readers, 'reader')}, {size}. {one.subject}"
        if self.skipped:
            yield "Skipped"
            yield from (f"  {number}: {why}" for why, number in self.skipped.items())
        if self.approval:
            yield f"Approval   {self.approval}"
        if self.sha256:
            yield f"Hash       {self.sha256}"
        if self.warnings:
            yield "Warnings"
            yield from (f"  - {one}" for one in self.warnings)


def outlook_of(settings: Settings, issue: Issue, fitted: Fitted, plan: PlanCounts) -> Outlook:
    """Return the outlook of an issue whose mails are rendered; approval is left to the caller."""
    whole = fitted.compositions.get(_ALL) or compose_for(issue, "")
    findings = findings_of(settings, issue, fitted)
    return Outlook(
        subject=whole.subject if whole else "",
        preheader=whole.preheader if whole else "",
        lead=whole.lead.article.title if whole and whole.lead else "",
        sections=tuple(_sections(whole)) if whole else (),
        variants=tuple(_variants(issue, fitted, plan)),
        planned=plan.planned,
        skipped={str(why): number for why, number in plan.skipped.items()},
        warnings=tuple(f"{one.rule} ({name}): {one.what}. {one.fix}" for name, one in findings),
    )


def _sections(page: Composition) -> Iterator[tuple[str, tuple[str, ...]]]:
    for section in page.sections:
        stories = (*section.top, *section.latest)
        yield section.title, tuple(story.article.title for story in stories)


def _variants(issue: Issue, fitted: Fitted, plan: PlanCounts) -> Iterator[OutlookVariant]:
    values = sample_values(issue)
    for name, rendered in fitted.rendered.items():
        page, _ = filled(rendered, values(sample_recipient(name)))
        readers = plan.by_variant.get(name, 0)
        yield OutlookVariant(name, readers, rendered.subject, len(page.encode()))
