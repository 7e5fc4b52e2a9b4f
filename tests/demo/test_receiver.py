"""The demo's mail server, spoken to over real SMTP."""

from __future__ import annotations

import smtplib
import sys
import threading
from datetime import UTC, datetime

import pytest

from digest.demo.receiver import Receiver
from digest.errors import UsageError

_MAIL = b"Subject: hi\r\n\r\n.a dot first\r\n..two\r\ncaf\xc3\xa9\r\n"


def _send(receiver: Receiver, data: bytes = _MAIL, to: str = "ada@reader.example") -> None:
    with smtplib.SMTP(receiver.host, receiver.port, timeout=10) as client:
        client.sendmail("bounce@news.example", [to], data)


def test_a_mail_is_kept_byte_for_byte_with_its_envelope() -> None:
    """Leading dots and eight-bit bytes come out as they went in."""
    arrived = datetime(2026, 11, 23, 7, tzinfo=UTC)
    with Receiver(clock=lambda: arrived) as receiver:
        _send(receiver)
        (mail,) = receiver.mails
    assert mail.raw == _MAIL
    assert (mail.number, mail.reverse_path) == (1, "bounce@news.example")
    assert mail.recipients == ("ada@reader.example",)
    assert mail.peer.startswith("127.0.0.1:")
    assert mail.received_at == arrived


def test_mails_of_many_connections_are_numbered_without_gaps() -> None:
    """Concurrent senders lose nothing and no number is given twice."""
    with Receiver() as receiver:
        threads = [
            threading.Thread(target=_send, args=(receiver, _MAIL, f"r{n}@reader.example"))
            for n in range(12)
        ]
        for thread in threads:
            thread.start()
        assert receiver.wait_for(12, seconds=20)
        for thread in threads:
            thread.join()
        assert [mail.number for mail in receiver.mails] == list(range(1, 13))
        assert len({mail.recipients for mail in receiver.mails}) == 12


def test_waiting_ends_when_the_time_is_over() -> None:
    """Nobody waits for ever for a mail that does not come."""
    with Receiver() as receiver:
        assert not receiver.wait_for(1, seconds=0.05)


def test_what_arrived_stays_readable_and_an_idle_client_does_not_hold_the_end_up() -> None:
    """The server stops although a client is still connected; the mails remain."""
    with Receiver() as receiver:
        _send(receiver)
        idle = smtplib.SMTP(receiver.host, receiver.port, timeout=10)
    assert len(receiver.mails) == 1
    idle.close()


def test_a_port_in_use_is_a_usage_error() -> None:
    """A second mail server on the same port is refused with a fix."""
    with (
        Receiver() as receiver,
        pytest.raises(UsageError, match="another port"),
        Receiver(receiver.port),
    ):
        pass


def test_without_aiosmtpd_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional, and its absence names the command that mends it."""
    monkeypatch.setitem(sys.modules, "aiosmtpd.smtp", None)
    with pytest.raises(UsageError, match=r"pip install 'digest\[demo\]'"), Receiver():
        pass
