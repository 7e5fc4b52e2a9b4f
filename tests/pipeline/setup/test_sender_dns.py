"""What the DNS says of the sender, asked of a real name server on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

import dns.flags
import dns.message
import dns.rrset
import pytest

from digest.pipeline.setup.sender_dns import DnsFinding, Lookup, dns_findings, system_lookup

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

_GOOD = {
    ("harbour.news", "TXT"): ['"google-site=1"', '"v=spf1 ip4:192.0.2.1 " "~all"'],
    ("harbour.news", "MX"): ["10 mail.harbour.news."],
    ("_dmarc.harbour.news", "TXT"): ['"v=DMARC1; p=none"'],
    ("mail.harbour.news", "A"): ["192.0.2.1"],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["mail.harbour.news."],
}


class NameServer:
    """Answers from a table over UDP, as an authoritative server does."""

    def __init__(self, records: dict[tuple[str, str], list[str]]) -> None:
        self._records = records
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port: int = self._socket.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                data, peer = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            asked = dns.message.from_wire(data)
            answer = dns.message.make_response(asked)
            answer.flags |= dns.flags.RA
            question = asked.question[0]
            name, kind = question.name.to_text().rstrip("."), question.rdtype.name
            if rows := self._records.get((name, kind)):
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *rows))
            self._socket.sendto(answer.to_wire(), peer)


@pytest.fixture
def good() -> Iterator[Lookup]:
    with NameServer(_GOOD) as server:
        yield system_lookup(["127.0.0.1"], server.port)


def look(room: Newsroom, lookup: Lookup, host: str = "") -> dict[str, DnsFinding]:
    room.toml = room.toml.replace("digest@news.example", "digest@daily.harbour.news")
    return {one.record: one for one in dns_findings(room.settings, lookup, host)}


def test_a_sound_domain_is_sound(newsroom: Newsroom, good: Lookup) -> None:
    """Each record is found, strings of a TXT joined, and the way back leads to the same server."""
    newsroom.toml = newsroom.toml.replace("digest@news.example", "digest@harbour.news")
    found = look(newsroom, good, "mail.harbour.news")
    assert {name: one.ok for name, one in found.items()} == {
        "SPF": True,
        "DKIM": None,
        "DMARC": True,
        "MX": True,
        "PTR": True,
    }
    assert found["SPF"].words == "v=spf1 ip4:192.0.2.1 ~all"


def test_a_subdomain_has_the_policy_above_it_and_lacks_the_rest(
    newsroom: Newsroom, good: Lookup
) -> None:
    """DMARC is looked for upwards; SPF and MX are a domain's own. Each fault says what to do."""
    found = look(newsroom, good, "no.harbour.news")
    assert found["DMARC"].name == "_dmarc.harbour.news"
    bad = {name for name, one in found.items() if one.ok is False}
    assert bad == {"SPF", "MX", "PTR"}
    assert all(found[name].fix for name in bad)


def test_no_resolver_is_said_once(newsroom: Newsroom) -> None:
    """One line, and no wait for each record."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        found = look(newsroom, system_lookup(["127.0.0.1"], silent.getsockname()[1]))
    assert list(found) == ["DNS"]
    assert found["DNS"].ok is None


def test_a_domain_for_examples_is_not_asked_for(newsroom: Newsroom) -> None:
    """Nothing is asked of anybody's name server."""

    def never(name: str, kind: str) -> list[str]:
        raise AssertionError((name, kind))

    (found,) = dns_findings(newsroom.settings, never)
    assert found.ok is None
