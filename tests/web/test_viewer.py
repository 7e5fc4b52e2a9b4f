"""The viewer's state lives in the address, and its numbers are honest."""

from __future__ import annotations

import pytest

from digest.web.pages import kilobytes
from digest.web.viewer import ANY_PICTURES, Look, MailSize, Width, frame_response

_VIEWS = (("mail", "Mail"), ("text", "Plain text"))


def test_unknown_values_of_the_address_become_the_default() -> None:
    """A mangled link shows the mail all the same."""
    look = Look.asked({"view": "<b>", "width": "9", "scheme": "x"}, _VIEWS)
    assert look == Look()


def test_a_link_changes_one_thing_and_keeps_the_rest() -> None:
    """Width, scheme and the page's own fields survive a change of view."""
    look = Look.asked({"width": "phone", "scheme": "both"}, _VIEWS, [("section", "a&b")])
    assert look.width is Width.PHONE
    assert look.href(view="text") == "?section=a%26b&view=text&width=phone&scheme=both"
    assert look.href(width="fit", schemes="light") == "?section=a%26b"


@pytest.mark.parametrize(
    ("size", "verdict"),
    [(90_000, "fits"), (90_001, "tight"), (102_000, "tight"), (102_001, "clipped")],
)
def test_the_size_is_judged_against_where_gmail_clips(size: int, verdict: str) -> None:
    """Up to 90 KB is fine, above 102 KB the end is hidden."""
    assert MailSize(size).verdict == verdict
    assert MailSize(size).share <= 100


def test_sizes_are_written_for_people() -> None:
    """Bytes, then kilobytes with one decimal, none when it is nought."""
    assert [kilobytes(840), kilobytes(43_134), kilobytes(102_000)] == [
        "840 bytes",
        "43.1 KB",
        "102 KB",
    ]


def test_a_frame_runs_nothing_and_opens_links_elsewhere() -> None:
    """The sandbox is in the header, so opening the frame's address directly is as harmless."""
    answer = frame_response("<html><head></head><body></body></html>", "dark", ANY_PICTURES)
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert b'<head><base target="_blank">' in answer.body
