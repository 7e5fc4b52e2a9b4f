"""What each class of reply means."""

from __future__ import annotations

import pytest

from digest.models.deliveries import Outcome
from digest.sender.smtp.reply import Phase, Reply, ReplyClass, classify

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
    ("rcpt", 452, "4.5.3", ReplyClass.GREYLISTED),
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
    ("dot", 550, "5.7.515", ReplyClass.REFUSED),
    ("dot", 552, "5.3.4", ReplyClass.SENDER_REFUSED),
    ("dot", 554, "5.7.1", ReplyClass.REFUSED),
]


@pytest.mark.parametrize(("phase", "code", "enhanced", "verdict"), CASES)
def test_class_of_reply(phase: str, code: int, enhanced: str, verdict: ReplyClass) -> None:
    """Code, enhanced code and phase decide; the words never do."""
    assert classify(Phase(phase), Reply(code, ("words",), enhanced)) is verdict


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
