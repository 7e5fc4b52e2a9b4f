"""What each class of reply means."""

from __future__ import annotations

import pytest

from digest.models.deliveries import Outcome
from digest.sender.smtp.reply import Phase, Reply, Verdict, judge

CASES = [
    ("greeting", 220, "", Verdict.ACCEPTED),
    ("greeting", 250, "", Verdict.NONSENSE),
    ("greeting", 421, "4.3.2", Verdict.AGAIN),
    ("greeting", 554, "5.7.1", Verdict.OURS),
    ("ehlo", 250, "", Verdict.ACCEPTED),
    ("ehlo", 550, "", Verdict.OURS),
    ("starttls", 220, "", Verdict.ACCEPTED),
    ("starttls", 454, "4.7.0", Verdict.AGAIN),
    ("starttls", 502, "", Verdict.AGAIN),
    ("auth", 235, "2.7.0", Verdict.ACCEPTED),
    ("auth", 334, "", Verdict.ACCEPTED),
    ("auth", 454, "4.7.0", Verdict.AGAIN),
    ("auth", 535, "5.7.8", Verdict.OURS),
    ("mail", 250, "2.1.0", Verdict.ACCEPTED),
    ("mail", 354, "", Verdict.NONSENSE),
    ("mail", 421, "4.7.0", Verdict.SERVER_BUSY),
    ("mail", 451, "4.3.0", Verdict.SERVER_BUSY),
    ("mail", 530, "5.7.0", Verdict.OURS),
    ("mail", 550, "5.7.1", Verdict.OURS),
    ("mail", 552, "5.3.4", Verdict.OURS),
    ("rcpt", 250, "2.1.5", Verdict.ACCEPTED),
    ("rcpt", 251, "", Verdict.ACCEPTED),
    ("rcpt", 421, "4.7.0", Verdict.SERVER_BUSY),
    ("rcpt", 450, "4.2.0", Verdict.GREYLISTED),
    ("rcpt", 451, "4.7.1", Verdict.GREYLISTED),
    ("rcpt", 452, "4.2.2", Verdict.MAILBOX_FULL),
    ("rcpt", 452, "4.3.1", Verdict.SERVER_BUSY),
    ("rcpt", 452, "4.5.3", Verdict.GREYLISTED),
    ("rcpt", 530, "5.7.0", Verdict.OURS),
    ("rcpt", 550, "5.1.1", Verdict.BAD_ADDRESS),
    ("rcpt", 551, "5.1.6", Verdict.BAD_ADDRESS),
    ("rcpt", 553, "5.1.3", Verdict.BAD_ADDRESS),
    ("rcpt", 550, "5.1.8", Verdict.OURS),
    ("rcpt", 550, "", Verdict.REFUSED),
    ("rcpt", 550, "5.7.1", Verdict.REFUSED),
    ("rcpt", 552, "5.2.2", Verdict.REFUSED),
    ("rcpt", 354, "", Verdict.NONSENSE),
    ("data", 354, "", Verdict.ACCEPTED),
    ("data", 250, "", Verdict.NONSENSE),
    ("data", 451, "4.3.0", Verdict.GREYLISTED),
    ("data", 554, "5.5.1", Verdict.REFUSED),
    ("dot", 250, "2.0.0", Verdict.ACCEPTED),
    ("dot", 354, "", Verdict.NONSENSE),
    ("dot", 421, "4.4.2", Verdict.SERVER_BUSY),
    ("dot", 450, "4.7.0", Verdict.GREYLISTED),
    ("dot", 452, "4.3.1", Verdict.SERVER_BUSY),
    ("dot", 550, "5.1.1", Verdict.BAD_ADDRESS),
    ("dot", 550, "5.7.515", Verdict.REFUSED),
    ("dot", 552, "5.3.4", Verdict.OURS),
    ("dot", 554, "5.7.1", Verdict.REFUSED),
]


@pytest.mark.parametrize(("phase", "code", "enhanced", "verdict"), CASES)
def test_class_of_reply(phase: str, code: int, enhanced: str, verdict: Verdict) -> None:
    """Code, enhanced code and phase decide; the words never do."""
    assert judge(Phase(phase), Reply(code, ("words",), enhanced)) is verdict


@pytest.mark.parametrize("phase", list(Phase))
def test_every_code_has_a_meaning(phase: Phase) -> None:
    """No code counts as accepted unless it is positive or asked for; no 4xx is final."""
    asked_for = {(Phase.DATA, 354), (Phase.AUTH, 334)}
    for code in range(200, 600):
        verdict = judge(phase, Reply(code))
        if verdict is Verdict.ACCEPTED:
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
