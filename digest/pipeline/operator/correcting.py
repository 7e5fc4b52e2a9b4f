"""A correction: who received a story that was wrong is told so, under the mail that told it.

It is frozen, planned for exactly those readers and held; nothing is sent before an operator
resumes it. The ledger of the corrected issue does not change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from digest.config import Settings
from digest.editorial import compose, nearest
from digest.errors import UsageError
from digest.frozen import freeze, thaw
from digest.models.deliveries import DeliveryState
from digest.models.editors import EditorsNote, LeadWish
from digest.models.issues import Issue, IssueSection, IssueState, Slot
from digest.models.stories import Story
from digest.pipeline.mails.rendering import compile_all, headers_of, render_variants
from digest.pipeline.operator.orders import issue_named
from digest.plurals import counted
from digest.store import NewIssue, Store, StoredIssue, ToldStory
from digest.store.issues.correction_plan import VARIANT

SUBJECT = "Correction: {{ lead.title }}"
_KEY = "{slot}-correction-{number}"
_TO_COME = (
    DeliveryState.PENDING,
    DeliveryState.CLAIMED,
    DeliveryState.INFLIGHT,
    DeliveryState.DEFERRED,
)


@dataclass(frozen=True, slots=True)
class CorrectionOrder:
    """A correction of one story; empty words leave the story's own.

    `text` is the editor's Markdown; `subject` a template as in the configuration.
    """

    issue: str
    story: str
    text: str
    byline: str = ""
    headline: str = ""
    subject: str = SUBJECT


@dataclass(frozen=True, slots=True)
class PreparedCorrection:
    """A prepared correction: `readers` have the story; `issue` is empty after a mere look.

    `waiting` readers are still to be sent the issue, and get no correction of what they get later.
    """

    corrects: str
    story: str
    subject: str
    readers: int
    issue: str = ""
    waiting: int = 0

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "issue": self.issue or None,
            "corrects": self.corrects,
            "story": self.story,
            "subject": self.subject,
            "readers": self.readers,
            "waiting": self.waiting,
        }

    def lines(self) -> tuple[str, ...]:
        """Say it to a person."""
        who = counted(self.readers, "reader has", "readers have")
        told = f'{who} "{self.story}" from {self.corrects}.'
        if self.waiting:
            told += (
                f" {counted(self.waiting, 'more is', 'more are')} still to be sent it, and would "
                f"not be told: `digest issues pause {self.corrects}` stops that."
            )
        if not self.issue:
            return (told, "Nothing was prepared.")
        edition, _, slot = self.issue.rpartition("/")
        return (
            told,
            f"Prepared for them as {self.issue}, held: {self.subject}",
            f"`digest issues resume {self.issue}`, then `digest send {edition} --slot {slot}`.",
        )


def correct_issue(
    settings: Settings, store: Store, order: CorrectionOrder, now: datetime, *, dry_run: bool
) -> PreparedCorrection:
    """Prepare a correction; a dry run only counts who would get it.

    Raises UsageError when there is no such issue or story, when nobody has it, or when the same
    correction was prepared before.
    """
    stored = issue_named(store, order.issue)
    original = thaw(stored.content)
    if original.in_reply_to:
        raise UsageError(
            "that is a correction itself",
            where=order.issue,
            fix=f"Correct the issue it speaks of: {original.in_reply_to}",
        )
    story = _story(original, order.story, order.issue)
    told = ToldStory(stored.id, tuple(one.id for one in (story.article, *story.also)))
    readers = store.corrections.readers_of(told)
    slot = _free_slot(store, stored, order)
    issue = _correction(original, story, order, slot)
    composition = compose(issue, frozenset())
    if composition is None:
        raise AssertionError("an issue with a lead always composes")
    frozen = freeze(issue)
    rendered = render_variants(settings, issue, frozen.sha256, [composition])
    compile_all(rendered, headers_of(settings, issue, now), eight_bit=issue.eight_bit)
    found = PreparedCorrection(
        order.issue,
        story.article.title,
        composition.subject,
        readers,
        waiting=_waiting(store, stored),
    )
    if dry_run:
        return found
    if not readers:
        raise UsageError(
            f'nobody has "{story.article.title}" yet',
            where=order.issue,
            fix="There is nobody to correct it for; drop the story in the overlay instead",
        )
    pages = {VARIANT: rendered[composition.variant]}
    correction = NewIssue(slot, frozen.json, frozen.sha256, rendered=pages)
    store.corrections.plan(correction, told, now)
    return replace(found, issue=slot.issue_key)


def _waiting(store: Store, stored: StoredIssue) -> int:
    """Count those who may yet be sent the issue as it is."""
    if stored.state is not IssueState.SENDING:
        return 0
    counts = store.ledger.counts(stored.id)
    return sum(counts.get(state, 0) for state in _TO_COME)


def _story(issue: Issue, name: str, key: str) -> Story:
    words = name.casefold()
    exact = [one for one in issue.stories if name in {one.id, one.article.id, one.article.url}]
    found = exact or [one for one in issue.stories if words in one.article.title.casefold()]
    if len(found) == 1:
        return found[0]
    listed = nearest(name, {one.id: one.article.title for one in found or issue.stories})
    raise UsageError(
        f'"{name}" names {len(found) or "no"} stories of {key}',
        where="--story",
        fix=f"Name one by its id or URL: {listed}",
    )


def _free_slot(store: Store, stored: StoredIssue, order: CorrectionOrder) -> Slot:
    """Return the next free name; the slot's time stays, so that no history is rewritten."""
    number = 1
    while known := store.issues.get(_key(stored, number)):
        note = thaw(known.content).note
        if note == EditorsNote(order.text, order.byline):
            raise UsageError(
                f"the same correction was prepared as {known.key}",
                where=order.issue,
                fix=f"Look at it with `digest issues show {known.key}`",
            )
        number += 1
    return replace(stored.slot, key=_KEY.format(slot=stored.slot.key, number=number))


def _key(stored: StoredIssue, number: int) -> str:
    return f"{stored.slot.edition}/{_KEY.format(slot=stored.slot.key, number=number)}"


def _correction(issue: Issue, story: Story, order: CorrectionOrder, slot: Slot) -> Issue:
    """Return an issue of that one story with the editors' words above it."""
    article = replace(story.article, title=order.headline or story.article.title)
    home = next(section for section in issue.sections if section.id in story.sections)
    section = IssueSection(
        home.id, home.title, home.url, top=1, latest=0,
        by_score=(story.id,), by_date=(story.id,), scores=(story.score,),
    )  # fmt: skip
    return replace(
        issue,
        slot=slot,
        subject=order.subject,
        preheader="",
        sections=(section,),
        stories=(replace(story, article=article, sections=(home.id,)),),
        note=EditorsNote(order.text, order.byline),
        lead=LeadWish(story.id, home.id),
        sponsors=(),
        links=(),
        unled=(),
        in_reply_to=issue.key,
    )
