"""An issue that is not planned yet: compose, look once more, render, and make the plan durable."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from digest.config import EditionSettings, Settings
from digest.editorial import unheeded
from digest.frozen import Frozen, thaw
from digest.log import log
from digest.models.compositions import Composition
from digest.models.issues import Issue, Slot
from digest.pipeline.configured.transports import header_changes, transport_for
from digest.pipeline.desk.explaining import explanation, packed
from digest.pipeline.desk.linting import hold_bad_mail
from digest.pipeline.desk.reviewing import review_of
from digest.pipeline.issue.choices import (
    audience_plan,
    carry_over,
    missing_sections,
    missing_words,
    present_choices,
)
from digest.pipeline.issue.composing import ComposedIssue, compose_all, compose_issue
from digest.pipeline.issue.history import articles_of
from digest.pipeline.issue.slots import edition_named
from digest.pipeline.mails.as_told import told
from digest.pipeline.mails.budget import Fitted
from digest.pipeline.mails.fingerprint import approval_hash
from digest.pipeline.mails.rehearsal import Rehearsal
from digest.pipeline.mails.rendering import CompiledVariants, headers_of, link_tokens
from digest.pipeline.mails.signing import reverse_path_of, signers_of
from digest.pipeline.sending.approval_gate import ApprovalGate, Mode
from digest.pipeline.sending.canary import seeds_of
from digest.pipeline.sending.order import SendOrder
from digest.pipeline.sending.outlook import Outlook, outlook_of
from digest.pipeline.sending.rechecking import (
    Rechecked,
    RecheckOrder,
    hold_for_approval,
    recheck,
    withdrawn_since,
)
from digest.pipeline.sending.report import SendReport
from digest.pipeline.sending.surprise_gate import hold_surprise
from digest.store import AudienceChanged, NewIssue, PlanCounts, Store, StoredIssue

_PLAN_TRIES = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned issue, remarks about it for the operator, and its mails as far as compiled."""

    issue: StoredIssue
    remarks: tuple[str, ...] = ()
    mails: CompiledVariants = field(default_factory=CompiledVariants)


async def plan_issue(
    settings: Settings, store: Store, order: SendOrder, slot: Slot, now: datetime
) -> Planned | SendReport:
    """Plan the slot's issue; or return a report, if there is nothing to send or it is a dry run.

    Raises GateHeld and ConfigError; nothing is planned then.
    """
    if not order.dry_run:
        _check_secrets(settings, slot)
    edition = edition_named(settings, slot.edition)
    if not order.dry_run:
        carry_over(settings, store, edition, now)
    gate = ApprovalGate(settings, store, edition, slot, _mode(edition, order), now)
    audience = set(store.ledger.audience(slot.edition))
    if not audience:
        return SendReport(
            slot.issue_key,
            f"{slot.edition} has no active subscribers; `digest subscribers list` shows who has "
            "still to confirm, `digest subscribers add` adds one",
        )
    if not order.dry_run and (seen := gate.passed()):
        draft = Draft(thaw(seen.content), Frozen(seen.content, seen.content_sha256), seen.reasons)
        if not (gone := await withdrawn_since(settings, store, draft.issue, now)):
            return _Planner(settings, store, order, draft, gate).plan(audience)
        log.warning("withdrawn after it was seen", articles=len(gone))
    elif not order.dry_run and (waits := gate.waiting(_candidates(store, slot))):
        return waits
    looked = Rechecked(compose_issue(settings, store, slot))
    if not order.dry_run:
        recheck_order = RecheckOrder(audience, now)
        looked = await recheck(settings, store, looked.composed, recheck_order)
        hold_for_approval(store, looked, now)
    draft = Draft.of(looked)
    return _Planner(settings, store, order, draft, gate).plan(audience)


def _candidates(store: Store, slot: Slot) -> int:
    return sum(store.ledger.choices(slot.edition).values())


def _mode(edition: EditionSettings, order: SendOrder) -> Mode:
    """Return who is asked: `--approved-only` asks for an approval where the edition does not."""
    return "required" if order.approved_only else edition.approval


def _check_secrets(settings: Settings, slot: Slot) -> None:
    """Raise ConfigError for a key or login that is missing, before anything is planned."""
    link_tokens(settings)
    signers_of(settings, settings.mail.domain)
    reverse_path_of(settings)
    transport_for(settings, slot.issue_key)


@dataclass(frozen=True, slots=True)
class Draft:
    """An issue that is to be planned: composed just now, or kept as its editors saw it.

    `reasons` are kept with it then; `composed` is there if it was composed now.
    """

    issue: Issue
    frozen: Frozen
    reasons: str = ""
    composed: ComposedIssue | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, looked: Rechecked) -> Draft:
        """Return what was composed and looked at once more."""
        composed = looked.composed
        return cls(composed.issue, composed.frozen, composed=composed, notes=looked.notes)

    @property
    def empty_notes(self) -> tuple[str, ...]:
        """Say what to do where there was nothing to compose from."""
        return self.composed.notes if self.composed else ()

    def explained(self, fitted: Fitted) -> tuple[str, tuple[str, ...]]:
        """Return why the issue is as it is, packed, and what the overlay asks in vain."""
        if self.composed is None:
            return self.reasons, ()
        as_told = told(self.composed, fitted)
        return packed(explanation(as_told)), unheeded(as_told.choice)


@dataclass(frozen=True, slots=True)
class _Planner:
    """Renders for the choices of sections there are, and again if readers choose anew meanwhile."""

    settings: Settings
    store: Store
    order: SendOrder
    draft: Draft
    gate: ApprovalGate
    mails: CompiledVariants = field(default_factory=CompiledVariants)

    @property
    def now(self) -> datetime:
        """The time of the run."""
        return self.gate.now

    @property
    def edition(self) -> EditionSettings:
        """The edition whose issue is planned."""
        return edition_named(self.settings, self.order.edition)

    def plan(self, audience: AbstractSet[str]) -> Planned | SendReport:
        issue, choices = self.draft.issue, set(audience)
        rehearsal = Rehearsal(self.settings, issue, self.draft.frozen.sha256, self._look_at)
        for attempt in range(_PLAN_TRIES):
            compositions = self._compositions(issue, choices)
            present = {part.variant: part for part in compositions.values() if part is not None}
            if not present:
                words = "nothing new since the last issue: no mail"
                hints = (*self.draft.empty_notes, *self._missing())
                return SendReport(issue.key, words, hints=hints)
            variants = {name: part.variant if part else None for name, part in compositions.items()}
            fitted = rehearsal.of(present.values())
            try:
                return self._plan(variants, fitted)
            except AudienceChanged as change:
                if attempt == _PLAN_TRIES - 1:
                    raise
                choices.update(change.sections)
        raise AssertionError("the loop above returns or raises")

    def _plan(self, variants: dict[str, str | None], fitted: Fitted) -> Planned | SendReport:
        store, draft = self.store, self.draft
        slot = draft.issue.slot
        reasons, vain = draft.explained(fitted)
        expired = draft.composed.expired if draft.composed else ()
        remarks = (*self._missing(), *draft.notes, *vain, *expired, *header_changes(self.settings))
        present = present_choices(self.settings, self.edition, variants)
        audience = audience_plan(self.edition, variants, present, seeds_of(self.settings))
        expected = store.ledger.forecast(audience, slot.at).planned
        if not self.order.anyway:
            hold_surprise(store, self.edition, expected, fitted.rendered)
        if self.order.dry_run:
            plan = store.ledger.forecast(audience, self.now)
            outlook = self._outlook(fitted, plan)
            return replace(SendReport.forecast(slot.issue_key, plan, outlook), hints=remarks)
        if waits := self._shown_first(reasons, expected):
            return replace(waits, hints=remarks)
        new = NewIssue(
            slot,
            draft.frozen.json,
            draft.frozen.sha256,
            shown={name: articles_of([part]) for name, part in fitted.compositions.items()},
            rendered=fitted.rendered,
            reasons=reasons,
        )
        issue, counts = store.issues.create_and_plan(new, audience, self.now)
        log.info(
            "issue planned",
            sha256=issue.sha256[:16],
            planned=counts.planned,
            skipped=counts.candidates - counts.planned,
            variants=len(fitted.rendered),
        )
        return Planned(issue, remarks, self.mails)

    def _outlook(self, fitted: Fitted, plan: PlanCounts) -> Outlook:
        sha256 = approval_hash(self.settings, self.draft.issue)
        outlook = outlook_of(self.settings, self.draft.issue, fitted, plan)
        return replace(outlook, sha256=sha256, approval=self.gate.standing_words(sha256))

    def _shown_first(self, reasons: str, readers: int) -> SendReport | None:
        """Have editors look at what they have not seen; None if it may go."""
        draft = self.draft
        if self.gate.is_open or draft.composed is None:
            return None
        review = review_of(self.settings, draft.issue, draft.frozen, reasons, self.now)
        return self.gate.stop(review, readers)

    def _compositions(
        self, issue: Issue, choices: AbstractSet[str]
    ) -> dict[str, Composition | None]:
        """Compose for each choice as it stands, and by what it will be carried over to.

        They differ in a dry run alone, which leaves the readers' rows as they are.
        """
        present = present_choices(self.settings, self.edition, sorted(choices))
        made = compose_all(issue, sorted(set(present.values())))
        return {text: made[now_is] for text, now_is in present.items()}

    def _missing(self) -> Iterator[str]:
        """Name the sections that readers chose and the edition no longer has."""
        choices = self.store.ledger.choices(self.edition.id)
        if missing := missing_sections(self.settings, self.edition, choices):
            yield missing_words(self.edition, missing)

    def _look_at(self, fitted: Fitted) -> None:
        """Lint every mail and compile it as it will be sent: nothing may fail after the plan."""
        issue = self.draft.issue
        hold_bad_mail(self.settings, issue, fitted)
        headers = headers_of(self.settings, issue, self.now)
        for rendered in fitted.rendered.values():
            self.mails.compiled(rendered, headers, eight_bit=issue.eight_bit)
