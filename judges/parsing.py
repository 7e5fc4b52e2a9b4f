"""Python's own parser, at its strictest: whether the message is what the RFCs call one."""

from __future__ import annotations

import email
import platform
from collections.abc import Iterator, Mapping, Sequence
from email import policy
from email.errors import MessageDefect, MessageError
from email.message import EmailMessage, Message

from judges.verdict import JudgedMail, Judgement, Verdict

_LONGEST_LINE = 998  # RFC 5322 2.1.1
_LENIENT = policy.default.clone(raise_on_defect=False)


def strict_parser(mails: Sequence[JudgedMail], _pictures: Mapping[str, bytes]) -> Judgement:
    """Parse every message, read every part and every header."""
    return Judgement(
        "strict parser",
        f"Python {platform.python_version()}, email.policy.strict and default",
        "no defect in message, part or header; no line over 998 bytes",
        tuple(_verdict(mail) for mail in mails),
    )


def _verdict(mail: JudgedMail) -> Verdict:
    faults = tuple(_faults(mail))
    return Verdict(mail.name, f"{len(faults)} defects", faults)


def _faults(mail: JudgedMail) -> Iterator[str]:
    try:
        email.message_from_bytes(mail.data, policy=policy.strict)
    except (MessageError, MessageDefect) as error:
        yield f"refused by email.policy.strict: {error!r}"
    message = email.message_from_bytes(mail.data, policy=_LENIENT)
    for part in message.walk():
        yield from (f"{part.get_content_type()}: {defect!r}" for defect in _defects(part))
    yield from _content_faults(message)
    if (longest := max(map(len, mail.data.split(b"\r\n")))) > _LONGEST_LINE:
        yield f"a line of {longest} bytes"
    if b"\n" in mail.data.replace(b"\r\n", b"") or b"\r" in mail.data.replace(b"\r\n", b""):
        yield "a line that does not end in CRLF"


def _defects(part: Message) -> Iterator[object]:
    yield from part.defects
    for value in part.values():
        yield from value.defects  # type: ignore[attr-defined] # str, which a policy has enriched


def _content_faults(message: EmailMessage) -> Iterator[str]:
    kinds = [part.get_content_type() for part in message.walk()]
    if kinds != ["multipart/alternative", "text/plain", "text/html"]:
        yield f"its parts are {', '.join(kinds)}"
    for part in message.walk():
        if part.get_content_maintype() == "text":
            words = part.get_content()
            if "\ufffd" in words or not words.strip():
                yield f"{part.get_content_type()}: bytes that are no text"
