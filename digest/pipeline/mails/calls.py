"""Values that an e-mail API gets instead of mails: a variant's content, each recipient's share.

The subject, the parts, the list's headers and the Message-ID are those of the mail over SMTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

from digest.errors import MessageError
from digest.mail import ListHeaders, name_message
from digest.mail.splice import UNSUBSCRIBE_MAILTO
from digest.models.calls import Content, Share
from digest.models.compositions import Rendered
from digest.models.issues import Issue
from digest.models.mails import Message, Recipient
from digest.pipeline.mails.rendering import Values, from_domain
from digest.sender.dispatch.made_call import CallComposer

_OF_THE_LIST = frozenset({"list-id", "feedback-id", "auto-submitted", "precedence"})


def call_composer(
    issue: Issue, rendered: Mapping[str, Rendered], headers: ListHeaders, values: Values
) -> CallComposer:
    """Return what the dispatch makes calls of; `rendered` are the issue's frozen variants."""
    shared = tuple(
        (name, str(value))
        for name, value in message_from_bytes(headers.about_the_list(), policy=default).items()
    )
    contents = {
        name: _content(issue, variant, headers, shared) for name, variant in rendered.items()
    }
    return CallComposer(lambda recipient: contents[recipient.variant], _share_of(issue, values))


def calls_of_messages(compose: Callable[[Recipient], Message]) -> CallComposer:
    """Return what makes a call of each finished mail: for mails that belong to no issue."""

    def content(recipient: Recipient) -> Content:
        return _content_of(_parsed(compose(recipient)))

    def share(recipient: Recipient) -> Share:
        message = compose(recipient)
        kept = ("message-id", "list-unsubscribe", "list-unsubscribe-post")
        own = ((name, str(value)) for name, value in _parsed(message).items())
        return Share(
            delivery_id=recipient.delivery_id,
            reference=f"single-{recipient.delivery_id}",
            addr_spec=recipient.addr_spec,
            name=recipient.name,
            message_id=message.message_id,
            values={},
            headers=tuple((name, value) for name, value in own if name.lower() in kept),
        )

    return CallComposer(content, share, single=True)


def _parsed(message: Message) -> EmailMessage:
    found = message_from_bytes(message.data, policy=default)
    if not isinstance(found, EmailMessage):
        raise TypeError("the default policy makes EmailMessages")
    return found


def _content_of(mail: EmailMessage) -> Content:
    name, addr_spec = parseaddr(str(mail["From"]))
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    return Content(
        issue="",
        variant="",
        from_name=name,
        from_addr_spec=addr_spec,
        reply_to=parseaddr(str(mail["Reply-To"] or ""))[1],
        subject=str(mail["Subject"]),
        html=html.get_content() if html else "",
        text=text.get_content() if text else "",
        holes={},
        headers=tuple((n, str(v)) for n, v in mail.items() if n.lower() in _OF_THE_LIST),
    )


def _content(
    issue: Issue, variant: Rendered, headers: ListHeaders, shared: tuple[tuple[str, str], ...]
) -> Content:
    name, addr_spec = parseaddr(headers.from_header)
    return Content(
        issue=issue.key,
        variant=variant.variant,
        from_name=name,
        from_addr_spec=addr_spec,
        reply_to=headers.reply_to,
        subject=variant.subject,
        html=variant.html,
        text=variant.text,
        holes=variant.holes,
        headers=shared,
    )


def _share_of(issue: Issue, values: Values) -> Callable[[Recipient], Share]:
    domain = from_domain(issue)

    def share(recipient: Recipient) -> Share:
        own = values(recipient)
        message_id = name_message(issue.key, recipient.public_id, domain)
        headers = [
            ("Message-ID", message_id),
            ("List-Unsubscribe", _ways_to_leave(own)),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
        if issue.in_reply_to:
            before = name_message(issue.in_reply_to, recipient.public_id, domain)
            headers += [("In-Reply-To", before), ("References", before)]
        return Share(
            delivery_id=recipient.delivery_id,
            reference=str(recipient.delivery_id),
            addr_spec=recipient.addr_spec,
            name=recipient.name,
            message_id=message_id,
            values=own,
            headers=tuple(headers),
        )

    return share


def _ways_to_leave(own: Mapping[str, str]) -> str:
    """Return the link of one click, and the mailto where there is one (RFC 2369, RFC 8058)."""
    ways = filter(None, (own["unsubscribe_url"], own.get(UNSUBSCRIBE_MAILTO, "")))
    return ", ".join(f"<{_plain(way)}>" for way in ways)


def _plain(url: str) -> str:
    if not url.isprintable() or set(url) & set(" <>,"):
        raise MessageError("a link cannot stand in List-Unsubscribe", where="List-Unsubscribe")
    return url
