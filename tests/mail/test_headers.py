"""The fields that make a mail a list's mail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.errors import MessageError
from digest.mail import ListHeaders, name_message
from digest.mail.headers import url


def test_optional_fields_are_left_out(headers: ListHeaders) -> None:
    """What is not given is not there, rather than empty."""
    bare = replace(headers, help_url="", archive_url="", feedback_id="", unsubscribe_mailto="")
    assert bare.about_the_list() == (
        b"List-Id: Daily briefing <daily.news.example>\r\nAuto-Submitted: auto-generated\r\n"
    )
    assert b"mailto" not in bare.after_unsubscribe_url()


@pytest.mark.parametrize("list_id", ["no-dot", "a b.example", "a>.example"])
def test_list_id_must_be_one(headers: ListHeaders, list_id: str) -> None:
    """A List-Id is a dotted name (RFC 2919 section 2); without one a mail is of no list."""
    with pytest.raises(MessageError, match="List-Id"):
        replace(headers, list_id=list_id).about_the_list()


def test_message_id_is_fixed_by_issue_and_reader() -> None:
    """The same delivery has the same Message-ID; another reader or issue has another."""
    first = name_message("daily/1", "p1", "news.example")
    assert first == name_message("daily/1", "p1", "news.example")
    assert (
        len({first, name_message("daily/1", "p2", "a.example"), name_message("d/2", "p1", "a")})
        == 3
    )


def test_url_cannot_look_encoded() -> None:
    """=? in an address is written as =%3F: no reader takes it for an encoded word."""
    assert url("https://x.example/?a=?utf-8?q?b?=") == "https://x.example/?a=%3Futf-8?q?b?="
