"""An issue → one rendering a variant, and the mails compiled from it.

The place where a reader's own values meet the mail: everything per recipient is listed in
`Values`, and everything else is the same for all readers of a variant.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from hashlib import sha256

from digest.config import Settings
from digest.errors import ConfigError
from digest.mail import CompiledMessage, ListHeaders, compile_message, name_message
from digest.models.compositions import Composition, Rendered
from digest.models.issues import Issue, Slot
from digest.models.mails import Message, Recipient
from digest.pipeline.mails.signing import Seal, leaving_by_mail
from digest.render import RenderedIssue, Renderer, Theme, load_theme
from digest.resources import search_path
from subscribers.tokens import LinkTokens, Purpose

Values = Callable[[Recipient], Mapping[str, str]]
"""Gives the value of every hole for one recipient: all that differs between two mails."""

_NONCE_LENGTH = 16  # of the content's SHA-256: who writes a feed cannot know it
_SAMPLE_LINK = "sample"
_SAMPLE = Recipient(0, 0, "sample", "reader@recipient.example", "Sample Reader", "all")


def sample_recipient(variant: str) -> Recipient:
    """Return a reader for previews, builds and tests: nobody, whose links say so."""
    return replace(_SAMPLE, variant=variant)


def sample_values(issue: Issue) -> Values:
    """Return the links of a mail that belongs to no subscriber."""
    values = _values(issue.site.public_url, _SAMPLE_LINK, _SAMPLE_LINK, _SAMPLE_LINK)
    return lambda _recipient: values


def reader_values(settings: Settings, issue: Issue) -> Values:
    """Return each reader's own signed links. Raises ConfigError as `link_tokens` does."""
    tokens = link_tokens(settings)
    public_url, edition, view = issue.site.public_url, issue.slot.edition, view_scope(issue.slot)
    by_mail = leaving_by_mail(settings)

    def values(recipient: Recipient) -> dict[str, str]:
        reader = recipient.public_id
        manage = tokens.sign(Purpose.MANAGE, reader, edition)
        links = _values(public_url, manage, manage, tokens.sign(Purpose.VIEW, reader, view))
        return links | by_mail(recipient.delivery_id)

    return values


def link_tokens(settings: Settings) -> LinkTokens:
    """Return what signs and reads links. ConfigError when the key is missing or too short."""
    if not settings.secret_key_is_strong:
        missing = "is missing" if not settings.secret_key else "is shorter than 16 characters"
        raise ConfigError(
            f"DIGEST_SECRET_KEY {missing}: the readers' links cannot be signed",
            where=str(settings.folder / ".env"),
            fix="Set it to the output of: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(32))"',
        )
    return LinkTokens(settings.secret_keys)


def view_scope(slot: Slot) -> str:
    """Name an issue inside a link: "daily~2026-11-23"."""
    return f"{slot.edition}~{slot.key}"


def _values(public_url: str, unsubscribe: str, preferences: str, view: str) -> dict[str, str]:
    return {
        "unsubscribe_url": f"{public_url}/u/{unsubscribe}",
        "preferences_url": f"{public_url}/p/{preferences}",
        "view_url": f"{public_url}/v/{view}",
    }


def render_variants(
    settings: Settings, issue: Issue, sha256: str, compositions: Iterable[Composition]
) -> RenderedIssue:
    """Render every distinct variant of the issue at once; the newsroom's own theme wins."""
    return renderer_of(settings, issue, sha256).render(list(compositions))


def renderer_of(settings: Settings, issue: Issue, sha256: str) -> Renderer:
    """Return what renders this issue in its theme; what it rendered once, it remembers."""
    return Renderer(issue, theme_named(settings, issue.theme), nonce=sha256[:_NONCE_LENGTH])


def theme_named(settings: Settings, name: str) -> Theme:
    """Read a theme; a file in the newsroom's own folder wins over the shipped one."""
    return load_theme(name, search_path(settings.folder))


def filled(rendered: Rendered, values: Mapping[str, str]) -> tuple[str, str]:
    """Return HTML and text with the holes filled, as a browser or an editor sees the mail."""
    page, text = rendered.html, rendered.text
    for token, name in rendered.holes.items():
        page = page.replace(token, html.escape(values[name], quote=True))
        text = text.replace(token, values[name])
    return page, text


def headers_of(settings: Settings, issue: Issue, date: datetime) -> ListHeaders:
    """Return the headers that all recipients of the issue share; `date` is when it was planned."""
    edition, domain = issue.slot.edition, from_domain(issue)
    base = issue.site.public_url
    archive = f"{base}/archive/{edition}" if settings.readers.archive else ""
    return ListHeaders(
        from_header=issue.from_header,
        reply_to=settings.mail.reply_to,
        list_id=f"{edition}.{domain}",
        list_title=issue.edition_title,
        date=date,
        feedback_id=f"{issue.slot.key}:{edition}:digest:{domain}",
        help_url=f"{base}/help",
        archive_url=archive,
    )


def from_domain(issue: Issue) -> str:
    """Return the domain of the frozen From: a retry after a change of sender is the same mail."""
    return parseaddr(issue.from_header)[1].rpartition("@")[2]


def compile_all(
    rendered: Mapping[str, Rendered],
    headers: ListHeaders,
    *,
    eight_bit: bool,
    known: CompiledVariants | None = None,
) -> dict[str, CompiledMessage]:
    """Compile each variant once; each is parsed again before anything may be sent.

    `eight_bit` is the issue's: frozen with it, so that a mail sent again is the same mail. `known`
    keeps what it compiles, and compiles nothing twice.
    """
    mails = CompiledVariants() if known is None else known
    return {
        name: mails.compiled(variant, headers, eight_bit=eight_bit)
        for name, variant in rendered.items()
    }


class CompiledVariants:
    """Mails that were compiled and read back: planning looks at each, sending takes it over."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[tuple[bytes, ListHeaders, bool], CompiledMessage] = {}

    def compiled(
        self, rendered: Rendered, headers: ListHeaders, *, eight_bit: bool
    ) -> CompiledMessage:
        """Return the mail of a variant. MessageError if it does not read back as it was meant."""
        key = (_fingerprint(rendered), headers, eight_bit)
        if key not in self._known:
            self._known[key] = compile_message(rendered, headers, eight_bit=eight_bit)
        return self._known[key]


def _fingerprint(rendered: Rendered) -> bytes:
    """Return a hash of everything that a mail is made of."""
    parts = (
        rendered.variant,
        rendered.language,
        rendered.subject,
        rendered.html,
        rendered.text,
        *(f"{token}={name}" for token, name in sorted(rendered.holes.items())),
    )
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


def _in_reply_to(issue: Issue, recipient: Recipient, domain: str) -> bytes:
    """Return the fields that put a correction under the mail it corrects (RFC 5322 3.6.4)."""
    before = name_message(issue.in_reply_to, recipient.public_id, domain)
    return f"In-Reply-To: {before}\r\nReferences: {before}\r\n".encode()


def message_composer(
    issue: Issue,
    compiled: Mapping[str, CompiledMessage],
    values: Values,
    reverse_path: Callable[[Recipient], str],
    seal: Seal | None = None,
) -> Callable[[Recipient], Message]:
    """Return the function the sender calls for each recipient: look up, join, sign, done.

    The Message-ID is fixed by issue and recipient, so that a retry is the same mail. Bounces go to
    `reverse_path`; `seal` adds signatures.
    """
    issue_key, domain = issue.key, from_domain(issue)

    def compose(recipient: Recipient) -> Message:
        message_id = name_message(issue_key, recipient.public_id, domain)
        mail = compiled[recipient.variant]
        data = mail.join(
            values(recipient),
            to_addr_spec=recipient.addr_spec,
            to_name=recipient.name,
            message_id=message_id,
        )
        if issue.in_reply_to:
            data = _in_reply_to(issue, recipient, domain) + data
        return Message(
            delivery_id=recipient.delivery_id,
            reverse_path=reverse_path(recipient),
            recipient=recipient.addr_spec,
            message_id=message_id,
            data=seal(data) if seal else data,
            dotless=mail.dotless,
        )

    return compose
