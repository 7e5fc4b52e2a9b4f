"""Sealed bytes and pages: they come back as they were, and nothing else is taken for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import ConfigError
from digest.store.remote.contract import STATE
from digest.store.remote.pages import PAGE, applied, change_between
from digest.store.remote.parts import Lock, SealedState, mark_of, sealed_mark, state_of
from digest.store.remote.sealed_box import NotOurs, SealedBox

BOX = SealedBox(["the key of this newsroom"])
SECRET = b"reader@inbox.example " * 1000


def test_what_is_sealed_is_opened_under_its_name_alone() -> None:
    """Another name, another key, or a byte that changed: not ours."""
    sealed = BOX.seal("a", b"plain")
    assert BOX.open("a", sealed) == b"plain"
    for name, bytes_ in (
        ("b", sealed),
        ("a", sealed[:-1]),
        ("a", b""),
        ("a", b"DGS1"),
        ("a", SECRET),
    ):
        with pytest.raises(NotOurs):
            BOX.open(name, bytes_)
    for place in range(len(sealed)):
        spoilt = bytearray(sealed)
        spoilt[place] ^= 1
        with pytest.raises(NotOurs):
            BOX.open("a", bytes(spoilt))
    with pytest.raises(NotOurs):
        SealedBox(["another key"]).open("a", sealed)
    assert SealedBox(["a new key", "the key of this newsroom"]).open("a", sealed) == b"plain"


def test_without_a_key_nothing_is_sealed() -> None:
    """The message names the variable."""
    with pytest.raises(ConfigError, match="DIGEST_SECRET_KEY"):
        SealedBox([])


def test_no_address_is_in_what_a_remote_gets() -> None:
    """Neither in a state nor in a mark, nor in its packed form."""
    state = SealedState().followed_by(SECRET, Lock("worker"), BOX, 0)
    kept = b"".join(state.files(BOX).values()) + sealed_mark(1, "daily/2026-11-23", BOX)
    assert b"inbox.example" not in kept
    assert b"daily" not in kept
    assert b"worker" not in kept


@given(st.binary(max_size=3 * PAGE), st.lists(st.tuples(st.integers(0, 3 * PAGE), st.binary())))
def test_a_change_turns_the_one_into_the_other(
    before: bytes, edits: list[tuple[int, bytes]]
) -> None:
    """Whatever is written, cut off or added; and no change at all is nothing."""
    after = bytearray(before)
    for place, more in edits:
        after[place : place + len(more) // 2] = more
    change = change_between(before, bytes(after))
    assert (change == b"") == (before == after)
    if change:
        assert applied(before, change) == after
        for cut in (3, len(change) - 1):
            if cut < len(change) and len(after) > 0:
                with pytest.raises(ValueError, match="not whole"):
                    applied(before, change[:cut])


def test_states_follow_each_other_and_are_compacted() -> None:
    """Each has the database of its time; the parts stay few, and weigh little."""
    state, database = SealedState(), bytearray(b"\0" * PAGE * 200)
    most = 0
    for number in range(130):
        database[number * PAGE] = number + 1
        state = state.followed_by(bytes(database), Lock(), BOX, 0)
        files = state.files(BOX)
        opened = state_of(files, BOX)
        assert opened.database == database
        assert opened.sequence == number + 1
        most = max(most, len(files))
    assert most <= 52


def test_a_state_that_lacks_a_part_is_not_whole() -> None:
    """A part that is missing, exchanged, or of another state."""
    state = SealedState().followed_by(b"a" * PAGE, Lock(), BOX, 0)
    state = state.followed_by(b"b" * PAGE, Lock(), BOX, 0)
    files = state.files(BOX)
    names = [name for name in files if name != STATE]
    for spoilt in (
        {name: files[name] for name in files if name != names[-1]},
        {**files, names[0]: files[names[1]]},
        {**files, STATE: b""},
        {names[0]: files[names[0]]},
    ):
        with pytest.raises(NotOurs):
            state_of(spoilt, BOX)
    with pytest.raises(NotOurs):
        mark_of(files[STATE], BOX)
