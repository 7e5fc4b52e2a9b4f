"""A variant compiled once into byte segments with holes; per recipient, one join of bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from html import escape as html_escape

from digest.errors import MessageError
from digest.mail.eight_bit import laid_out
from digest.mail.encoding import BodyPart, Escape, encode
from digest.mail.header_text import field
from digest.mail.headers import ListHeaders, checked_message_id, mailbox, url
from digest.mail.readback import Meant, compare
from digest.models.compositions import Rendered

UNSUBSCRIBE_URL, UNSUBSCRIBE_MAILTO = "unsubscribe_url", "unsubscribe_mailto"


def compile_message(
    rendered: Rendered, headers: ListHeaders, *, eight_bit: bool = False
) -> CompiledMessage:
    """Compile one variant and read it back as a mailbox would.

    Values are plain text: in the HTML part they are escaped here, in text and header they stand
    as they are. The hole `unsubscribe_url` is required of a mail that belongs to a list, because
    List-Unsubscribe needs it.
    `eight_bit` allows parts that only servers with 8BITMIME take (RFC 6152).
    Raises MessageError when the mail, parsed again, is not what was meant.
    """
    compiled = CompiledMessage(rendered, headers, eight_bit=eight_bit)
    values = {name: f"https://sample.example/{name}?a=1&b=2" for name in compiled.holes}
    data = compiled.join(values, "reader@sample.example", "Zoë, Reader", "<1@sample.example>")
    compare(
        data,
        Meant(
            subject=rendered.subject,
            text=_filled(rendered.text, rendered.holes, values, _as_is),
            html=_filled(rendered.html, rendered.holes, values, html_escape),
            headers={"Message-ID": "<1@sample.example>", **_of_the_list(headers, values)},
            mailbox=("Zoë, Reader", "reader@sample.example"),
            date=headers.date,
            dotless=compiled.dotless,
        ),
        where=f'variant "{rendered.variant}"',
    )
    return compiled


class CompiledMessage:
    """Byte segments of one variant; `holes` names the values that `join` needs.

    `dotless` mails are ASCII and have no line that begins with a dot, whatever the values are.
    """

    def __init__(
        self, rendered: Rendered, headers: ListHeaders, *, eight_bit: bool = False
    ) -> None:
        """Encode everything that is the same for all recipients."""
        if any(token in rendered.subject for token in rendered.holes):
            raise MessageError(
                "the subject has a hole, but is the same for everybody",
                where=f'variant "{rendered.variant}"',
                fix="Take the recipient's value out of the edition's subject.",
            )
        self._of_a_list = bool(headers.list_id)
        leaving = frozenset({UNSUBSCRIBE_URL} if self._of_a_list else ())
        self.holes = frozenset(rendered.holes.values()) | leaving
        lay = (list, laid_out) if eight_bit else (None, None)
        self._text = _part(rendered.text, rendered.holes, _as_is, lay[0])
        self._html = _part(rendered.html, rendered.holes, html_escape, lay[1])
        self.dotless = "8bit" not in {self._text.name, self._html.name}
        # "=_" occurs in no encoding, so no value can forge the boundary (RFC 2045 6.7); in 8bit
        # a value has no line of its own, and who wrote a story cannot know the sum.
        content = f"{rendered.subject}\0{rendered.html}\0{rendered.text}".encode("utf-8", "replace")
        boundary = f"=_{sha256(content).hexdigest()[:16]}"
        self._above = _above(headers)
        self._below = _below(headers, rendered.subject, rendered.language)
        self._list, self._after = _list_fields(headers)
        self._headers = headers
        self._to_text = _opening(boundary, self._text)
        self._to_html = _part_header(boundary, "html", self._html)
        self._end = f"\r\n--{boundary}--\r\n".encode()

    def join(
        self, values: Mapping[str, str], to_addr_spec: str, to_name: str, message_id: str
    ) -> bytes:
        """Return one recipient's mail as RFC 5322 bytes with CRLF line ends, not dot-stuffed.

        `message_id` has its < and >. Raises MessageError if a value is missing or cannot stand
        where it goes; the message never names the recipient.
        """
        try:
            unsubscribe = url(values[UNSUBSCRIBE_URL]).encode() if self._of_a_list else b""
            mailto = values.get(UNSUBSCRIBE_MAILTO, "")
            after = self._headers.after_unsubscribe_url(mailto) if mailto else self._after
            text, html = self._text.fill(values), self._html.fill(values)
        except KeyError as missing:
            raise MessageError(
                f"the value {missing} is missing",
                where="message",
                fix="The theme has a hole of that name: give its value for every recipient.",
            ) from None
        return b"".join(
            [
                self._above,
                field("To", mailbox(to_name, to_addr_spec)),
                self._below,
                checked_message_id(message_id).encode(),
                self._list,
                unsubscribe,
                after,
                self._to_text,
                *text,
                self._to_html,
                *html,
                self._end,
            ]
        )


def _of_the_list(headers: ListHeaders, values: Mapping[str, str]) -> dict[str, str]:
    """Return what the header fields of a list must contain."""
    if not headers.list_id:
        return {}
    return {
        "List-Unsubscribe": values[UNSUBSCRIBE_URL],
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{headers.list_id}>",
    }


@lru_cache(maxsize=16)  # an issue's variants share the fields
def _above(headers: ListHeaders) -> bytes:
    return headers.above()


@lru_cache(maxsize=256)
def _below(headers: ListHeaders, subject: str, language: str) -> bytes:
    return headers.below(subject, language) + b"Message-ID: "


@lru_cache(maxsize=16)
def _list_fields(headers: ListHeaders) -> tuple[bytes, bytes]:
    """Return the fields around the recipient's address in List-Unsubscribe."""
    before = b"\r\n" + headers.about_the_list()
    before += b"List-Unsubscribe: <" if headers.list_id else b""
    return before, headers.after_unsubscribe_url()


def _opening(boundary: str, first: BodyPart) -> bytes:
    kind = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n'
    return f"MIME-Version: 1.0\r\n{kind}".encode() + _part_header(boundary, "plain", first)


def _part_header(boundary: str, subtype: str, part: BodyPart) -> bytes:
    return (
        f"\r\n--{boundary}\r\n"
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: {part.name}\r\n\r\n"
    ).encode()


def _part(
    source: str,
    holes: Mapping[str, str],
    escape: Escape,
    lay: Callable[[list[str]], list[str]] | None,
) -> BodyPart:
    pieces = _tokens(holes).split(source) if holes else [source]
    texts, names = pieces[::2], [holes[token] for token in pieces[1::2]]
    return encode(texts, names, escape, lay(texts) if lay else None)


def _filled(
    source: str, holes: Mapping[str, str], values: Mapping[str, str], escape: Escape
) -> str:
    if not holes:
        return source
    return _tokens(holes).sub(lambda token: escape(values[holes[token.group()]]), source)


def _tokens(holes: Mapping[str, str]) -> re.Pattern[str]:
    # Longest first: one token may be the beginning of another.
    return re.compile("(" + "|".join(map(re.escape, sorted(holes, key=len, reverse=True))) + ")")


def _as_is(value: str) -> str:
    return value
