"""A small issue as calls carry it: what all readers share, and each reader's own."""

from __future__ import annotations

from dataclasses import replace

from digest.models.calls import Content, Share
from digest.models.mails import Recipient


def content(**more: str) -> Content:
    made = Content(
        issue="daily/2026-11-23",
        variant="all",
        from_name="The Harbour Post, Ltd",
        from_addr_spec="news@news.example",
        reply_to="desk@news.example",
        subject="Fish & chips: größer",
        html="<p>Fish &amp; chips</p><a href='HOLE1'>leave</a>",
        text="Fish & chips\n\nHOLE1\n",
        holes={"HOLE1": "unsubscribe_url"},
        headers=(("List-Id", "Daily <daily.news.example>"), ("Auto-Submitted", "auto-generated")),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def share(recipient: Recipient) -> Share:
    link = f"https://news.example/u/{recipient.public_id}?a=1&b=2"
    return Share(
        recipient.delivery_id,
        str(recipient.delivery_id),
        recipient.addr_spec,
        recipient.name,
        f"<{recipient.public_id}@news.example>",
        {"unsubscribe_url": link},
        (
            ("Message-ID", f"<{recipient.public_id}@news.example>"),
            ("List-Unsubscribe", f"<{link}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
    )
