"""The copy that a run works with: others see what was pushed, and a strange state is refused."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode, LedgerRefused
from digest.store.remote.contract import STATE, RemoteMoved
from digest.store.remote.s3_bucket import S3Bucket

if TYPE_CHECKING:
    from tests.store.remote.conftest import Place

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
ALIVE = lambda _: False  # noqa: E731 - nobody is known to be gone


def test_a_ledger_is_begun_by_order_only(place: Place) -> None:
    """An empty place may be a lost one: the message names the command that begins."""
    with pytest.raises(LedgerRefused, match="reconcile --adopt") as refused:
        place.open()
    assert refused.value.exit_code == ExitCode.REFUSED
    place.begin()
    with place.open() as store:
        assert store.marks.current() is not None


def test_what_a_command_did_is_there_for_the_next(place: Place) -> None:
    """It is pushed when the store is closed; a command that only reads pushes nothing."""
    place.begin()
    with place.open() as store:
        epoch = store.marks.adopt(7).epoch
    before = place.remote().fetch().version
    with place.open() as store:
        found = store.marks.current()
        assert found is not None
        assert found.epoch == epoch
    assert place.remote().fetch().version == before


def test_the_copy_is_private_and_goes_with_the_store(place: Place) -> None:
    """Readers' addresses are in it."""
    place.begin()
    with place.open() as store:
        assert store.replica is not None
        path = store.replica.path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.parent.exists()


def test_who_holds_the_ledger_keeps_others_out_for_ten_minutes(place: Place) -> None:
    """They are let in when it is given back, when its time is over, or when the holder is gone."""
    place.begin()
    with place.open() as one:
        one.hold("one", NOW, ALIVE)
        with place.open() as other, pytest.raises(LedgerRefused, match=r"until 07:10 UTC"):
            other.hold("other", NOW + timedelta(minutes=9), ALIVE)
        one.publish(NOW + timedelta(minutes=8))
        with place.open() as other, pytest.raises(LedgerRefused, match=r"until 07:18 UTC"):
            other.hold("other", NOW + timedelta(minutes=11), ALIVE)
    with place.open() as other:
        other.hold("other", NOW, ALIVE)
        with place.open() as third:
            third.hold("third", NOW, lambda worker: worker == "other")
        with pytest.raises(RemoteMoved):
            other.publish(NOW)


def test_a_run_that_was_overtaken_pushes_nothing_any_more(place: Place) -> None:
    """Neither at once nor when it is closed: what the other did stays."""
    place.begin()
    with place.open() as slow:
        slow.hold("slow", NOW, ALIVE)
        with place.open() as quick:
            quick.hold("quick", NOW + timedelta(hours=1), ALIVE)
            epoch = quick.marks.adopt(9).epoch
        slow.marks.adopt(3)
        with pytest.raises(RemoteMoved):
            slow.publish(NOW)
        with pytest.raises(LedgerRefused, match="lost to another run"):
            slow.publish(NOW)
    with place.open() as store:
        found = store.marks.current()
        assert found is not None
        assert found.epoch == epoch


def test_an_older_state_is_refused(place: Place) -> None:
    """Whoever set it back knew its version; the mark is kept apart."""
    place.begin()
    old = place.remote().fetch()
    with place.open() as store:
        store.marks.adopt(1)
    latest = place.remote()
    found = latest.fetch()
    assert found.mark is not None
    latest.swap(found.version, old.files, found.mark)
    with pytest.raises(LedgerRefused, match="older than its mark"):
        place.open()


def test_a_state_that_lacks_a_part_is_refused_and_can_be_set_aside(s3_place: Place) -> None:
    """Half pushed, or half deleted by a rule of the bucket."""
    s3_place.begin()
    bucket = s3_place.remote()
    (part,) = set(bucket.fetch().files) - {STATE}
    assert isinstance(bucket, S3Bucket)
    bucket._ask("DELETE", f".parts/{part}")  # noqa: SLF001 - as a rule of the bucket would
    with pytest.raises(LedgerRefused, match="not whole"):
        s3_place.open()
    s3_place.begin()
    with s3_place.open() as store:
        assert store.marks.current() is not None


def test_another_key_opens_nothing_and_a_former_one_does(place: Place) -> None:
    """A new secret key goes first; the former one still opens what it sealed."""
    place.begin()
    with pytest.raises(LedgerRefused, match="DIGEST_SECRET_KEY"):
        place.open("a key of another newsroom")
    with place.open("a new key", "a-key-of-forty-characters-that-signs-links") as store:
        epoch = store.marks.adopt(1).epoch
    with place.open("a new key", "a-key-of-forty-characters-that-signs-links") as store:
        found = store.marks.current()
        assert found is not None
        assert found.epoch == epoch


def test_a_command_does_not_change_what_a_run_sends_by(place: Place) -> None:
    """It is told until when, nothing of it is kept, and the run goes on."""
    place.begin()
    with place.open() as run:
        run.hold("run", datetime.now(UTC), ALIVE)
        other = place.open()
        epoch = other.marks.adopt(5).epoch
        with pytest.raises(LedgerRefused, match="was not kept"):
            other.close()
        run.publish(datetime.now(UTC))
    with place.open() as store:
        found = store.marks.current()
        assert found is not None
        assert found.epoch != epoch
