"""The same over PostgreSQL, where requests of one moment really run at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.store import open_store

from . import test_floods, test_open, test_single_mails, test_way
from .conftest import KEY, Pressroom

pytestmark = pytest.mark.postgres


@pytest.fixture
def room(tmp_path: Path, postgres_url: str) -> Iterator[Pressroom]:
    """Return a newsroom whose store is PostgreSQL."""
    with open_store(postgres_url, tmp_path, [KEY]) as store:
        yield Pressroom(tmp_path, store)


def test_a_flood_for_one_victim_is_three_mails(room: Pressroom) -> None:
    """The count is taken in one statement, whatever runs beside it."""
    test_floods.test_many_sign_ups_for_one_victim_are_at_most_three_mails(
        room, lambda number: f"nora+{number}@reader.example"
    )


def test_a_network_has_its_allowance(room: Pressroom) -> None:
    """And gets it back with the hour."""
    test_floods.test_many_addresses_from_one_network_are_its_allowance(room)


def test_the_whole_way(room: Pressroom) -> None:
    """From the form to one click."""
    with room.pages() as client:
        test_way.test_from_the_form_to_one_click(room, client)


def test_a_crash_and_suppression(room: Pressroom) -> None:
    """A mail that may have arrived is not sent again; a bounce meanwhile is heard."""
    test_single_mails.test_after_a_crash_nothing_is_sent_twice(room)


def test_a_suppressed_address(room: Pressroom) -> None:
    """It is looked at when the mail is claimed."""
    test_single_mails.test_suppression_is_looked_at_when_it_is_sent(room)


def test_leaving_after_a_rename(room: Pressroom) -> None:
    """A new key, a new name, a removed edition."""
    test_open.test_leaving_works_after_a_key_a_name_or_an_edition_is_gone(room)
