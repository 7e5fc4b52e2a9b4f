"""What a mail that came back says: its kind, its recipients, and why it failed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.feedback.reading import read_mail
from digest.models.feedback import Failure, MailKind
from tests.feedback.mails import abuse, notice, report, written

HARD, SOFT, POLICY, CONTENT = Failure.HARD, Failure.SOFT, Failure.POLICY, Failure.CONTENT

REPLIES = [
    ("550 5.1.1 <reader@recipient.example>: Recipient address rejected: User unknown", HARD),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup", HARD),
    ("550 <reader@recipient.example>: User unknown", HARD),
    ("Host or domain name not found. Name service error: Host not found", HARD),
    ("550 5.1.1 Mailbox full", SOFT),
    ("552 5.2.2 The account is over quota", SOFT),
    ("550 5.2.1 The email account that you tried to reach is disabled", SOFT),
    ("connect to mx.recipient.example[192.0.2.1]:25: Connection timed out", SOFT),
    ("450 4.2.0 Greylisted, please try again in 300 seconds", SOFT),
    ("550 5.7.1 Unknown user", SOFT),
    ("550 5.7.26 Unauthenticated email is not accepted due to the domain's DMARC policy", POLICY),
    (
        "554 5.7.1 Service unavailable; client host [192.0.2.9] blocked using zen.spamhaus.org",
        POLICY,
    ),
    ("550 5.1.8 Sender address rejected: Domain not found", POLICY),
    ("554 5.7.1 <reader@recipient.example>: Relay access denied", POLICY),
    ("552 5.3.4 Message size exceeds fixed limit", CONTENT),
    ("550 5.7.1 This message was classified as spam", CONTENT),
    ("554 Message contains a virus: Eicar", CONTENT),
    ("550 5.7.0 no words that anybody knows", POLICY),
    ("550 something", SOFT),
]


@pytest.mark.parametrize(("said", "failure"), REPLIES)
def test_a_report_is_read_by_words_then_by_codes(said: str, failure: Failure) -> None:
    """The server's words decide; codes where words say nothing; what is in doubt is soft."""
    reading = read_mail(report(said=said))
    assert reading.kind is MailKind.BOUNCE
    (recipient,) = reading.recipients
    assert (recipient.failure, recipient.addresses) == (failure, ("reader@recipient.example",))


@pytest.mark.parametrize(
    ("words", "failure"),
    [
        ("Remote host said: 550 5.1.1 no such user here", HARD),
        ("192.0.2.1 does not like recipient.\nRemote host said: 550 User unknown", HARD),
        ("Remote host said: 550 User unknown (in reply to end of DATA command)", SOFT),
        ("User unknown", SOFT),
        ("Mailbox is full", SOFT),
        ("Remote host said: 554 The message was rejected because of its content: spam", CONTENT),
    ],
)
def test_a_notice_in_words_is_read(words: str, failure: Failure) -> None:
    """Without a report, no mailbox is believed gone unless the code or the command says so too."""
    reading = read_mail(notice(words))
    assert reading.kind is MailKind.BOUNCE
    assert reading.recipients[0].failure is failure
    assert "reader@recipient.example" in reading.recipients[0].addresses


def test_two_voices_that_disagree_are_a_doubt() -> None:
    """A server that knows no mailbox, and calls it full in the notice, is not believed."""
    reading = read_mail(report(said="550 5.1.1 User unknown", notice="The mailbox is full."))
    assert reading.recipients[0].failure is SOFT


def test_a_delay_is_never_hard() -> None:
    """A mail that is still being tried is soft, whatever is said."""
    reading = read_mail(report(said="450 4.1.1 User unknown", action="delayed"))
    assert reading.recipients[0].failure is SOFT


def test_a_reading_names_what_may_find_the_delivery() -> None:
    """The reverse path comes first; links and Message-ID are those of the mail that came back."""
    reading = read_mail(report(said="550 5.1.1 User unknown", status="5.1.1"))
    assert reading.addresses[0] == "bounce+7-abcdefghij@news.example"
    assert reading.links == ("https://news.example/u/token",)
    assert "<0123456789@news.example>" in reading.original_ids
    assert reading.at == datetime(2026, 11, 23, 5, 31, tzinfo=UTC)
    assert reading.name == read_mail(b"X-Seen: 1\n" + report(said="other")).name


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (report(said="250 2.0.0 Ok", action="delivered"), MailKind.DELIVERED),
        (abuse(), MailKind.COMPLAINT),
        (abuse("opt-out"), MailKind.UNSUBSCRIBE),
        (abuse("auth-failure"), MailKind.AUTOMATIC),
        (abuse("not-spam"), MailKind.AUTOMATIC),
        (written("unsubscribe 7-abcdefghij"), MailKind.UNSUBSCRIBE),
        (written("Out of office: back on Monday"), MailKind.AUTOMATIC),
        (written("Thank you", "Auto-Submitted: auto-replied"), MailKind.AUTOMATIC),
        (written("A letter to the editor"), MailKind.UNKNOWN),
        (written("Re: Undelivered mail", text="It could not be delivered?"), MailKind.UNKNOWN),
        (b"", MailKind.UNKNOWN),
    ],
)
def test_kinds(raw: bytes, kind: MailKind) -> None:
    """Every kind of mail is told from the others; a person's mail is for a person."""
    assert read_mail(raw).kind is kind


_DAEMON = b"Return-Path: <>\nFrom: mailer-daemon@x.example\nSubject: Undelivered mail\n"
_NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (depth, depth)
    for depth in range(5000)
)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "raw",
    [
        _DAEMON + b"\n" + b"\n" * 1_000_000,
        _DAEMON + b"\n" + b"a@b.example " * 100_000,
        _DAEMON + b"Content-Type: text/html\n\n" + b"<style " * 150_000,
        _DAEMON + b"Content-Type: message/rfc822\n\n" * 30_000,
        _DAEMON + _NESTED,
        _DAEMON + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 100_000,
        _DAEMON
        + b"Content-Type: message/delivery-status\n\n"
        + b"Final-Recipient: rfc822; a@b.example\nStatus: 5.1.1\n\n" * 15_000,
        _DAEMON + b"Content-Type: text/plain; charset=idna\n\n" + b"x" * 900_000,
        b"Subject: " + b"=?utf-8?q?x?= " * 50_000 + b"\n\n",
        b"Date: " + b"9" * 5000 + b"\n\n",
        b"Date: Mon, 31 Dec 9999 23:00:00 -1200\n\n",
    ],
    ids=range(11),
)
def test_enormous_and_nested_mails_are_read_in_time(raw: bytes) -> None:
    """Size, depth and repetition cost no more than a moment, and raise nothing."""
    assert len(read_mail(raw).recipients) <= 50


@given(st.binary(max_size=2000), st.integers(0, 1500), st.integers(0, 200))
def test_no_input_raises(noise: bytes, at: int, gone: int) -> None:
    """Neither noise nor a broken report raises."""
    raw = report(said="550 5.1.1 User unknown")
    read_mail(noise)
    read_mail(raw[:at] + noise + raw[at + gone :])
