"""Mails as servers send them back, written for these tests."""

from __future__ import annotations

RETURNED = """\
Return-Path: <bounce+7-abcdefghij@news.example>
From: The Courier <news@news.example>
To: reader@recipient.example
Message-ID: <0123456789@news.example>
List-Unsubscribe: <https://news.example/u/token>,
 <mailto:leave@news.example?subject=unsubscribe>
Subject: Morning

Good morning.
"""


def report(
    *, said: str, status: str = "5.0.0", action: str = "failed", notice: str = "Sorry."
) -> bytes:
    """Return a delivery status notification (RFC 3464) about one recipient."""
    return f"""\
Return-Path: <>
Delivered-To: bounce+7-abcdefghij@news.example
From: MAILER-DAEMON@mx.recipient.example (Mail Delivery System)
To: bounce+7-abcdefghij@news.example
Subject: Undelivered Mail Returned to Sender
Date: Mon, 23 Nov 2026 06:31:00 +0100
Message-ID: <20261123.1@mx.recipient.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

{notice}

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.recipient.example

Final-Recipient: rfc822; Reader@Recipient.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--edge
Content-Type: message/rfc822

{RETURNED}
--edge--
""".encode()


def notice(words: str, subject: str = "failure notice") -> bytes:
    """Return a bounce in a server's own words, as qmail writes it."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.recipient.example
To: bounce+7-abcdefghij@news.example
Subject: {subject}
Date: 23 Nov 2026 06:31:00 -0000

Hi. This is the program that delivers mail at mx.recipient.example.
I could not deliver your message to the following address.

<reader@recipient.example>:
{words}

--- Below this line is a copy of the message.

{RETURNED}
""".encode()


def abuse(kind: str = "abuse") -> bytes:
    """Return an abuse report (RFC 5965) about one mail."""
    return f"""\
From: feedback@mailbox.example
To: feedback@news.example
Subject: FW: Morning
Message-ID: <report.1@mailbox.example>
Content-Type: multipart/report; report-type=feedback-report; boundary="edge"

--edge
Content-Type: text/plain

This is an email abuse report.

--edge
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Mailbox/1
Version: 1

--edge
Content-Type: message/rfc822

{RETURNED}
--edge--
""".encode()


def written(subject: str, *fields: str, text: str = "Hello") -> bytes:
    """Return a mail that a person or a program wrote."""
    more = "".join(f"{field}\n" for field in fields)
    return f"""\
From: Reader <reader@recipient.example>
To: feedback@news.example
Subject: {subject}
Message-ID: <written.1@recipient.example>
{more}
{text}
""".encode()
