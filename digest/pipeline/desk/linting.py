"""An issue's mails before anybody gets them: what lint finds, and what holds the send."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from digest.config import EditionSettings, Settings
from digest.config.site import PLACEHOLDER_ADDRESS
from digest.editorial import unheeded
from digest.errors import ExitCode, GateHeld, UsageError
from digest.models.compositions import Composition, Rendered
from digest.models.issues import Issue
from digest.models.stories import Story
from digest.pipeline.desk.planned_issue import kept_issue
from digest.pipeline.issue.composing import compose_all, compose_issue
from digest.pipeline.issue.slots import edition_named, slot_to_look_at
from digest.pipeline.mails.as_told import told
from digest.pipeline.mails.budget import Fitted, render_within_budget
from digest.pipeline.mails.rendering import filled, sample_recipient, sample_values
from digest.render.link_tags import tagged
from digest.render.lint import Expectations, Finding, KnownBlocks, Level, Mail, lint, lint_ends
from digest.render.plaintext import link
from digest.store import Store

_ALL = ""
_TOLD = 10


@dataclass(frozen=True, slots=True)
class LintOrder:
    """A request to lint: an edition, perhaps a slot, perhaps only some clients, perhaps online.

    A slot that was planned is composed `again`, or its mails are looked at as they are kept.
    """

    edition: str
    slot: str | None = None
    clients: frozenset[str] = frozenset()
    online: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class LintReport:
    """The findings by variant; a finding of a file is of the variant with the file's name.

    `notes` are what the overlay asks in vain, or not as it may seem; they hold nothing. `kept` says
    of what was planned that it is looked at as it went out.
    """

    issue: str
    findings: tuple[tuple[str, Finding], ...] = ()
    variants: int = 0
    notes: tuple[str, ...] = ()
    kept: str = ""

    @property
    def errors(self) -> tuple[tuple[str, Finding], ...]:
        """Those that hold the send."""
        return tuple(one for one in self.findings if one[1].level is Level.ERROR)

    @property
    def exit_code(self) -> ExitCode:
        """Return HELD when there is an error."""
        return ExitCode.HELD if self.errors else ExitCode.DONE

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "issue": self.issue,
            "variants": self.variants,
            "errors": len(self.errors),
            "warnings": len(self.findings) - len(self.errors),
            "findings": [finding_as_json(variant, one) for variant, one in self.findings],
            "notes": list(self.notes),
            "kept": self.kept,
        }  # fmt: skip


def finding_as_json(variant: str, one: Finding) -> dict[str, str]:
    """Return a finding as programs read it."""
    return {
        "variant": variant,
        "rule": one.rule,
        "level": one.level.value,
        "place": one.place,
        "what": one.what,
        "fix": one.fix,
    }


def lint_issue(settings: Settings, store: Store, order: LintOrder, now: datetime) -> LintReport:
    """Compose and render as `send` would, and look at it. Consumes nothing."""
    edition = edition_named(settings, order.edition)
    kept = None if order.again else kept_issue(store, edition, order.slot)
    if kept is not None:
        seen = _findings(settings, kept.issue, kept.compositions, kept.rendered, order.clients)
        if order.online:
            seen = (*seen, *dead_links_in(settings, kept.compositions.values()))
        return LintReport(kept.issue.key, seen, len(kept.rendered), kept=kept.words)
    slot = slot_to_look_at(store, edition, order.slot, now)
    composed = compose_issue(settings, store, slot)
    audience = {_ALL, *store.ledger.audience(edition.id)}
    compositions = compose_all(composed.issue, sorted(audience))
    present = [part for part in compositions.values() if part is not None]
    fitted = render_within_budget(settings, composed.issue, composed.frozen.sha256, present)
    found = findings_of(settings, composed.issue, fitted, order.clients)
    if order.online:
        found = (*found, *dead_links_in(settings, fitted.compositions.values()))
    notes = (*composed.notes, *unheeded(told(composed, fitted).choice))
    return LintReport(slot.issue_key, found, len(fitted.rendered), notes)


def lint_file(
    path: Path, clients: frozenset[str], kept_to: tuple[Settings, str] | None = None
) -> LintReport:
    """Look at any HTML file, whoever made it; with an edition, at what that edition keeps to.

    UsageError if it cannot be read, or there is no such edition.
    """
    try:
        page = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot be read ({error})", where=str(path), fix="Name an HTML file in UTF-8"
        ) from None
    want, allowed = Expectations(clients=clients), frozenset[str]()
    if kept_to is not None:
        settings, edition = kept_to[0], edition_named(*kept_to)
        allowed = frozenset(edition.lint_allow)
        want = replace(
            want,
            postal_address=settings.site.postal_address,
            placeholders=(PLACEHOLDER_ADDRESS,),
            max_bytes=int(edition.max_html_kb * 1000),
        )
    found = (_as_allowed(one, allowed) for one in lint(Mail(page), want))
    return LintReport(str(path), tuple((path.name, one) for one in found), 1)


def hold_bad_mail(settings: Settings, issue: Issue, fitted: Fitted) -> None:
    """Raise GateHeld that lists the errors, if there are any."""
    errors = LintReport(issue.key, findings_of(settings, issue, fitted)).errors
    if not errors:
        return
    said = [f"{one.rule}: {one.place} {one.what}. {one.fix}" for _, one in errors[:_TOLD]]
    more = [f"and {len(errors) - _TOLD} more"] if len(errors) > _TOLD else []
    raise GateHeld(
        "lint holds the mail\n  " + "\n  ".join([*said, *more]),
        where=issue.key,
        fix=f"Mend it, look with `digest lint {issue.slot.edition}`, and send again",
    )


def findings_of(
    settings: Settings, issue: Issue, fitted: Fitted, clients: frozenset[str] = frozenset()
) -> tuple[tuple[str, Finding], ...]:
    """Look at every variant: wholly where it shows something new, else at what is its own.

    What all variants share is told once, of the first that has it.
    """
    left = {name: tuple(_left(fitted, name)) for name in fitted.rendered}
    return _findings(settings, issue, fitted.compositions, fitted.rendered, clients, left)


def _findings(  # noqa: PLR0913, PLR0917 - mails, and what to look at them with
    settings: Settings,
    issue: Issue,
    compositions: Mapping[str, Composition],
    mails: Mapping[str, Rendered],
    clients: frozenset[str],
    left: Mapping[str, tuple[Finding, ...]] | None = None,
) -> tuple[tuple[str, Finding], ...]:
    edition = edition_named(settings, issue.slot.edition)
    allowed = frozenset(edition.lint_allow)
    reader = _Reader(issue, edition, clients)
    found: dict[Finding, str] = {}
    seen: set[str] = set()
    known = KnownBlocks()
    for variant in sorted(mails, key=lambda name: -len(mails[name].html)):
        part = compositions[variant]
        stories = {story.id for story in part.stories}
        look = lint_ends if stories <= seen else lint
        seen |= stories
        mail, want = reader.read(part, mails[variant])
        more = left.get(variant, ()) if left else ()
        for one in (*look(mail, want, known), *more):
            found.setdefault(_as_allowed(one, allowed), variant)
    by_level = sorted(found.items(), key=lambda item: item[0].level is not Level.ERROR)
    return tuple((variant, one) for one, variant in by_level)


class _Reader:
    """Reads mails as a sample reader gets them; a block of many variants is filled once."""

    def __init__(self, issue: Issue, edition: EditionSettings, clients: frozenset[str]) -> None:
        self._issue = issue
        self._values = sample_values(issue)(sample_recipient(_ALL))
        self._always = Expectations(
            unsubscribe_url=self._values["unsubscribe_url"],
            postal_address=issue.site.postal_address,
            placeholders=(PLACEHOLDER_ADDRESS,),
            clients=clients,
            max_bytes=int(edition.max_html_kb * 1000),
        )
        self._blocks: dict[str, str] = {}
        self._stories: dict[str, tuple[str, str]] = {}

    def read(self, part: Composition, rendered: Rendered) -> tuple[Mail, Expectations]:
        """Return a mail with its holes filled, and what it has to say."""
        page, text = filled(rendered, self._values)
        stories = tuple(self._stories.get(story.id) or self._told(story) for story in part.stories)
        blocks = tuple(self._filled(block, rendered) for block in rendered.blocks)
        mail = Mail(page, text, rendered.subject, part.preheader, blocks)
        return mail, replace(self._always, stories=stories)

    def _told(self, story: Story) -> tuple[str, str]:
        """Return a story's headline, and its address as mails have it."""
        url = tagged(link(story.article.url), self._issue.link_tags)
        self._stories[story.id] = story.article.title, url
        return self._stories[story.id]

    def _filled(self, block: str, rendered: Rendered) -> str:
        if block not in self._blocks:
            self._blocks[block], _ = filled(replace(rendered, html=block, text=""), self._values)
        return self._blocks[block]


def _left(fitted: Fitted, variant: str) -> Iterator[Finding]:
    if said := fitted.note(variant):
        yield Finding(
            "size-budget", Level.WARNING, "stories", said,
            "Show fewer, or raise max_html_kb; Gmail clips at 102",
        )  # fmt: skip


def _as_allowed(one: Finding, allowed: frozenset[str]) -> Finding:
    return replace(one, level=Level.WARNING) if one.rule in allowed else one


def dead_links_in(
    settings: Settings, compositions: Iterable[Composition]
) -> Sequence[tuple[str, Finding]]:
    """Ask for every address that a mail leads to; a page that is gone is an error."""
    from digest.pipeline.desk.dead_links import dead_links  # it brings the collector along

    places: Mapping[str, str] = {
        url: part.variant
        for part in compositions
        for url in _addresses(part)
    }  # fmt: skip
    found = []
    for url, (gone, what) in asyncio.run(dead_links(settings, sorted(places))).items():
        level = Level.ERROR if gone else Level.WARNING
        fix = "Correct it at its source, or drop the story"
        found.append((places[url], Finding("dead-link", level, url, what, fix)))
    return found


def _addresses(part: Composition) -> Iterator[str]:
    for story in part.stories:
        for article in (story.article, *story.also):
            yield article.url
            if article.picture:
                yield article.picture.url
    yield from (section.url for section in part.sections if section.url)
