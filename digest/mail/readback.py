"""A compiled mail, parsed again by the standard library, must say what was meant.

Nothing else stands between a mistake in our encoding and a million inboxes, so the judge here
shares no code with the writer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError as StandardMessageError
from email.errors import MultipartInvariantViolationDefect
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import lru_cache

from digest.errors import MessageError
from digest.mail.headers import LONGEST_LINE, clean_subject

# The variants of an issue share most fields, and the standard library parses one anew each time
# that it is asked for: that was more than half of what a variant costs.
_parsed_field = lru_cache(maxsize=256)(HeaderRegistry())
_STRICT = policy.default.clone(raise_on_defect=True, header_factory=_parsed_field)
_HEADERS = BytesHeaderParser(_class=EmailMessage, policy=_STRICT)
_ONLY_ONCE = ("From", "To", "Subject", "Date", "MIME-Version")
_GAP = b"\r\n\r\n"
_NEVER = ("Bcc", "Cc", "Resent-To", "Sender")


@dataclass(frozen=True, slots=True)
class Meant:
    """The contents that a reader should find; each of `headers` is there once, with its text.

    A mail that is not `dotless` may have parts in 8bit, where HTML has line ends of its own.
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    mailbox: tuple[str, str]
    date: datetime
    dotless: bool = True


def compare(data: bytes, meant: Meant, *, where: str) -> None:
    """Raise MessageError that lists every difference between `data` as read and `meant`."""
    try:
        found = read(data)
        faults = list(_differences(data, found, meant))
    except (StandardMessageError, LookupError, ValueError, AssertionError) as defect:
        faults = [f"it has a defect ({type(defect).__name__})"]
    if faults:
        raise MessageError(
            f"the mail does not read back as it was meant: {', '.join(faults)}",
            where=where,
            fix="Nothing was sent. Please report this with the output of `digest build`.",
        )


def read(data: bytes) -> EmailMessage:
    """Read a mail and its parts (RFC 2046 section 5.1.1), which have no parts of their own.

    The standard library's parser looks at a body line by line, in Python; between two boundaries
    there is nothing that it would find. Header fields and transfer encodings are read by it.
    """
    found = _entity(data)
    boundary = f"\r\n--{found.get_boundary('')}".encode()
    body = b"\r\n" + data.partition(_GAP)[2]
    opening, *parts, end = body.split(boundary)
    whole = (
        found.get_content_type() == "multipart/alternative"
        and (opening, end) == (b"", b"--\r\n")
        and all(part.startswith(b"\r\n") for part in parts)
    )
    if not whole:
        raise MultipartInvariantViolationDefect
    found.set_payload([_entity(part.removeprefix(b"\r\n")) for part in parts])
    return found


def _entity(data: bytes) -> EmailMessage:
    """Return the header fields of a mail or a part, with its body as it stands in transfer."""
    head, gap, body = data.partition(_GAP)
    found = _HEADERS.parsebytes(head + gap)
    found.set_payload(body.decode("ascii", "surrogateescape"))
    return found


def _differences(data: bytes, read: EmailMessage, meant: Meant) -> Iterator[str]:
    yield from _wire_faults(data, dotless=meant.dotless)
    fields = [(name.lower(), value) for name, value in read.items()]
    yield from _header_faults([name for name, _ in fields], meant)
    yield from (f"{name} is malformed" for name, value in fields if value.defects)
    found = dict(reversed(fields))
    if str(found["subject"]) != clean_subject(meant.subject):
        yield "the subject differs"
    to = found["to"].addresses[0]
    if (to.display_name, to.addr_spec) != meant.mailbox:
        yield "To differs"
    if parsedate_to_datetime(found["date"]) != meant.date.replace(microsecond=0):
        yield "Date differs"
    yield from (
        f"{name} differs"
        for name, text in meant.headers.items()
        if text not in found.get(name.lower(), "")
    )
    parts = [part for part in read.iter_parts() if isinstance(part, EmailMessage)]
    if [part.get_content_type() for part in parts] != ["text/plain", "text/html"]:
        yield "the parts are not text and HTML"
        return
    text, page = _body(parts[0]), _body(parts[1])
    if text != _lines(meant.text):
        yield "the text part differs"
    elif _page(parts[1], page) != _page(parts[1], _lines(meant.html)):
        yield "the HTML part differs"


def _header_faults(names: Sequence[str], meant: Meant) -> Iterator[str]:
    once = (*_ONLY_ONCE, *meant.headers)
    yield from (f"{name} is not there once" for name in once if names.count(name.lower()) != 1)
    yield from (f"there is a {name}" for name in _NEVER if name.lower() in names)


def _page(part: EmailMessage, html: str) -> str:
    return html.replace("\n", "") if part["Content-Transfer-Encoding"] == "8bit" else html


def _wire_faults(data: bytes, *, dotless: bool) -> Iterator[str]:
    header = data.partition(b"\r\n\r\n")[0]
    if not (data if dotless else header).isascii():
        yield "it is not ASCII"
    if b"\0" in data:
        yield "it has a NUL"
    if not data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r"):
        yield "it has line ends other than CRLF"
    if dotless and (b"\n." in data or data.startswith(b".")):
        yield "it has a line that begins with a dot"
    if max(map(len, data.split(b"\r\n"))) > LONGEST_LINE:
        yield f"it has a line over {LONGEST_LINE} bytes"


def _body(part: EmailMessage) -> str:
    return _lines(part.get_content())


def _lines(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()
    return text.replace("\r\n", "\n").replace("\r", "\n")
