"""Export: whatever is stored reads back as the same people in the same states, harmlessly."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from digest.store import open_store
from subscribers.consent import Proof, Way
from subscribers.lifecycle import State, Suppressed
from subscribers.lists.exporting import write_csv, write_json_lines
from subscribers.lists.reading import open_list
from subscribers.lists.spreadsheets import original, safe, safe_address
from subscribers.lists.terms import ListTerms
from subscribers.store import SubscriberStore
from subscribers.values import Listed, SuppressionRecord

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
SECTIONS = {"tech": "Technology", "world": "World News"}
TERMS = ListTerms({"daily": SECTIONS, "weekly": SECTIONS})
OPENINGS = "=+-@＝＋－＠﹦﹢﹣﹫"  # noqa: RUF001 - the full-width forms are meant
nasty = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("=+-@＝＋－＠'\";,|\t\r\n <>0aZé東\x00\x1b\u2028")),  # noqa: RUF001
        st.characters(),
    ),
    max_size=30,
)
locals_ = st.text(alphabet=string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~", min_size=1)


@given(nasty)
@example("a;=1+1")
@example("'=1")
@example("''=1")
@example('a;"=1+1"')
@example("\t=1")
@example("\n＝1")  # noqa: RUF001 - full-width
def test_no_spreadsheet_computes_a_cell_and_it_reads_back(text: str) -> None:
    """Wherever it is parted: at separators, tabs, line breaks, with or without marks around."""
    cell = safe(text)
    assert original(cell) == text
    for part in re.split(r"[,;|\t\r\n]", cell):
        assert not part.lstrip(' "\u00a0').startswith(tuple(OPENINGS)), (text, cell)


@given(locals_)
def test_an_address_is_never_changed(local: str) -> None:
    """In angle brackets it is no formula, and the same address."""
    address = f"{local}@news.example"
    shown = safe_address(address)
    assert shown.strip("<>") == address
    assert not shown.startswith(tuple(OPENINGS))


def _people(store: SubscriberStore) -> list[Listed | SuppressionRecord]:
    """Return everything in a store: subscriptions in their order, suppressions by address."""
    found = list(store.everything())
    people = [one for one in found if isinstance(one, Listed)]
    lone = [one for one in found if isinstance(one, SuppressionRecord)]
    return [*people, *sorted(lone, key=lambda one: one.key)]


def _filled(store: SubscriberStore, names: list[str], words: str) -> None:
    """Fill a store with somebody in every state, and addresses that get no mail."""
    actions: tuple[Callable[[str, str], object], ...] = (
        lambda _who, _edition: None,
        lambda who, edition: store.unsubscribe(who, edition, NOW, Proof(Way.ONE_CLICK, words)),
        lambda who, edition: store.pause(who, edition, NOW, NOW + timedelta(days=3)),
        lambda who, edition: store.pause(who, edition, NOW),
    )
    for number, name in enumerate(names):
        email = f"=reader{number}'s+x@news.example"
        for edition in ("daily", "weekly")[: 1 + number % 2]:
            proof = Proof(Way.FORM, words, "0123456789abcdef01234567")
            asked = store.ask(
                email, edition=edition, proof=proof, now=NOW, name=name, sections=["tech"]
            )
            if number % 5:
                store.confirm(asked.public_id, edition, NOW + timedelta(hours=1))
                actions[number % 4](asked.public_id, edition)
        if number % 3 == 0:
            store.suppress(email, list(Suppressed)[number % 2], NOW, words)
    store.suppress("nobody@news.example", Suppressed.BY_HAND, NOW, words)
    store.ask("gone@news.example", edition="daily", proof=Proof(Way.FORM), now=NOW)
    store.erase("gone@news.example", NOW)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(nasty, min_size=5, max_size=9), nasty)
def test_an_export_into_an_empty_store_gives_the_same(
    sqlite_tables: Path, tmp_path_factory: pytest.TempPathFactory, names: list[str], words: str
) -> None:
    """Same people, ids, names, choices, states, dates, consent, suppressions and marks."""
    folder = tmp_path_factory.mktemp("trip")
    for name in ("one", "csv", "jsonl"):
        shutil.copyfile(sqlite_tables, folder / f"{name}.db")
    for write, ending in ((write_csv, "csv"), (write_json_lines, "jsonl")):
        with (
            open_store("sqlite:///one.db", folder, ["key"]) as one,
            open_store(f"sqlite:///{ending}.db", folder, ["key"]) as other,
        ):
            if ending == "csv":
                _filled(one.subscribers, names, words)
            path = folder / f"export.{ending}"
            _write(path, write, one.subscribers)
            report = other.subscribers.import_rows(
                open_list(path, TERMS).rows(),
                edition="",
                confirmed=True,
                now=NOW + timedelta(days=9),
                told=lambda _: None,
            )
            assert report.rejected == 0
            assert _people(other.subscribers) == _people(one.subscribers)
            before = _people(other.subscribers)
            _import_again(other.subscribers, path)
            assert _people(other.subscribers) == before


def _write(path: Path, write: object, store: SubscriberStore) -> None:
    stream = io.StringIO(newline="")
    assert callable(write)
    write(store.everything(), stream)
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")


def _import_again(store: SubscriberStore, path: Path) -> None:
    store.import_rows(
        open_list(path, TERMS).rows(),
        edition="",
        confirmed=True,
        now=NOW + timedelta(days=20),
        told=lambda _: None,
    )


def test_an_export_is_csv_that_others_read(tmp_path: Path) -> None:
    """RFC 4180, the columns of version 0.1 in their places, and the addresses as they are."""
    with open_store("sqlite:///one.db", tmp_path, ["key"]) as store:
        people = store.subscribers
        people.add("Jane@news.example", edition="daily", confirmed=True, now=NOW, name="=1;=2")
        stream = io.StringIO(newline="")
        assert write_csv(people.everything("daily"), stream) == 1
    header, line = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert header[:9] == [
        *("email", "name", "sections", "locale", "id"),
        *("edition", "state", "suppressed", "created_at"),
    ]
    assert line[:2] == ["Jane@news.example", "'=1;'=2"]
    assert State(line[6]) is State.ACTIVE


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("jane@news.example", "jane@news.example"),
        ("+jane@news.example", "<+jane@news.example>"),
        ("'jane@news.example", "<'jane@news.example>"),
        ("|jane@news.example", "<|jane@news.example>"),
        ("ja|ne@news.example", "<ja|ne@news.example>"),
        ("ja+ne@news.example", "ja+ne@news.example"),
    ],
)
def test_an_address_that_could_be_a_formula_stands_in_brackets(address: str, shown: str) -> None:
    """No other does."""
    assert safe_address(address) == shown


def test_writers_count_their_lines_and_name_every_column() -> None:
    """Of a subscription, and of an address that is suppressed without one."""
    listed = Listed(
        "x" * 22, "jane@news.example", "Zoë\n" + "x" * 300, "tech", "fr", "daily", State.ACTIVE,
        "blocked", NOW, NOW, NOW, NOW, NOW, "why\n" + "x" * 300,
    )  # fmt: skip
    lone = SuppressionRecord("joe@news.example", Suppressed.BLOCKED, "550\n5", NOW)
    stream = io.StringIO()
    assert write_json_lines([listed, lone], stream) == 2
    first, second = map(json.loads, stream.getvalue().splitlines())
    moment = NOW.isoformat()
    assert first == {
        "email": "jane@news.example",
        "name": "Zoë " + "x" * 196,
        "sections": "tech",
        "locale": "fr",
        "id": "x" * 22,
        "edition": "daily",
        "state": "active",
        "suppressed": "blocked",
        "created_at": moment,
        "confirmed_at": moment,
        "unsubscribed_at": moment,
        "paused_until": moment,
        "suppressed_at": moment,
        "suppressed_detail": "why " + "x" * 196,
        "consent": "",
    }
    assert second == dict.fromkeys(first, "") | {
        "email": "joe@news.example",
        "suppressed": "blocked",
        "suppressed_at": moment,
        "suppressed_detail": "550 5",
    }
    assert "Zoë" in stream.getvalue()
    assert write_csv([listed, lone, lone], io.StringIO()) == 3
