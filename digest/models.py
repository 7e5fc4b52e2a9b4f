"""Frozen values handed from stage to stage. No behaviour beyond naming, no IO, no imports of ours.

    source → fetched bytes → Article → Story → Issue → Composition → Rendered → Message → Receipt

All times are aware and in UTC unless a docstring says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: absolute URL, size in pixels where known, and its alternative text."""

    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One item of a source, cleaned: plain text has no markup, URLs are absolute http(s).

    `id` is the stable identity of the article across sources and runs; `url` is canonical.
    `excerpt_html` has the words of `excerpt`, stressed and linked as digest/inline_html.py allows;
    "" where nothing in them is. `popularity` is the source's own signal (comments, views), on
    whatever scale that source has.
    """

    id: str
    source_id: str
    url: str
    title: str
    excerpt: str = ""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    picture: Picture | None = None
    tags: tuple[str, ...] = ()
    comments: int | None = None
    popularity: float | None = None
    language: str = ""
    reading_minutes: int | None = None
    excerpt_html: str = ""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article as the store knows it: when Digest first met it, and every source it came from."""

    article: Article
    first_seen: datetime
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """The articles, from any source, that report the same event; `article` leads.

    `sections` are the edition's sections it belongs to, best first; `score` is the rank's figure
    for *top* in the best of them; `date` is when it was reported, or first seen if nobody says.
    """

    id: str
    article: Article
    also: tuple[Article, ...] = ()
    sections: tuple[str, ...] = ()
    score: float = 0.0
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One scheduled local date-time of an edition; `key` names it: "2026-11-23"."""

    edition: str
    key: str
    at: datetime

    @property
    def issue_key(self) -> str:
        """Name the issue of this slot: "daily/2026-11-23"."""
        return f"{self.edition}/{self.key}"


@dataclass(frozen=True, slots=True)
class SocialLink:
    """Where else a newsroom is found: the name readers know, and the address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Brand:
    """How a newsroom looks in any theme; what is empty is the theme's own.

    Colours are "#rrggbb" and were checked for contrast; fonts are family names, best first.
    `share` names the services each story can be shared by: "mail", "whatsapp" …
    """

    logo_light: Picture | None = None
    logo_dark: Picture | None = None
    accent: str = ""
    accent_dark: str = ""
    paper: str = ""
    ink: str = ""
    serif: tuple[str, ...] = ()
    sans: tuple[str, ...] = ()
    footer: str = ""
    social: tuple[SocialLink, ...] = ()
    share: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What a mail says about its sender, and how it looks; part of the frozen issue."""

    name: str
    url: str
    public_url: str
    postal_address: str
    brand: Brand = Brand()


@dataclass(frozen=True, slots=True)
class EditorsNote:
    """What an editor says to the readers of one issue: Markdown, and who says it."""

    text: str
    byline: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A story that editors put at a place of a section: 1 is its first, tops before the latest."""

    story_id: str
    place: int


@dataclass(frozen=True, slots=True)
class LeadWish:
    """The story editors chose to lead: for readers of its sections, or for everyone.

    `section` is the heading it stands under where a reader chose it; empty is its own best.
    """

    story_id: str
    section: str = ""
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A paid slot of one issue, always with the `label` that says so.

    It stands after `section` for its readers, or after the lead when that is empty.
    """

    text: str
    label: str
    url: str = ""
    picture: Picture | None = None
    section: str = ""


@dataclass(frozen=True, slots=True)
class ExtraLink:
    """A link that editors add below the stories."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class IssueSection:
    """A section of an issue with its candidates, best first: enough for every set of sections.

    `top` and `latest` are how many stories it shows of each; `by_score` and `by_date` are story
    ids, ordered, and `scores` are the figures of `by_score` in this section. Which of them a
    reader sees depends on the other sections that reader chose. `per_source` and `per_author` cap
    the stories of one source or author (0 is no cap); below `minimum` the section is left out.
    `pins` are the editors' places, `order` the story ids that go first among those it shows.
    """

    id: str
    title: str
    url: str
    top: int
    latest: int
    by_score: tuple[str, ...]
    by_date: tuple[str, ...]
    scores: tuple[float, ...] = ()
    per_source: int = 0
    per_author: int = 0
    minimum: int = 1
    pins: tuple[Pin, ...] = ()
    order: tuple[str, ...] = ()


class IssueState(StrEnum):
    """draft → approved → sending → finished, or held, or cancelled."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    FINISHED = "finished"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A choice of sections ("tech,world", sorted; "" is all) and the stories it waits for.

    Earlier issues told them to others who read their sections, and had no room for them here.
    """

    sections: str
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """What one edition says in one slot: frozen before the first byte leaves.

    It holds no rendering and no reader. `subject` and `preheader` are template sources, because
    they may speak of the lead, and the lead depends on the chosen sections. `lead` is the editors'
    wish; `unled` are stories that led another edition's issue shortly before and lead this one
    only by that wish; `told` are stories that earlier issues told to some of their readers:
    only the choices of `waiting` see them; `max_stories` caps what one reader sees (0 is no cap);
    `in_reply_to` names the issue that this one corrects; `eight_bit` lets its mails go to servers
    with 8BITMIME only.
    """

    slot: Slot
    edition_title: str
    timezone: str
    language: str
    theme: str
    site: SiteFacts
    from_header: str
    subject: str
    preheader: str
    sections: tuple[IssueSection, ...]
    stories: tuple[Story, ...]
    note: EditorsNote | None = None
    lead: LeadWish | None = None
    sponsors: tuple[Sponsor, ...] = ()
    links: tuple[ExtraLink, ...] = ()
    unled: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    max_stories: int = 0
    in_reply_to: str = ""
    eight_bit: bool = False

    @property
    def key(self) -> str:
        """Name the issue: "daily/2026-11-23"."""
        return self.slot.issue_key


@dataclass(frozen=True, slots=True)
class Telling:
    """What the issue of that key told whom, for the composing of later ones.

    `variants` maps the chosen sections of everybody it was planned for ("tech,world", "" is all)
    to a variant, or None: nothing new; `told` maps a variant to the ids of its articles.
    """

    issue: str
    variants: Mapping[str, str | None]
    told: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class ComposedSection:
    """A section as one variant shows it; never empty."""

    id: str
    title: str
    url: str
    top: tuple[Story, ...]
    latest: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """The issue as composing gave it for one chosen set of sections: each story once.

    `variant` names it ("all", "tech+world"); `subject` and `preheader` are finished text.
    """

    variant: str
    language: str
    subject: str
    preheader: str
    lead: Story | None
    lead_section: str
    sections: tuple[ComposedSection, ...]

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every story in reading order."""
        rest = (story for part in self.sections for story in (*part.top, *part.latest))
        return (*((self.lead,) if self.lead else ()), *rest)


class Reason(StrEnum):
    """Why an article of the look-back is, or is not, in an issue; `explain` prints these."""

    IN = "in"
    MERGED = "merged with another article of the same story"
    CARRIED = "carried over: no room in this issue"
    SENT_BEFORE = "an earlier issue of this edition carried it"
    TOO_OLD = "older than the look-back"
    NOT_YET = "dated after this slot"
    NO_SECTION = "its source belongs to no section of this edition"
    NO_TITLE = "it has no headline or no address"
    DROPPED = "the editors dropped it"
    WITHDRAWN = "its site withdrew it"


class Verdict(NamedTuple):
    """What became of one article, and why: one row of `explain`.

    `story_id` names its story, where it was read as part of one. One that is in has its `place`
    there: "lead", "top" or "latest", and for which readers if not for those of all sections.
    """

    article_id: str
    title: str
    source_id: str
    reason: Reason
    sections: tuple[str, ...] = ()
    detail: str = ""
    story_id: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One variant as HTML and text. `holes` maps each hole's token to its name.

    A token is plain ASCII letters and digits, stands verbatim in `html` and `text`, and is
    replaced by bytes for each recipient: never by a template.
    """

    variant: str
    language: str
    subject: str
    html: str
    text: str
    holes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader of one issue; `public_id` is opaque and is what their links are made from."""

    delivery_id: int
    subscriber_id: int
    public_id: str
    addr_spec: str
    name: str
    variant: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A recipient lent to one worker until the lease ends; settling must name the fence."""

    recipient: Recipient
    fence: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Message:
    """One mail ready for the wire: RFC 5322 bytes with CRLF line ends, not yet dot-stuffed.

    `dotless` is the writer's word that there are no other line ends, that no line begins with a
    dot and that the last one is ended: then a transport need not look through the bytes again.
    """

    delivery_id: int
    reverse_path: str
    recipient: str
    message_id: str
    data: bytes
    dotless: bool = False


class DeliveryState(StrEnum):
    """The ledger's states; see docs/delivery.md for who may move a row from which to which."""

    PENDING = "pending"
    CLAIMED = "claimed"
    INFLIGHT = "inflight"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    HELD = "held"


class SkipReason(StrEnum):
    """Why a candidate gets no copy: not planned, gone meanwhile, or by an operator's word."""

    PAUSED = "paused"
    SUPPRESSED = "suppressed"
    UNSUBSCRIBED = "unsubscribed"
    NO_NEWS = "nothing new in the chosen sections"
    CANCELLED = "the issue was cancelled"
    RESOLVED = "uncertain, and left so by the operator"


class Outcome(StrEnum):
    """What the transport's answer means for one recipient."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the transport answered at once for one recipient.

    `code` is the SMTP reply or HTTP status, `enhanced` the status code of RFC 3463, `text` the
    server's words without these, addresses masked. `phase` is where it was said: "rcpt", "dot" …
    `suppress` says that the address itself is bad for good, `throttled` that the server wants
    less from us. UNSENT means nothing was tried.
    """

    delivery_id: int
    outcome: Outcome
    code: int | None = None
    enhanced: str = ""
    text: str = ""
    phase: str = ""
    suppress: bool = False
    throttled: bool = False

    @property
    def said(self) -> str:
        """Return the whole answer on one line, each code once."""
        code = str(self.code) if self.code is not None else ""
        return " ".join(filter(None, (code, self.enhanced, self.text)))


@dataclass(frozen=True, slots=True)
class Settlement:
    """A receipt on its way into the ledger; it counts only if `fence` is still the row's.

    A DEFERRED receipt always has a `retry_at`; beyond the issue's time to live it will expire.
    """

    delivery_id: int
    fence: int
    receipt: Receipt
    retry_at: datetime | None = None


class Advanced(NamedTuple):
    """What one durable step of the ledger came to, by delivery id.

    `inflight` are the caller's to send; `settled` are those whose outcome was written down: one
    that came too late, or twice, is not among them.
    """

    inflight: frozenset[int] = frozenset()
    settled: frozenset[int] = frozenset()
