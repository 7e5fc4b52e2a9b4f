"""Consent: what was asked, confirmed and withdrawn is on record, and stays there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.address import normalise
from subscribers.consent import LONGEST_WORDS, Act, Proof, Way
from subscribers.errors import KeyMissing
from subscribers.lifecycle import State, Suppressed
from subscribers.plain_text import plain
from subscribers.pseudonyms import Pseudonyms, is_mark
from subscribers.store import SubscriberStore

EMAIL = "jane@news.example"
FORM = Proof(Way.FORM, "Yes, send me the daily.", "0123abcd")


def _acts(people: SubscriberStore) -> list[tuple[Act, Way, str]]:
    found = people.find_by_email(EMAIL)
    assert found is not None
    return [(one.act, one.way, one.words) for one in found.consent]


def test_asking_confirming_and_leaving_are_on_record(
    people: SubscriberStore, now: datetime
) -> None:
    """In their order, with words, network and time; leaving takes none of it away."""
    asked = people.ask(EMAIL, edition="daily", proof=FORM, now=now, sections=["tech"])
    assert (asked.before, asked.state, asked.suppressed) == (None, State.PENDING, "")
    later = now + timedelta(hours=1)
    assert people.confirm(asked.public_id, "daily", later) is State.ACTIVE
    people.unsubscribe(asked.public_id, "daily", later, Proof(Way.ONE_CLICK, "too many"))
    people.unsubscribe(asked.public_id, "daily", later, Proof(Way.ONE_CLICK, "again"))
    found = people.find(asked.public_id)
    assert found is not None
    assert [(one.act, one.way, one.words, one.at) for one in found.consent] == [
        (Act.ASKED, Way.FORM, FORM.words, now),
        (Act.CONFIRMED, Way.LINK, "", later),
        (Act.WITHDREW, Way.ONE_CLICK, "too many", later),
    ]
    assert found.consent[0].network == FORM.network


def test_coming_back_is_a_new_act_beside_the_old_ones(
    people: SubscriberStore, now: datetime
) -> None:
    """Who left asks again, and has left until they confirm again."""
    asked = people.ask(EMAIL, edition="daily", proof=FORM, now=now)
    people.confirm(asked.public_id, "daily", now)
    people.unsubscribe(asked.public_id, "daily", now)
    again = people.ask(EMAIL, edition="daily", proof=FORM, now=now)
    assert (again.before, again.state) == (State.UNSUBSCRIBED, State.UNSUBSCRIBED)
    assert [act for act, _, _ in _acts(people)] == [
        Act.ASKED,
        Act.CONFIRMED,
        Act.WITHDREW,
        Act.ASKED,
    ]


def test_asking_for_somebody_else_changes_nothing_for_them(
    people: SubscriberStore, now: datetime
) -> None:
    """An active reader keeps state and sections, whoever types their address into a form."""
    people.add(EMAIL, edition="daily", confirmed=True, now=now, sections=["tech"])
    asked = people.ask(EMAIL, edition="daily", proof=FORM, now=now, sections=["world"])
    assert (asked.before, asked.state) == (State.ACTIVE, State.ACTIVE)
    found = people.find_by_email(EMAIL)
    assert found is not None
    assert found.subscriptions[0].sections == {"tech"}


def test_who_was_erased_comes_back_by_their_own_word_only(
    people: SubscriberStore, now: datetime
) -> None:
    """Not by an operator's hand; once they confirmed, the mark is gone."""
    people.ask(EMAIL, edition="daily", proof=FORM, now=now)
    assert people.erase(EMAIL, now)
    assert people.find_by_email(EMAIL) is None
    people.add(EMAIL, edition="daily", confirmed=True, now=now)
    assert people.find_by_email(EMAIL) is None
    asked = people.ask(EMAIL, edition="daily", proof=FORM, now=now)
    assert people.suppressions(EMAIL)[0].reason is Suppressed.ERASURE
    assert people.confirm(asked.public_id, "daily", now) is State.ACTIVE
    assert people.suppressions(EMAIL) == ()


def test_a_suppressed_address_may_ask_and_says_so(people: SubscriberStore, now: datetime) -> None:
    """The caller must send nothing there, and can answer the same words as to anybody."""
    people.suppress(EMAIL, Suppressed.COMPLAINT, now)
    asked = people.ask(EMAIL, edition="daily", proof=FORM, now=now)
    assert (asked.state, asked.suppressed) == (State.PENDING, "complaint")


def test_an_operators_word_is_recorded_as_that(people: SubscriberStore, now: datetime) -> None:
    """With where it was, and without a moment that nobody knows."""
    people.add(
        EMAIL,
        edition="daily",
        confirmed=True,
        now=now,
        proof=Proof(Way.BY_HAND, "fair of 2025\n" + "x" * 2_000),
    )
    found = people.find_by_email(EMAIL)
    assert found is not None
    (act,) = found.consent
    assert (act.act, act.way, act.at, act.recorded_at) == (Act.CONFIRMED, Way.BY_HAND, None, now)
    assert act.words.startswith("fair of 2025 xxx")
    assert len(act.words) == LONGEST_WORDS


def test_an_erasure_needs_a_key(people: SubscriberStore, now: datetime) -> None:
    """Without one nothing is erased: the address could not be remembered."""
    people.add(EMAIL, edition="daily", confirmed=True, now=now)
    without = SubscriberStore(people._engine)  # noqa: SLF001 - the same database without a key
    with pytest.raises(KeyMissing, match="DIGEST_SECRET_KEY"):
        without.erase(EMAIL, now)
    assert people.find_by_email(EMAIL) is not None


def test_marks_of_a_lost_key_let_nobody_in(people: SubscriberStore, now: datetime) -> None:
    """Who was erased could not be recognised; with the former key they are."""
    people.add(EMAIL, edition="daily", confirmed=True, now=now)
    people.erase(EMAIL, now)
    engine, former = people._engine, "a-key-of-forty-characters-that-signs-links"  # noqa: SLF001
    with pytest.raises(KeyMissing, match="DIGEST_SECRET_KEYS_OLD"):
        SubscriberStore(engine, ["another"]).add(EMAIL, edition="daily", confirmed=True, now=now)
    rotated = SubscriberStore(engine, ["another", former])
    rotated.add(EMAIL, edition="daily", confirmed=True, now=now)
    assert rotated.find_by_email(EMAIL) is None


def test_a_mark_shows_no_address_and_names_its_key() -> None:
    """Equal for equal addresses and keys, and different otherwise; plain ones become keyed ones."""
    jane, one, other = normalise(EMAIL), Pseudonyms(["first"]), Pseudonyms(["second"])
    mark = one.mark(jane)
    assert mark == one.mark(normalise("JANE@news.example")) != other.mark(jane)
    assert "jane" not in mark
    assert is_mark(mark)
    assert not is_mark(EMAIL)
    assert one.recognises(mark)
    assert not other.recognises(mark)
    plain_mark = next(known for known in one.marks(jane) if known.startswith("sha256:"))
    assert one.keyed(plain_mark) == mark
    assert one.keyed(mark) == mark
    assert set(one.marks(jane)) == {plain_mark, mark}


@pytest.mark.parametrize("key", ["sha256:jane@news.example", "hmac:jane@news.example", "jane", ""])
def test_a_key_that_is_no_mark_is_not_taken_for_one(key: str) -> None:
    """An address may begin as a mark does, and what has no "@" need not be a mark."""
    assert not is_mark(key)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::2", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:192.0.2.9", "192.0.2.1", True),
    ],
)
def test_a_network_is_kept_as_a_hash(one: str, other: str, same: bool) -> None:
    """/24 of IPv4 and /48 of IPv6; another key gives another hash."""
    hashes = Pseudonyms(["key"])
    assert (hashes.network(one) == hashes.network(other)) is same
    assert hashes.network(one) != Pseudonyms(["other"]).network(one)
    assert len(hashes.network(one)) == 24
    assert hashes.network("no address") == ""
    assert Pseudonyms().network(one) == ""


@given(st.text(max_size=50), st.integers(1, 20))
def test_plain_text_stays_as_it_is_made(text: str, longest: int) -> None:
    """No control characters, no more than asked for, and what is plain already is not changed."""
    made = plain(text, longest)
    assert len(made) <= longest
    assert plain(made, longest) == made
    made.encode()


@pytest.mark.parametrize(
    ("text", "longest", "made"),
    [
        (" Anna\r\nAhl\t", 20, "Anna Ahl"),
        ("Anna\u2028Ahl\x00\x07\x85!", 20, "Anna Ahl !"),
        ("\u202eAnna\u2066 Ahl\u2069", 20, "Anna Ahl"),
        ("Zoë \ud83d", 20, "Zoë \ufffd"),
        ("Zoë Ångström", 9, "Zoë Ångst"),
        ("Anna Ahlberg", 9, "Anna Ahlb"),
    ],
)
def test_plain_text_is_one_line(text: str, longest: int, made: str) -> None:
    """Line ends are blanks, what turns the line around goes, half a letter is shown as such."""
    assert plain(text, longest) == made
