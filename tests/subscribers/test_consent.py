"""Consent: what was asked, confirmed and withdrawn is on record, and stays there."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.address import normalise
from subscribers.consent import LONGEST_WORDS, Act, Proof, Way
from subscribers.errors import KeyMissing, SubscriberUnknown, TransitionRefused
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


def test_a_mark_is_made_as_those_were_that_are_stored() -> None:
    """HMAC-SHA256 under keys that are derived, one for each use: a store outlives a release."""

    def derived(purpose: str) -> bytes:
        return hmac.digest(b"key", f"subscribers.pseudonym.{purpose}".encode(), hashlib.sha256)

    plain_mark = "sha256:" + hashlib.sha256(EMAIL.encode()).hexdigest()
    found = hmac.digest(derived("address"), plain_mark.encode(), hashlib.sha256).hex()
    hashes = Pseudonyms(["key"])
    assert hashes.mark(normalise(EMAIL)) == f"hmac:{derived('name').hex()[:8]}:{found}"
    network = hmac.digest(derived("network"), b"192.0.2.0/24", hashlib.sha256)
    assert hashes.network(" 192.0.2.77 ") == network[:12].hex()


def test_a_key_that_is_missing_is_told_with_the_way_on() -> None:
    """What an erased address is remembered by."""
    with pytest.raises(KeyMissing) as caught:
        Pseudonyms().mark(normalise(EMAIL))
    assert str(caught.value) == (
        "there is no key to make a keyed hash with. Set DIGEST_SECRET_KEY: an erased address is"
        " remembered by it."
    )


def test_lost_keys_are_told_with_how_many_they_concern(
    people: SubscriberStore, now: datetime
) -> None:
    """Two that were erased under one key, and one under another that is at hand."""
    engine = people._engine  # noqa: SLF001 - the same database under other keys
    for key, name in (("old", "a"), ("old", "b"), ("older", "c"), ("new", "d")):
        SubscriberStore(engine, [key]).erase(f"{name}@news.example", now)
    people = SubscriberStore(engine, ["new"])
    people.suppress("e@news.example", Suppressed.BY_HAND, now)
    with pytest.raises(KeyMissing) as caught:
        people.add(EMAIL, edition="daily", confirmed=True, now=now)
    assert str(caught.value) == (
        "3 erased addresses were remembered under a key that is not at hand: a list could bring"
        " them back. Put the former DIGEST_SECRET_KEY into DIGEST_SECRET_KEYS_OLD; if it is lost,"
        " `digest tidy --forget-lost-marks` forgets those addresses."
    )


def test_an_operators_word_confirms_whom_only_an_operator_brought_in(
    people: SubscriberStore, now: datetime
) -> None:
    """Who asked in a form, who is not pending and who is of another edition stay as they are."""

    def add(name: str, edition: str = "daily", *, confirmed: bool = False) -> None:
        address = f"{name}@news.example"
        people.add(address, edition=edition, confirmed=confirmed, now=now)

    add("one")
    add("two")
    add("two", "weekly")
    add("three", "weekly")
    add("here", confirmed=True)
    people.ask("asked@news.example", edition="daily", proof=FORM, now=now)
    add("both")
    people.ask("both@news.example", edition="daily", proof=FORM, now=now)
    add("elsewhere")
    people.ask("elsewhere@news.example", edition="weekly", proof=FORM, now=now)
    later = now + timedelta(hours=1)
    words = "fair, 2026\n" + "x" * LONGEST_WORDS
    assert people.confirm_operators_word("daily", words, later) == 3
    states = {(one.email.partition("@")[0], one.edition): one.state for one in people.list()}
    assert {who for who, state in states.items() if state is State.ACTIVE} == {
        ("one", "daily"),
        ("two", "daily"),
        ("here", "daily"),
        ("elsewhere", "daily"),
    }
    found = people.find_by_email("one@news.example")
    assert found is not None
    assert found.subscriptions[0].confirmed_at == later
    act = found.consent[-1]
    assert (act.edition, act.act, act.way, act.at) == ("daily", Act.CONFIRMED, Way.BY_HAND, None)
    assert (act.recorded_at, act.words[:12], len(act.words)) == (later, "fair, 2026 x", 1_000)
    assert people.confirm_operators_word("daily", "again", later) == 0


@pytest.mark.parametrize(
    ("edition", "who"), [("weekly", EMAIL), ("daily", "joe@news.example")], ids=["edition", "who"]
)
def test_what_is_asked_of_no_subscription_says_so(
    people: SubscriberStore, now: datetime, edition: str, who: str
) -> None:
    """With the edition, and what became of it most likely."""
    people.add(EMAIL, edition="daily", confirmed=True, now=now)
    found = people.find_by_email(who)
    with pytest.raises(SubscriberUnknown) as caught:
        people.resume(found.public_id if found else "stranger", edition, now)
    assert str(caught.value) == (
        f"{edition}: there is no such subscription. They were erased, or never subscribed to this"
        " edition."
    )


def test_an_old_link_that_brings_nobody_back_says_so(
    people: SubscriberStore, now: datetime
) -> None:
    """With the edition, and the way back."""
    asked = people.ask(EMAIL, edition="daily", proof=FORM, now=now)
    people.confirm(asked.public_id, "daily", now)
    people.unsubscribe(asked.public_id, "daily", now)
    with pytest.raises(TransitionRefused) as caught:
        people.confirm(asked.public_id, "daily", now)
    assert str(caught.value) == (
        "daily: they left, and have not asked since. They have to subscribe again."
    )


def test_who_left_later_bars_nobody_elses_way_back(people: SubscriberStore, now: datetime) -> None:
    """Nor does leaving another edition."""
    for name, edition in (("jane", "daily"), ("jane", "weekly"), ("joe", "daily")):
        address = f"{name}@news.example"
        people.add(address, edition=edition, confirmed=True, now=now)
    jane, joe = (people.find_by_email(f"{name}@news.example") for name in ("jane", "joe"))
    assert jane is not None
    assert joe is not None
    people.unsubscribe(jane.public_id, "daily", now)
    later = now + timedelta(hours=1)
    people.unsubscribe(jane.public_id, "weekly", later)
    people.unsubscribe(joe.public_id, "daily", later)
    assert people.confirm(jane.public_id, "daily", later, asked_at=now) is State.ACTIVE
    with pytest.raises(TransitionRefused):
        people.confirm(joe.public_id, "daily", later, asked_at=now)
