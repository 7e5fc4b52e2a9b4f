"""Each class of reply in each phase of a mail, through a whole dispatch; the judge is the server.

What is the recipient's concerns that reader alone; a server that is busy is asked again within the
run; what is ours stops everybody before a second mail has begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sender.conftest import Matrix, Script

ONE_BY_ONE = ("SIZE 50000000", "8BITMIME")
AGAIN, LATER, NEVER, OURS = "accepted", "deferred", "failed", "ours"
# What each class means, by phase; RFC 5321 section 4.2, RFC 3463.
CLASSES = {
    b"421 4.3.2 closing\r\n": (AGAIN, AGAIN, AGAIN, AGAIN),
    b"450 4.2.0 later\r\n": (AGAIN, LATER, LATER, LATER),
    b"450 4.7.1 Error: too much mail\r\n": (AGAIN, AGAIN, AGAIN, AGAIN),
    b"451 4.3.0 local error\r\n": (AGAIN, LATER, LATER, LATER),
    b"452 4.3.1 no room\r\n": (AGAIN, AGAIN, AGAIN, AGAIN),
    b"452-4.5.3 too\r\n452-4.5.3 many\r\n452 4.5.3 today\r\n": (AGAIN, AGAIN, AGAIN, AGAIN),
    b"454 Throttling failure: Maximum sending rate exceeded.\r\n": (AGAIN, AGAIN, AGAIN, AGAIN),
    b"454 Throttling failure: Daily message quota exceeded.\r\n": (OURS, OURS, OURS, OURS),
    b"530 5.7.0 log in first\r\n": (OURS, OURS, OURS, OURS),
    b"535 5.7.8 not with this login\r\n": (OURS, OURS, OURS, OURS),
    b"550 5.1.8 this sender is nobody\r\n": (OURS, OURS, NEVER, OURS),
    b"550 5.4.5 Daily user sending limit exceeded\r\n": (OURS, OURS, OURS, OURS),
    b"550 5.7.1 by our policy\r\n": (OURS, NEVER, NEVER, NEVER),
    b"554 5.7.1 <x@y.example>: Relay access denied\r\n": (OURS, OURS, OURS, OURS),
    b"552-5.3.4 a mail\r\n552 5.3.4 too large\r\n": (OURS, OURS, OURS, OURS),
    b"553 5.1.3 no such syntax\r\n": (OURS, NEVER, NEVER, NEVER),
    b"554 5.6.0 we do not like it\r\n": (OURS, NEVER, NEVER, NEVER),
}
CASES = [
    (phase, reply, meaning)
    for reply, meanings in CLASSES.items()
    for phase, meaning in zip(("mail", "rcpt", "data", "dot"), meanings, strict=True)
]


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "one by one"])
@pytest.mark.parametrize(("phase", "reply", "meaning"), CASES)
def test_each_class_in_each_phase(
    matrix: Matrix,
    new_script: type[Script],
    phase: str,
    reply: bytes,
    meaning: str,
    pipelining: bool,
) -> None:
    """One reader is affected or nobody is begun; whom the server kept a mail of is accepted."""
    script = new_script(phase=phase, say=reply, times=1)
    if not pipelining:
        script.ehlo = ONE_BY_ONE
    report = matrix.run(script)
    matrix.assert_nobody_is_lost_or_doubled(script)
    if meaning == OURS:
        assert report.error is not None
        assert not report.error.retryable
        assert matrix.ledger.states() == {"pending": 3}
        assert script.received == []
    else:
        assert report.error is None
        expected = {"accepted": 3} if meaning == AGAIN else {"accepted": 2, meaning: 1}
        assert matrix.ledger.states() == expected
        assert len(script.received) == expected["accepted"]


@pytest.mark.parametrize(
    ("manner", "say"),
    [
        ("cut", b""),
        ("mute", b""),
        ("drip", b""),
        ("say", b"\x00\xff\r\n"),
        ("say", b"250-torn\r\n550 apart\r\n"),
        ("say", b"199 hm\r\n"),
        ("say", b"421 4.3.2 bye\r\n"),
        ("say", b"550-no\r\n550 no\r\n"),
    ],
)
def test_broken_while_a_refusal_is_undone(
    matrix: Matrix, new_script: type[Script], manner: str, say: bytes
) -> None:
    """Whatever a server says to RSET: the refused reader keeps the refusal, the others get mail."""
    script = new_script(phase="rcpt", say=b"550 5.1.1 unknown\r\n", times=1)
    script.second = ("rset", manner, say)
    matrix.run(script)
    matrix.assert_nobody_is_lost_or_doubled(script)
    assert matrix.ledger.states() == {"accepted": 2, "failed": 1}
    assert len(script.received) == 2
