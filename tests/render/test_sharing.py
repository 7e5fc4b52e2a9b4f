"""Links by which a reader hands a story on."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from digest.render.sharing import SERVICES, shares
from digest.render.words import Words, locale_of

_TITLE, _URL = "Rain & wind: 100 %?", "https://news.example/a?b=1&c=ü"


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_title_and_address_arrive_whole(service: str) -> None:
    """Whatever signs they hold, the service reads them as they were."""
    (way,) = shares(_TITLE, _URL, [service], Words(locale_of("en")))
    said = " ".join(
        part for values in parse_qs(urlsplit(way.url).query).values() for part in values
    )
    assert _URL in said
    assert way.url.startswith(("https://", "mailto:"))
    assert way.url.isascii()


def test_services_keep_the_newsrooms_order_and_mail_speaks_the_language() -> None:
    """Names of services are names; the word for mail is a word."""
    ways = shares(_TITLE, _URL, ["whatsapp", "mail"], Words(locale_of("tr")))
    assert [way.name for way in ways] == ["WhatsApp", "E-posta"]


def test_a_service_that_is_gone_and_a_story_without_address_give_nothing() -> None:
    """An issue frozen by an older Digest still renders."""
    words = Words(locale_of("en"))
    assert shares(_TITLE, _URL, ["myspace"], words) == ()
    assert shares(_TITLE, "", ["mail"], words) == ()
