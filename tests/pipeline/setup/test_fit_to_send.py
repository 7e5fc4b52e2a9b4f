"""What breaks a send or a law is a fault of `digest doctor`; mails into a folder break none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError
from digest.pipeline.setup.fit_to_send import faults_of_sender

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom


@pytest.fixture
def sound(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom that may send to the world."""
    newsroom.configure("digest@news.example", "digest@harbour.news")
    newsroom.configure("https://digest.news.example", "https://digest.harbour.news")
    newsroom.configure(r"\[smtp\]", "relay_signs = true\n[smtp]")
    return newsroom


def faults(room: Newsroom) -> set[str]:
    return {name for name, _ in faults_of_sender(room.settings)}


def test_a_sound_sender_has_no_fault(sound: Newsroom) -> None:
    """Its own domain, pages over https, mails that are signed, an address."""
    assert faults(sound) == set()


@pytest.mark.parametrize(
    "domain",
    ["news.example", "example.com", "mail.example.org", "news.test", "a.localhost"],
)
def test_a_sender_at_a_domain_for_examples_is_a_fault(sound: Newsroom, domain: str) -> None:
    """Nobody owns it, so no mailbox provider believes it."""
    sound.configure("digest@harbour.news", f"digest@{domain}")
    assert faults(sound) == {"sender"}


@pytest.mark.parametrize(
    "url",
    [
        "http://digest.harbour.news",
        "http://127.0.0.1:8026",
        "https://localhost",
        "https://[::1]:8026",
        "https://192.168.1.4",
        "https://newsroom.local",
    ],
)
def test_pages_that_no_reader_can_reach_are_a_fault(sound: Newsroom, url: str) -> None:
    """Loopback, private networks, and plain http."""
    sound.configure("https://digest.harbour.news", url)
    assert faults(sound) == {"public_url"}


def test_unsigned_mail_is_a_fault_unless_the_server_signs(sound: Newsroom) -> None:
    """Either a key of one's own, or somebody's word."""
    sound.configure("relay_signs = true\n", "")
    assert faults(sound) == {"signing"}
    sound.toml += '[[dkim]]\nselector = "s1"\nkey = "dkim.pem"\n'
    assert faults(sound) == set()


@pytest.mark.parametrize("address", ["Your street and town", "   ", "-", "n/a"])
def test_a_missing_postal_address_is_a_fault_everywhere(sound: Newsroom, address: str) -> None:
    """The law wants it in every mail, whichever way it goes."""
    sound.configure("1 Example Street, Exampletown", address)
    assert faults(sound) == {"postal address"}


def test_mails_into_a_folder_are_for_looking_at(newsroom: Newsroom) -> None:
    """A newcomer's first steps are not refused for what only a real send needs."""
    newsroom.configure(r"\[smtp\]", 'transport = "outbox"\n[smtp]')
    assert faults(newsroom) == set()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://zürich.news", "https://xn--zrich-kva.news"),
        ("https://Straße.news:8443/leser/ü", "https://xn--strae-oqa.news:8443/leser/%C3%BC"),
        ("https://новости.рф", "https://xn--b1amnebsh.xn--p1ai"),
        ("https://digest.harbour.news", "https://digest.harbour.news"),
    ],
)
def test_a_public_url_beyond_ascii_is_written_as_mails_carry_it(
    sound: Newsroom, written: str, read: str
) -> None:
    """By IDNA 2008, so that every link in every mail is ASCII."""
    sound.configure("https://digest.harbour.news", written)
    assert sound.settings.site.public_url == read
    assert faults(sound) == set()


def test_a_public_url_that_no_domain_can_have_is_refused(sound: Newsroom) -> None:
    """When the configuration is read, with the name that is wrong."""
    sound.configure("https://digest.harbour.news", "https://zü_rich..news")
    with pytest.raises(ConfigError, match="no domain can have"):
        _ = sound.settings
