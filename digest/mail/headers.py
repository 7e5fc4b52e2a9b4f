"""The header of a mail to a list: RFC 5322, 2369, 2919, 3834 and 8058.

What is the same for everybody is written once per variant; what differs (To, Message-ID and the
unsubscribe address) is checked and written for each recipient. A value that cannot stand in a
header is an error here, never a changed mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from digest.errors import MessageError
from digest.mail.header_text import clean, field, phrase, unstructured

LONGEST_LINE = 998  # RFC 5322 section 2.1.1, without CRLF
LONGEST_SUBJECT = 240
LONGEST_NAME = 120

_AUTOMATIC = b"Auto-Submitted: auto-generated\r\n"  # RFC 3834 section 5
_ATEXT = (
    r"[^\s\x00-\x20\x7f-\xa0\"(),:;<>@\[\\\]\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_ADDR_SPEC = re.compile(rf"{_ATEXT}{{1,64}}@{_ATEXT}{{1,255}}")
_URL = re.compile(r"(?:https?://|mailto:)[!-;=?-~]+")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]+@[A-Za-z0-9.\-]+>")
_LIST_ID = re.compile(r"[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)+")
_LANGUAGE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ListHeaders:
    """The headers besides subject and recipient; the same for all of one issue.

    `from_header` and `reply_to` are mailboxes ("Name <a@b.example>"); `date` is aware;
    `list_id` is a dotted name below a domain of ours (RFC 2919), `list_title` its phrase; without
    one the mail belongs to no list, and nothing in its header speaks of one;
    `feedback_id` is Gmail's up to four fields joined by ":", the sender's name last.
    """

    from_header: str
    date: datetime
    list_id: str = ""
    list_title: str = ""
    reply_to: str = ""
    feedback_id: str = ""
    help_url: str = ""
    archive_url: str = ""
    unsubscribe_mailto: str = ""

    def above(self) -> bytes:
        """Return the fields that stand before To."""
        return field("From", mailbox(*parseaddr(self.from_header)))

    def below(self, subject: str, language: str) -> bytes:
        """Return the fields between To and Message-ID."""
        lines = field("Subject", unstructured(clean_subject(subject)))
        lines += field("Date", [format_datetime(self.date)])
        if self.reply_to:
            lines += field("Reply-To", mailbox(*parseaddr(self.reply_to)))
        if _LANGUAGE.fullmatch(language):
            lines += field("Content-Language", [language])
        return lines

    def about_the_list(self) -> bytes:
        """Return the fields that tell mailboxes what list this is, except List-Unsubscribe."""
        if not self.list_id:
            return _AUTOMATIC
        if not _LIST_ID.fullmatch(self.list_id):
            raise MessageError(
                f'"{self.list_id}" is not a List-Id (RFC 2919)',
                where="List-Id",
                fix='It must be a dotted name, as in "daily.news.example".',
            )
        lines = field("List-Id", [*phrase(clean(self.list_title)), f"<{self.list_id}>"])
        if self.help_url:
            lines += field("List-Help", [f"<{url(self.help_url)}>"])
        if self.archive_url:
            lines += field("List-Archive", [f"<{url(self.archive_url)}>"])
        if self.feedback_id:
            lines += field("Feedback-ID", unstructured(clean(self.feedback_id)))
        return lines + _AUTOMATIC

    def after_unsubscribe_url(self, mailto: str = "") -> bytes:
        """Return what follows the recipient's address in List-Unsubscribe, and RFC 8058's field.

        `mailto` is the recipient's own second way to leave. Of a mail that belongs to no list,
        nothing.
        """
        if not self.list_id:
            return b""
        second = mailto or self.unsubscribe_mailto
        more = f",\r\n <{url(second)}>" if second else ""
        return (f">{more}\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n").encode()


def clean_subject(subject: str) -> str:
    """Return the subject as it will be read: one line of at most 240 characters."""
    return clean(subject, longest=LONGEST_SUBJECT)


def mailbox(name: str, addr_spec: str) -> list[str]:
    """Return a mailbox as words (RFC 5322 section 3.4); the name may be any text."""
    if not _ADDR_SPEC.fullmatch(addr_spec):
        raise MessageError(
            "an address cannot stand in a mail's header",
            where="To, From or Reply-To",
            fix="Correct or remove it; addresses are plain, without quotes, spaces or comments.",
        )
    words = phrase(clean(name, longest=LONGEST_NAME))
    return [*words, f"<{addr_spec}>"] if words else [addr_spec]


def url(value: str) -> str:
    """Return an https, http or mailto URL that can stand between < and > on one line."""
    if not _URL.fullmatch(value) or len(value) > LONGEST_LINE - 80:
        raise MessageError(
            "a link for the header is not a plain URL of at most 900 characters",
            where="List-Unsubscribe, List-Help or List-Archive",
            fix="Percent-encode it; it starts with https://, http:// or mailto:.",
        )
    return value.replace("=?", "=%3F")


def checked_message_id(value: str) -> str:
    """Return the Message-ID back if it is one (RFC 5322 section 3.6.4) with its < and >."""
    if not _MESSAGE_ID.fullmatch(value) or len(value) > LONGEST_LINE - 80:
        raise MessageError(
            "not a Message-ID", where="Message-ID", fix='Write it as in "<name@news.example>".'
        )
    return value


def name_message(issue_key: str, public_id: str, domain: str) -> str:
    """Return the Message-ID of one delivery: the same issue and reader always have the same one."""
    name = sha256(f"{issue_key}\0{public_id}".encode()).hexdigest()[:40]
    return f"<{name}@{domain}>"
