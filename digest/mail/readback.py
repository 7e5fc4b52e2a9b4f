"""A compiled mail, parsed again by the standard library, must say what was meant.

Nothing else stands between a mistake in our encoding and a million inboxes, so the judge here
shares no code with the writer.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError as StandardMessageError
from email.errors import MultipartInvariantViolationDefect
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from functools import lru_cache
from typing import Any

from digest.errors import MessageError
from digest.mail.headers import LONGEST_LINE, clean_subject

_class_of = lru_cache(maxsize=64)(HeaderRegistry().__getitem__)
"""The library's class for a field of this name, which it makes anew each time it is asked."""


@lru_cache(maxsize=256)  # the library parses a field anew each time that it is asked for
def _parsed_field(name: str, value: str) -> Any:  # noqa: ANN401 - the library has no type for fields
    return _class_of(name)(name, value)


_STRICT = policy.default.clone(raise_on_defect=True, header_factory=_parsed_field)
_HEADERS = BytesHeaderParser(_class=EmailMessage, policy=_STRICT)
_FIELD_END = re.compile(rb"\r\n(?![ \t])")
_ONLY_ONCE = ("From", "To", "Subject", "Date", "MIME-Version")
_GAP = b"\r\n\r\n"
_NEVER = ("Bcc", "Cc", "Resent-To", "Sender")
_TRANSFER: Mapping[str, Callable[[bytes], bytes]] = {
    "quoted-printable": a2b_qp,
    "base64": lambda body: a2b_base64(body.replace(b"\r\n", b""), strict_mode=True),
    "8bit": bytes,
}

Fields = Sequence[tuple[str, Any]]
"""The header fields in their order, each with its value as the standard library parsed it."""


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


@dataclass(frozen=True, slots=True)
class Entity:
    """A mail or one of its parts as it was read; `content` is the part's, its transfer undone."""

    fields: Fields
    content: bytes = b""
    parts: tuple[Entity, ...] = ()

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - the library has no type for fields
        """Return the first field of this name in lower case; KeyError if there is none."""
        for said, value in self.fields:
            if said.lower() == name:
                return value
        raise KeyError(name)


def read(data: bytes) -> Entity:
    """Read a mail and its parts (RFC 2046 section 5.1.1), which have no parts of their own.

    The standard library's parser looks at a body line by line, in Python; between two boundaries
    there is nothing that it would find. Header fields are read by it, each once.
    """
    head, _, body = data.partition(_GAP)
    found = Entity(_fields(head))
    kind = found["content-type"]
    boundary = f"\r\n--{kind.params.get('boundary', '')}".encode()
    opening, *parts, end = (b"\r\n" + body).split(boundary)
    whole = (
        kind.content_type == "multipart/alternative"
        and (opening, end) == (b"", b"--\r\n")
        and all(part.startswith(b"\r\n") for part in parts)
    )
    if not whole:
        raise MultipartInvariantViolationDefect
    return Entity(found.fields, parts=tuple(_part(part.removeprefix(b"\r\n")) for part in parts))


def _part(data: bytes) -> Entity:
    """Return a part with its transfer encoding undone. KeyError where that is not one of ours."""
    head, _, body = data.partition(_GAP)
    fields = _fields(head)
    return Entity(fields, _TRANSFER[Entity(fields)["content-transfer-encoding"].cte](body))


def _fields(head: bytes) -> Fields:
    return [item for one in _FIELD_END.split(head) for item in _field(one)]


@lru_cache(maxsize=256)  # the variants of an issue share most fields
def _field(said: bytes) -> Fields:
    return list(_HEADERS.parsebytes(said + _GAP).items())


def _differences(data: bytes, found: Entity, meant: Meant) -> Iterator[str]:
    yield from _wire_faults(data, dotless=meant.dotless)
    yield from _header_faults([name.lower() for name, _ in found.fields], meant)
    yield from (f"{name} is malformed" for name, value in found.fields if value.defects)
    if str(found["subject"]) != clean_subject(meant.subject):
        yield "the subject differs"
    to = found["to"].addresses[0]
    if (to.display_name, to.addr_spec) != meant.mailbox:
        yield "To differs"
    if found["date"].datetime != meant.date.replace(microsecond=0):
        yield "Date differs"
    yield from (
        f"{name} differs"
        for name, text in meant.headers.items()
        if not any(text in value for said, value in found.fields if said.lower() == name.lower())
    )
    kinds = [part["content-type"] for part in found.parts]
    if [kind.content_type for kind in kinds] != ["text/plain", "text/html"]:
        yield "the parts are not text and HTML"
        return
    yield from ("a part is not in UTF-8" for kind in kinds if kind.params["charset"] != "utf-8")
    text, page = found.parts
    if _lines(text.content) != _lines(_bytes(meant.text)):
        yield "the text part differs"
    elif _page(page, page.content) != _page(page, _bytes(meant.html)):
        yield "the HTML part differs"


def _header_faults(names: Sequence[str], meant: Meant) -> Iterator[str]:
    once = (*_ONLY_ONCE, *meant.headers)
    yield from (f"{name} is not there once" for name in once if names.count(name.lower()) != 1)
    yield from (f"there is a {name}" for name in _NEVER if name.lower() in names)


def _page(part: Entity, html: bytes) -> bytes:
    eight_bit = part["content-transfer-encoding"].cte == "8bit"
    return _lines(html).replace(b"\n", b"") if eight_bit else _lines(html)


def _wire_faults(data: bytes, *, dotless: bool) -> Iterator[str]:
    header = data.partition(_GAP)[0]
    if not (data if dotless else header).isascii():
        yield "it is not ASCII"
    if b"\0" in data:
        yield "it has a NUL"
    lines = data.split(b"\r\n")
    if not len(lines) - 1 == data.count(b"\n") == data.count(b"\r"):
        yield "it has line ends other than CRLF"
    if dotless and (b"\n." in data or data.startswith(b".")):
        yield "it has a line that begins with a dot"
    if max(map(len, lines)) > LONGEST_LINE:
        yield f"it has a line over {LONGEST_LINE} bytes"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _lines(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
