"""One record becomes one person: every field by its own rule, or a fault that says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from subscribers.consent import Act, Proof, Way
from subscribers.lifecycle import State, Suppressed
from subscribers.lists.people import PersonReader, address_in, as_meant, parted
from subscribers.lists.recognising import lay_out
from subscribers.lists.strict_csv import Record
from subscribers.lists.terms import ListTerms
from subscribers.values import ListedState, RejectedLine, Row

TERMS = ListTerms({"daily": {"tech": "Technology"}}, "daily", network=lambda ip: f"net of {ip}")
PLUGIN, OWN = "newsletter-plugin", "email,edition,state"
ID = "AbCdEfGhIjKlMnOpQrSt-_"
MAY, JUNE, JULY = (datetime(2024, month, 1, tzinfo=UTC) for month in (5, 6, 7))


def _read(
    header: str, cells: str | Sequence[str], *, marked: bool = True, terms: ListTerms = TERMS
) -> Row | RejectedLine:
    names = header.split(",")
    reader = PersonReader(lay_out(names, "x"), terms, marked=marked)
    return reader.read(Record(7, cells.split(",") if isinstance(cells, str) else list(cells)))


def _row(header: str, cells: str | Sequence[str], *, marked: bool = True) -> Row:
    row = _read(header, cells, marked=marked)
    assert isinstance(row, Row), row
    return row


def _fault(header: str, cells: str | Sequence[str]) -> str:
    fault = _read(header, cells)
    assert isinstance(fault, RejectedLine), fault
    assert fault.line == 7
    assert fault.cells == tuple(cells.split(",") if isinstance(cells, str) else cells)
    return fault.what


@pytest.mark.parametrize(
    ("header", "cells", "name"),
    [
        ("email,name", "Anna A. <a@x.example>,Zoë", "Zoë"),
        ("email,name", "Anna A. <a@x.example>,", "Anna A."),
        ("email,name,first name,last name", "a@x.example,Zoë,Anna,Ahl", "Zoë"),
        ("email,first name,last name", "a@x.example,Anna,Ahl", "Anna Ahl"),
        ("email,first name,last name", "a@x.example,Anna,", "Anna"),
        ("email,first name,last name", "a@x.example,,Ahl", "Ahl"),
        ("email,name", "a@x.example,'=Zoë", "=Zoë"),
        ("email,name", "'=Zoë <a@x.example>", "=Zoë"),
    ],
)
def test_a_name_comes_from_the_first_place_that_has_one(header: str, cells: str, name: str) -> None:
    """A column of names, its parts, then what stands beside the address; without marks."""
    assert _row(header, cells).name == name


def test_cells_that_no_spreadsheet_marked_are_read_as_they_stand() -> None:
    """As those of JSON lines are."""
    assert _row("email,name", "a@x.example,'=Zoë", marked=False).name == "'=Zoë"


def test_a_language_that_is_wrong_is_left_out_of_a_list_from_elsewhere() -> None:
    """As that of a plugin; in ours, and in one that a person wrote, it is a fault."""
    terms = ListTerms({"daily": {}}, "daily")
    plugin = PersonReader(lay_out(["email", "language"], "x", named=PLUGIN), terms, marked=True)
    found = [plugin.read(Record(2, ["a@x.example", cell])) for cell in ("en-GB", "english!")]
    assert [isinstance(one, Row) and one.locale for one in found] == ["en-GB", ""]
    for header, cells in (("email", "a@x.example"), (OWN, "a@x.example,daily,active")):
        fault = _fault(f"{header},locale", f"{cells},english!")
        assert fault == '"english!" is not a locale (write it as in en-GB)'


def test_dates_of_consent_become_acts_with_their_networks() -> None:
    """Asked, then confirmed; who left withdrew as well, with the reason and the day."""
    header = "email,optin_time,optin_ip,confirm_time,confirm_ip,unsub_time,unsub_reason"
    cells = "a@x.example,2024-05-01,192.0.2.1,2024-06-01,192.0.2.2,2024-07-01,too many"
    row = _row(header, cells)
    left = ListedState(State.UNSUBSCRIBED, None, JULY, "too many")
    assert row.standing == left
    assert row.proofs == (
        (Act.ASKED, Proof(Way.LIST, network="net of 192.0.2.1", at=MAY)),
        (Act.CONFIRMED, Proof(Way.LIST, network="net of 192.0.2.2", at=JUNE)),
        (Act.WITHDREW, Proof(Way.LIST, "too many", at=JULY)),
    )
    assert (row.joined_at, row.confirmed_at) == (MAY, None)
    assert _row(header, "a@x.example,,,2024-06-01").proofs == (
        (Act.CONFIRMED, Proof(Way.LIST, network="net of ", at=JUNE)),
    )
    assert _row(header, "a@x.example,,,,,2024-07-01").proofs == ()
    assert _row("email,created_at,optin_time", "a@x.example,2024-06-01,2024-05-01").joined_at == (
        JUNE
    )


def test_nothing_of_a_network_is_kept_unless_it_is_asked_for() -> None:
    """The terms make the hash."""
    row = _read(
        "email,optin_time,optin_ip",
        "a@x.example,2024-05-01,192.0.2.1",
        terms=ListTerms({"daily": {}}, "daily"),
    )
    assert isinstance(row, Row)
    assert row.proofs == ((Act.ASKED, Proof(Way.LIST, at=MAY)),)


OURS = "email,edition,state,suppressed,unsubscribed_at,suppressed_at,suppressed_detail,paused_until"


@pytest.mark.parametrize(
    ("cells", "standing"),
    [
        ("a@x.example,daily,active", ListedState()),
        (
            "a@x.example,daily,unsubscribed,,2024-05-01,2024-06-01",
            ListedState(State.UNSUBSCRIBED, None, MAY, "", None, MAY),
        ),
        (
            "a@x.example,daily,unsubscribed,complaint,2024-05-01,2024-06-01,'=why",
            ListedState(State.UNSUBSCRIBED, Suppressed.COMPLAINT, JUNE, "=why", None, MAY),
        ),
        (
            "a@x.example,daily,paused,,,,,2024-07-01",
            ListedState(State.PAUSED, None, None, "", JULY, None),
        ),
        ("a@x.example,daily,active,blocked", ListedState(None, Suppressed.BLOCKED)),
        ("a@x.example,daily,,blocked", ListedState(None, Suppressed.BLOCKED)),
    ],
)
def test_our_own_list_says_everything_of_a_standing(cells: str, standing: ListedState) -> None:
    """By hand, nobody is made active whom the list calls suppressed as well."""
    assert _row(OURS, cells).standing == standing


def test_a_whole_export_keeps_the_state_of_who_is_suppressed() -> None:
    """It has ids; and their id, day of confirming and acts are read."""
    header = f"{OURS},id,confirmed_at,created_at"
    cells = f"a@x.example,daily,active,blocked,,,,,'{ID},2024-05-01,2024-06-01"
    row = _row(header, cells.replace("'", ""))
    assert row.standing == ListedState(State.ACTIVE, Suppressed.BLOCKED)
    assert (row.public_id, row.confirmed_at, row.joined_at) == (ID, MAY, JUNE)
    assert _row(header, cells.replace(f"'{ID}", "short")).public_id == ""
    assert _row("email,id", f"a@x.example,{ID}").public_id == ""


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ("a@x.example,daily,", "it has no state"),
        ("a@x.example,daily," + "v" * 90, f'"{"v" * 80}" is no state of a subscription'),
        (
            "a@x.example," + "w" * 90 + ",active",
            f'no edition is called "{"w" * 80}" (there are: daily, weekly)',
        ),
        (
            "a@x.example,daily,active,,,,,,nonsense",
            "its record of consent cannot be read (Expecting value: line 1 column 1 (char 0))",
        ),
    ],
)
def test_a_line_of_ours_that_is_wrong_says_why(cells: str, what: str) -> None:
    """Nothing of it is guessed."""
    terms = ListTerms({"weekly": {}, "daily": {}})
    fault = _read(f"{OURS},consent", cells, terms=terms)
    assert fault == RejectedLine(7, what, tuple(cells.split(",")))


def test_a_line_of_another_edition_is_that_and_keeps_its_cells() -> None:
    """Who is only suppressed is of no edition."""
    cells = "a@x.example,weekly,active"
    assert _read(OURS, cells) == RejectedLine(
        7, 'is of edition "weekly"', tuple(cells.split(",")), other=True
    )
    assert _row(OURS, "a@x.example,weekly,,blocked").proofs == ()


def test_the_mark_of_somebody_erased_is_taken_from_our_own_list_alone() -> None:
    """Another list's is no address."""
    mark = "hmac:0123abcd:" + "0" * 64
    row = _row(OURS, f"{mark},,,erasure")
    assert (row.address.addr_spec, row.address.key, row.name) == (mark, mark, "")
    assert "is not an e-mail address" in _fault("email,name", f"{mark},Anna")


def test_a_column_that_cannot_be_read_is_named_with_the_reason() -> None:
    """One that is heard, and one that is not."""
    fault = _fault("email, Status ", "a@x.example,dormant")
    assert fault == (
        'column "Status": "dormant" is no status that is known here (as subscribed, pending,'
        " unsubscribed, bounced, complained, blocked, deleted)"
    )
    assert _fault("email,Status", "a@x.example") == 'column "Status": it has no status'
    name = "Remarks " + "x" * 90
    shown = name[:80]
    assert _fault(f"email, {name}", "a@x.example, unsubscribed ") == (
        f'column "{shown}" says "unsubscribed", and is not one that is heard: --map'
        f' status="{shown}" hears it, --map ignore="{shown}" does not'
    )
    assert _row("email,Remarks,Note", "a@x.example").line == 7


def test_what_is_odd_of_an_address_is_told_unless_they_get_no_mail() -> None:
    """The line's cells are kept as they were."""
    row = _row("email,status", "a@gmial.com,active")
    assert (row.odd, row.cells) == ("is a@gmail.com meant?", ("a@gmial.com", "active"))
    assert _row("email,status", "a@gmial.com,left").odd == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@x.example", ("a@x.example", "")),
        ("<a@x.example>", ("a@x.example", "")),
        ('"Anna Ahl" < a@x.example >', ("a@x.example", "Anna Ahl")),
        ("Anna <mailto:a@x.example>", ("a@x.example", "Anna")),
        ("mailto:a@x.example", ("a@x.example", "")),
        ("Anna <a@x.example> Ahl", ("Anna <a@x.example> Ahl", "")),
        ("Anna <<a@x.example>", ("Anna <<a@x.example>", "")),
    ],
)
def test_an_address_is_parted_from_its_name(text: str, found: tuple[str, str]) -> None:
    """Only as mails write them."""
    assert parted(text) == found


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (' ="Anna" ', "Anna"),
        ('="', '="'),
        ('=""', '=""'),
        ('="A"', "A"),
        ('="A', '="A'),
        ('A"', 'A"'),
        ("\ufeff\u200b A\u2060", "A"),
        ("A\u200bB", "A\u200bB"),
    ],
)
def test_a_cell_is_read_without_what_nobody_sees(cell: str, meant: str) -> None:
    """At its ends; and without Excel's way to keep a text a text."""
    assert as_meant(cell) == meant


def test_an_address_is_told_from_a_columns_name() -> None:
    """With a name beside it, too."""
    assert address_in("\ufeffAnna <a@x.example>")
    assert not address_in("E-Mail")


def test_an_address_of_another_list_keeps_its_apostrophe() -> None:
    """It may be the address; only we mark cells, and version 0.1 did so with addresses."""
    assert _row("email", "'+a@x.example").address.addr_spec == "'+a@x.example"
    ours = _row("email,edition,state", "'+a@x.example,daily,active")
    assert ours.address.addr_spec == "+a@x.example"


def test_who_is_only_suppressed_chooses_nothing() -> None:
    """A cell that is empty chooses nothing, and so does a list of who is suppressed."""
    assert _row("email,sections", "a@x.example,").sections == ""
    assert _row("email,sections", "a@x.example,Technology").sections == "tech"
    assert _row(f"{OURS},sections", "a@x.example,,,blocked,,,,,tech").sections == ""
