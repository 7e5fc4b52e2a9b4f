"""What each class of reply means."""

from __future__ import annotations

import pytest

from digest.models.deliveries import Outcome
from digest.sender.smtp.reply import Phase, Reply, ReplyClass
from digest.sender.smtp.reply_table import classify

CASES = [
    ("greeting", 220, "", ReplyClass.ACCEPTED),
    ("greeting", 250, "", ReplyClass.PROTOCOL_ERROR),
    ("greeting", 421, "4.3.2", ReplyClass.UNAVAILABLE),
    ("greeting", 554, "5.7.1", ReplyClass.SENDER_REFUSED),
    ("ehlo", 250, "", ReplyClass.ACCEPTED),
    ("ehlo", 550, "", ReplyClass.SENDER_REFUSED),
    ("starttls", 220, "", ReplyClass.ACCEPTED),
    ("starttls", 454, "4.7.0", ReplyClass.UNAVAILABLE),
    ("starttls", 502, "", ReplyClass.UNAVAILABLE),
    ("auth", 235, "2.7.0", ReplyClass.ACCEPTED),
    ("auth", 334, "", ReplyClass.ACCEPTED),
    ("auth", 454, "4.7.0", ReplyClass.UNAVAILABLE),
    ("auth", 535, "5.7.8", ReplyClass.SENDER_REFUSED),
    ("mail", 250, "2.1.0", ReplyClass.ACCEPTED),
    ("mail", 354, "", ReplyClass.PROTOCOL_ERROR),
    ("mail", 421, "4.7.0", ReplyClass.SERVER_BUSY),
    ("mail", 451, "4.3.0", ReplyClass.SERVER_BUSY),
    ("mail", 530, "5.7.0", ReplyClass.SENDER_REFUSED),
    ("mail", 550, "5.7.1", ReplyClass.SENDER_REFUSED),
    ("mail", 552, "5.3.4", ReplyClass.SENDER_REFUSED),
    ("rcpt", 250, "2.1.5", ReplyClass.ACCEPTED),
    ("rcpt", 251, "", ReplyClass.ACCEPTED),
    ("rcpt", 421, "4.7.0", ReplyClass.SERVER_BUSY),
    ("rcpt", 450, "4.2.0", ReplyClass.GREYLISTED),
    ("rcpt", 451, "4.7.1", ReplyClass.GREYLISTED),
    ("rcpt", 452, "4.2.2", ReplyClass.MAILBOX_FULL),
    ("rcpt", 452, "4.3.1", ReplyClass.SERVER_BUSY),
    ("rcpt", 452, "4.5.3", ReplyClass.SERVER_BUSY),
    ("rcpt", 454, "", ReplyClass.SERVER_BUSY),
    ("rcpt", 451, "4.7.500", ReplyClass.SERVER_BUSY),
    ("rcpt", 450, "4.1.8", ReplyClass.SENDER_REFUSED),
    ("rcpt", 554, "5.1.1", ReplyClass.BAD_ADDRESS),
    ("rcpt", 556, "5.1.10", ReplyClass.BAD_ADDRESS),
    ("rcpt", 550, "5.1.0", ReplyClass.REFUSED),
    ("rcpt", 550, "5.1.90", ReplyClass.SENDER_REFUSED),
    ("rcpt", 550, "5.4.5", ReplyClass.SENDER_REFUSED),
    ("rcpt", 530, "5.7.0", ReplyClass.SENDER_REFUSED),
    ("rcpt", 550, "5.1.1", ReplyClass.BAD_ADDRESS),
    ("rcpt", 551, "5.1.6", ReplyClass.BAD_ADDRESS),
    ("rcpt", 553, "5.1.3", ReplyClass.BAD_ADDRESS),
    ("rcpt", 550, "5.1.8", ReplyClass.SENDER_REFUSED),
    ("rcpt", 550, "", ReplyClass.REFUSED),
    ("rcpt", 550, "5.7.1", ReplyClass.REFUSED),
    ("rcpt", 552, "5.2.2", ReplyClass.REFUSED),
    ("rcpt", 354, "", ReplyClass.PROTOCOL_ERROR),
    ("data", 354, "", ReplyClass.ACCEPTED),
    ("data", 250, "", ReplyClass.PROTOCOL_ERROR),
    ("data", 451, "4.3.0", ReplyClass.GREYLISTED),
    ("data", 554, "5.5.1", ReplyClass.REFUSED),
    ("dot", 250, "2.0.0", ReplyClass.ACCEPTED),
    ("dot", 354, "", ReplyClass.PROTOCOL_ERROR),
    ("dot", 421, "4.4.2", ReplyClass.SERVER_BUSY),
    ("dot", 450, "4.7.0", ReplyClass.GREYLISTED),
    ("dot", 452, "4.3.1", ReplyClass.SERVER_BUSY),
    ("dot", 550, "5.1.1", ReplyClass.BAD_ADDRESS),
    ("dot", 421, "4.7.28", ReplyClass.SERVER_BUSY),
    ("dot", 451, "4.7.650", ReplyClass.SERVER_BUSY),
    ("dot", 550, "5.7.26", ReplyClass.SENDER_REFUSED),
    ("dot", 550, "5.7.515", ReplyClass.SENDER_REFUSED),
    ("dot", 550, "5.7.513", ReplyClass.REFUSED),
    ("dot", 550, "5.7.705", ReplyClass.SENDER_REFUSED),
    ("dot", 552, "5.3.4", ReplyClass.SENDER_REFUSED),
    ("dot", 554, "5.7.1", ReplyClass.REFUSED),
]


@pytest.mark.parametrize(("phase", "code", "enhanced", "verdict"), CASES)
def test_class_of_reply(phase: str, code: int, enhanced: str, verdict: ReplyClass) -> None:
    """Code, enhanced code and phase decide, where the words say nothing more."""
    assert classify(Phase(phase), Reply(code, ("words",), enhanced)) is verdict


BUSY, OURS = ReplyClass.SERVER_BUSY, ReplyClass.SENDER_REFUSED
SPENT = ReplyClass.CONNECTION_SPENT
GREY, GONE, REFUSED = ReplyClass.GREYLISTED, ReplyClass.BAD_ADDRESS, ReplyClass.REFUSED
# As the vendors publish them; reply_table names the pages.
PUBLISHED = [
    # Amazon SES
    ("454 Throttling failure: Maximum sending rate exceeded.", BUSY),
    ("454 4.7.0 Throttling failure: Maximum sending rate exceeded.", BUSY),
    ("454 Throttling failure: Daily message quota exceeded.", OURS),
    (("554 Message rejected: Email address is not verified. The following identities failed the"
      " check in region US-EAST-1: news@news.example"), OURS),
    ("554 Message rejected: Sending paused for this account.", OURS),
    ("554 Transaction failed: Address contains illegal characters in domain", REFUSED),
    # Gmail and Workspace
    ("421 4.7.0 Try again later, closing connection.", BUSY),
    ("421 4.7.28 Gmail has detected an unusual rate of mail originating from your IP", BUSY),
    ("450 4.2.1 The user you are trying to contact is receiving mail too quickly.", GREY),
    (("450 4.2.1 The user you are trying to contact is receiving email at a rate that prevents"
      " additional messages from being delivered."), GREY),
    ("450 4.2.1 Peak SMTP relay limit exceeded for customer.", BUSY),
    ("452 4.2.2 The recipient's inbox is out of storage space.", ReplyClass.MAILBOX_FULL),
    ("550 5.4.5 Daily user sending limit exceeded.", OURS),
    ("550 5.4.5 Daily SMTP relay limit exceeded for user.", OURS),
    ("550 5.7.1 Daily SMTP relay limit exceeded for customer.", OURS),
    ("550 5.7.0 Mail relay denied 192.0.2.1.", OURS),
    ("550 5.7.0 Mail Sending denied.", OURS),
    ("550 5.7.1 Invalid credentials for relay 192.0.2.1.", OURS),
    ("550 5.7.1 The IP you're using to send mail is not authorized to send email directly", OURS),
    ("550 5.7.25 The IP address sending this message does not have a PTR record setup", OURS),
    ("550 5.7.1 Our system has detected that this message is likely unsolicited mail.", REFUSED),
    ("552 5.7.0 This message was blocked because its content presents a potential security issue",
     REFUSED),
    ("550 5.1.1 The email account that you tried to reach does not exist.", GONE),
    ("550 5.2.1 The email account that you tried to reach is disabled.", REFUSED),
    # Exchange and Outlook.com
    ("451 4.7.500 Server busy. Please try again later from 192.0.2.1.", BUSY),
    (("451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP"
      " reputation."), BUSY),
    ("432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", BUSY),
    (("550 5.1.90 Your message can't be sent because you've reached your daily limit for message"
      " recipients"), OURS),
    ("554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", OURS),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", GONE),
    ("550 5.7.1 Unable to relay", OURS),
    ("550 5.7.1 Client was not authenticated", OURS),
    ("550 5.7.64 TenantAttribution; Relay Access Denied", OURS),
    (("550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your"
      " provider since part of their network is on our block list (S3150)."), OURS),
    (("550 5.7.134 RESOLVER.RST.SenderNotAuthenticatedForMailbox; Sender was not authenticated for"
      " mailbox"), REFUSED),
    ("550 5.7.124 Sender not in allowed-senders list", REFUSED),
    ("550 5.7.507 Access denied, rejected by recipient", REFUSED),
    # Yahoo, iCloud, Rackspace
    ("421 4.7.0 [TSS04] Messages from 192.0.2.1 deferred due to unexpected volume", BUSY),
    (("553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in"
      " Spamhaus's list"), OURS),
    ("553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred", OURS),
    ("550 5.7.9 This mail has been blocked because the sender is unauthenticated.", OURS),
    ("554 5.7.9 Message not accepted for policy reasons.", REFUSED),
    ("550 relaying denied for <reader@inbox.example>", OURS),
    ("554 delivery error: dd This user doesn't have a yahoo.com account (reader)", GONE),
    ("421 4.7.1 Messages to reader@inbox.example deferred due to excessive volume.", BUSY),
    ("550 5.7.1 Your email was rejected due to having a domain present in the Spamhaus DBL",
     REFUSED),
    ("451 4.7.1 Received too many messages from a new or untrusted IP", BUSY),
    # Postfix, Exim, sendmail
    ("421 too many messages in this connection", SPENT),
    ("421 Max message per connection reached, closing transmission channel", SPENT),
    ("452 4.5.3 Too many recipients this session", SPENT),
    ("421 4.7.0 Too many emails sent on this connection", SPENT),
    ("503 5.5.0 Too many transactions for one session", SPENT),
    ("421 4.7.0 Too many messages; connection rate limit exceeded", BUSY),
    ("450 4.7.1 Error: too much mail from 192.0.2.1", BUSY),
    ("450 4.7.1 Error: too many recipients from 192.0.2.1", BUSY),
    ("421 4.7.0 mx.example Error: too many connections from 192.0.2.1", BUSY),
    ("454 4.7.1 <reader@inbox.example>: Relay access denied", OURS),
    ("554 5.7.1 <reader@inbox.example>: Relay access denied", OURS),
    ("550 5.7.1 Relaying denied", OURS),
    ("550 5.7.1 Unable to relay for reader@inbox.example", OURS),
    ("450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]", OURS),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", OURS),
    ("450 4.1.8 <news@news.example>: Sender address rejected: Domain not found", OURS),
    ("450 4.2.0 <reader@inbox.example>: Recipient address rejected: Greylisted", GREY),
    ("451 4.7.1 Greylisting in action, please come back later", GREY),
    ("450 4.7.1 <reader@inbox.example>: temporarily rejected", GREY),
    ("550 Domain news.example has exceeded the max emails per hour (500/500) allowed.", OURS),
    ("550 User unknown", GONE),
    ("550 No such user here", GONE),
    ("550 Verification failed for <news@news.example> No such user Sender verify failed", REFUSED),
    ("552 5.2.2 Mailbox quota exceeded", REFUSED),
    ("550 blocked", REFUSED),
    ("554 5.7.1 Message contains a URL listed in a blacklist", REFUSED),
]  # fmt: skip


@pytest.mark.parametrize(("line", "verdict"), PUBLISHED, ids=[one[:48] for one, _ in PUBLISHED])
def test_published_replies(line: str, verdict: ReplyClass) -> None:
    """Of the reader, of our speed, or of the sender; to RCPT and to the dot alike."""
    code, _, text = line.partition(" ")
    reply = Reply.of(int(code), [text])
    assert {classify(phase, reply) for phase in (Phase.RCPT, Phase.DOT)} == {verdict}


@pytest.mark.parametrize(
    "line", [one for one, verdict in PUBLISHED if verdict is not GONE], ids=lambda one: one[:48]
)
def test_only_a_missing_mailbox_suppresses(line: str) -> None:
    """Policy, content, quotas and rates never cost a reader their subscription."""
    code, _, text = line.partition(" ")
    for phase in Phase:
        assert classify(phase, Reply.of(int(code), [text])) is not ReplyClass.BAD_ADDRESS


@pytest.mark.parametrize("phase", list(Phase))
def test_every_code_has_a_meaning(phase: Phase) -> None:
    """No code counts as accepted unless it is positive or asked for; no 4xx is final."""
    asked_for = {(Phase.DATA, 354), (Phase.AUTH, 334)}
    for code in range(200, 600):
        verdict = classify(phase, Reply(code))
        if verdict is ReplyClass.ACCEPTED:
            assert 200 <= code <= 299 or (phase, code) in asked_for
        if 400 <= code <= 499:
            assert verdict.outcome in {Outcome.DEFERRED, Outcome.UNSENT}


@pytest.mark.parametrize(
    ("line", "enhanced"),
    [("2.1.5 ok", "2.1.5"), ("5.7.515 no", "5.7.515"), ("4.2.2", "4.2.2"), ("ok 2.1.5", "")],
)
def test_enhanced_code_is_read_from_the_front(line: str, enhanced: str) -> None:
    """Only a code at the beginning of the text counts (RFC 2034 section 4)."""
    assert Reply.of(250, [line]).enhanced == enhanced
