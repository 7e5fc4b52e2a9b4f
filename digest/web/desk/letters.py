"""The mail as bytes, looked at: its headers and source, and what differs between two files."""

from __future__ import annotations

import difflib
import email
import email.policy
import hashlib
from collections.abc import Mapping

from digest.web.desk.clients import CLIENTS
from digest.web.desk.contract import DeskPage
from digest.web.viewer import HeaderLine, Look, MailSize, ViewerPage

_VIEWS = (
    ("mail", "Mail"),
    ("gmail", "Gmail"),
    ("outlook", "Outlook"),
    ("text", "Plain text"),
    ("headers", "Headers"),
    ("source", "Source"),
)
_MOST_LINES = 60


def header_lines(shown: DeskPage) -> tuple[HeaderLine, ...]:
    """Return the header fields of the mail, decoded and raw; none if there is no mail."""
    eml = shown.page.eml if shown.page else b""
    message = email.message_from_bytes(eml, policy=email.policy.default)
    return tuple(
        HeaderLine(name, str(message.policy.header_fetch_parse(name, raw)), str(raw))
        for name, raw in message.raw_items()
    )


def viewer_of(
    shown: DeskPage,
    query: Mapping[str, str],
    kept: tuple[tuple[str, str], ...],
    *,
    pictures: bool,
) -> ViewerPage:
    """Return what the viewer shows of the mail."""
    page, place = shown.page, f"/edition/{shown.edition.id}"
    html = page.html if page else ""
    look = Look.asked(query, _VIEWS, kept)
    mark = hashlib.sha256(f"{pictures}{html}".encode()).hexdigest()[:12]
    return ViewerPage(
        look=look,
        title=page.subject if page else "",
        page=place,
        frame=f"{place}/frame",
        html=html,
        text=page.text if page else "",
        size=MailSize(len(html.encode())),
        views=_VIEWS,
        headers=header_lines(shown),
        mark=mark,
        clients={
            name: drawn(html).told if name == look.view else () for name, drawn in CLIENTS.items()
        },
        reachable=True,
        source=page.eml.decode("utf-8", "replace").replace("\r\n", "\n") if page else "",
    )


def differing_lines(before: str, after: str) -> tuple[str, ...]:
    """Return the lines that went (-) and came (+) between two texts, at most sixty."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return tuple(line for line in lines if line[:3] not in {"---", "+++"})[:_MOST_LINES]
