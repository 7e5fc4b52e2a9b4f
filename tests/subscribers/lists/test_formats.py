"""Every format: recognised by its header, and nobody in it who left gets mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from subscribers.consent import Act
from subscribers.lifecycle import State, Suppressed
from subscribers.lists.formats import FORMATS
from subscribers.lists.reading import open_list
from subscribers.lists.terms import ListTerms
from subscribers.values import RejectedLine, Row

TERMS = ListTerms({"daily": {}}, "daily")
ACTIVE = (State.ACTIVE, None)
LEFT = (State.UNSUBSCRIBED, None)
PENDING = (State.PENDING, None)
BOUNCED = (None, Suppressed.HARD_BOUNCE)
COMPLAINED = (None, Suppressed.COMPLAINT)
LEFT_COMPLAINING = (State.UNSUBSCRIBED, Suppressed.COMPLAINT)
BLOCKED = (None, Suppressed.BLOCKED)
DELETED = (None, Suppressed.DELETED)
UNCLEAR = None

# A header of each service, and lines with what each has to come to.
FILES: dict[str, tuple[str, list[tuple[str, tuple[State | None, Suppressed | None] | None]]]] = {
    "digest": (
        "email,name,edition,state,suppressed",
        [
            ("a@x.example,A,daily,active,", ACTIVE),
            ("b@x.example,B,daily,unsubscribed,", LEFT),
            ("c@x.example,C,daily,pending,", PENDING),
            ("d@x.example,D,daily,active,hard bounce", BOUNCED),
            ("e@x.example,E,daily,active,for a reason nobody knows", BLOCKED),
            ("f@x.example,F,daily,,complaint", COMPLAINED),
            ("g@x.example,G,daily,vanished,", UNCLEAR),
            ("h@x.example,H,daily,,", UNCLEAR),
        ],
    ),
    "mailchimp": (
        '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,TIMEZONE',
        [("a@x.example,A,B,2,,2021-03-01 10:00:00,Mars/Olympus", ACTIVE)],
    ),
    "mailchimp-unsubscribed": (
        '"Email Address",MEMBER_RATING,UNSUB_TIME,UNSUB_REASON,UNSUB_REASON_OTHER',
        [
            ("a@x.example,2,2022-01-01 00:00:00,NORMAL,", LEFT),
            ("b@x.example,2,,NORMAL,", LEFT),
            (
                "c@x.example,2,2022-01-01 00:00:00,ABUSE,",
                (State.UNSUBSCRIBED, Suppressed.COMPLAINT),
            ),
        ],
    ),
    "mailchimp-cleaned": (
        '"Email Address",MEMBER_RATING,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE',
        [("a@x.example,2,2022-01-01 00:00:00,Spring", BOUNCED), ("b@x.example,2,,", BOUNCED)],
    ),
    "listmonk": (
        "uuid,email,name,attributes,status,created_at,updated_at",
        [
            ("1,a@x.example,A,{},enabled,2024-01-01 10:00:00.1+00,2024", ACTIVE),
            ("2,b@x.example,B,{},disabled,2024,2024", LEFT),
            ("3,c@x.example,C,{},blocklisted,2024,2024", BLOCKED),
            ("4,d@x.example,D,{},,2024,2024", UNCLEAR),
        ],
    ),
    "ghost": (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,deleted_at,labels",
        [
            ("1,a@x.example,A,,true,false,2024-01-01T00:00:00.000Z,,", ACTIVE),
            ("2,b@x.example,B,,false,false,2024-01-01T00:00:00.000Z,,", LEFT),
            ("3,c@x.example,C,,true,false,2024-01-01T00:00:00.000Z,2024-02-01,", DELETED),
        ],
    ),
    "substack": (
        "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at",
        [
            ("a@x.example,true,,other,false,2024-01-01,", ACTIVE),
            ("b@x.example,false,,other,false,2024-01-01,", ACTIVE),
            ("c@x.example,true,,other,true,2024-01-01,", LEFT),
        ],
    ),
    "buttondown": (
        "email,notes,subscriber_type,creation_date,unsubscription_date",
        [
            ("a@x.example,,regular,2024-01-01,", ACTIVE),
            ("b@x.example,,premium,2024-01-01,", ACTIVE),
            ("c@x.example,,unactivated,2024-01-01,", PENDING),
            ("d@x.example,,unsubscribed,2024-01-01,2024-05-01", LEFT),
            ("e@x.example,,undeliverable,2024-01-01,", BOUNCED),
            ("f@x.example,,complained,2024-01-01,", COMPLAINED),
            ("g@x.example,,blocked,2024-01-01,", BLOCKED),
            ("h@x.example,,removed,2024-01-01,", LEFT),
            ("i@x.example,,regular,2024-01-01,2024-05-01", LEFT),
        ],
    ),
    "mailpoet": (
        '"Email","First name","Last name","List status","Global status","List"',
        [
            ('"a@x.example","A \\"the\\" B","","subscribed","subscribed","News"', ACTIVE),
            ('"b@x.example","B","","unsubscribed","subscribed","News"', LEFT),
            ('"c@x.example","C","","subscribed","bounced","News"', BOUNCED),
            ('"d@x.example","D","","subscribed","unconfirmed","News"', PENDING),
            ('"e@x.example","E","","subscribed","inactive","News"', ACTIVE),
        ],
    ),
    "brevo": (
        "EMAIL;FIRSTNAME;LASTNAME;DOUBLE_OPT-IN;BLOCKLISTED;ADDED_TIME;MODIFIED_TIME",
        [
            ("a@x.example;A;B;1;false;2024-01-01;2024-01-01", ACTIVE),
            ("b@x.example;A;B;1;true;2024-01-01;2024-01-01", BLOCKED),
            ("c@x.example;A;B;2;;2024-01-01;2024-01-01", PENDING),
            ("d@x.example;A;B;No;;2024-01-01;2024-01-01", PENDING),
            ("e@x.example;A;B;FALSE;;2024-01-01;2024-01-01", PENDING),
        ],
    ),
    "jetpack": (
        "Name,Email,Email subscription,Since",
        [
            ("A,a@x.example,Subscribed,2024-01-01", ACTIVE),
            ("B,b@x.example,Not subscribed,2024-01-01", LEFT),
            ("C,c@x.example,Not confirmed,2024-01-01", PENDING),
            ("D,d@x.example,Not sending,2024-01-01", BLOCKED),
        ],
    ),
    "kit": (
        "id,first_name,email_address,state,created_at",
        [
            ("1,A,a@x.example,active,2024-01-01", ACTIVE),
            ("2,B,b@x.example,cancelled,2024-01-01", LEFT),
            ("3,C,c@x.example,inactive,2024-01-01", PENDING),
            ("4,D,d@x.example,bounced,2024-01-01", BOUNCED),
            ("5,E,e@x.example,complained,2024-01-01", COMPLAINED),
        ],
    ),
    "mailerlite": (
        "Subscriber,Status,Sent,Opens,Clicks,Subscribed,Location,Name,Last name",
        [
            ("a@x.example,Active,9,3,1,2024-01-01 10:00:00,,A,B", ACTIVE),
            ("b@x.example,Unsubscribed,9,3,1,2024-01-01 10:00:00,,A,B", LEFT),
            ("c@x.example,Unconfirmed,9,3,1,2024-01-01 10:00:00,,A,B", PENDING),
            ("d@x.example,Bounced,9,3,1,2024-01-01 10:00:00,,A,B", BOUNCED),
            ("e@x.example,Junk,9,3,1,2024-01-01 10:00:00,,A,B", COMPLAINED),
        ],
    ),
    "newsletter-plugin": (
        '"email";"name";"surname";"sex";"status";"date";"token"',
        [
            ('"a@x.example";"A";"B";"n";"C";"2024-01-01 00:00:00";"t"', ACTIVE),
            ('"b@x.example";"A";"B";"n";"S";"";"t"', PENDING),
            ('"c@x.example";"A";"B";"n";"U";"";"t"', LEFT),
            ('"d@x.example";"A";"B";"n";"B";"";"t"', BOUNCED),
            ('"e@x.example";"A";"B";"n";"P";"";"t"', COMPLAINED),
            ('"f@x.example";"A";"B";"n";"Q";"";"t"', UNCLEAR),
        ],
    ),
    "generic": (
        "E-Mail,Status,bounced_at,opt-out,subscribed,deleted",
        [
            ("a@x.example,abonniert,,,yes,", ACTIVE),
            ("b@x.example,abgemeldet,,,yes,", LEFT),
            ("c@x.example,active,2024-01-01,,yes,", BOUNCED),
            ("d@x.example,active,,x,yes,", LEFT),
            ("e@x.example,active,,,no,", LEFT),
            ("f@x.example,active,,,yes,1", DELETED),
            ("g@x.example,pending,,,yes,0", PENDING),
            ("h@x.example,of sorts,,,yes,", UNCLEAR),
            ("i@x.example,active,,,perhaps,", UNCLEAR),
            ("j@x.example,active,who knows,,yes,", UNCLEAR),
        ],
    ),
}


def _open(tmp_path: Path, name: str) -> list[Row | RejectedLine]:
    header, lines = FILES[name]
    path = tmp_path / "list.csv"
    path.write_text("\n".join([header, *(line for line, _ in lines)]) + "\n")
    found = open_list(path, TERMS)
    assert found.layout.format.name == name
    return list(found.rows())


def test_every_format_is_tried_here() -> None:
    """A new one wants its lines above."""
    assert set(FILES) == {one.name for one in FORMATS}


@pytest.mark.parametrize("name", FILES)
def test_everybody_comes_in_as_what_the_service_says(tmp_path: Path, name: str) -> None:
    """Active are only those whom it calls so; what is not understood is a fault of its line."""
    for (line, expected), found in zip(FILES[name][1], _open(tmp_path, name), strict=True):
        if expected is None:
            assert isinstance(found, RejectedLine), line
        else:
            assert isinstance(found, Row), (line, found)
            assert (found.standing.state, found.standing.suppressed) == expected, line


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_format_can_be_named_where_the_header_does_not_say(tmp_path: Path, name: str) -> None:
    """`--format` wins over what the header looks like."""
    path = tmp_path / "list.csv"
    path.write_text(FILES[name][0] + "\n")
    terms = ListTerms({"daily": {}}, "daily", format=name)
    assert open_list(path, terms).layout.format.name == name


def test_dates_of_the_list_become_acts_of_consent(tmp_path: Path) -> None:
    """Asked and confirmed, when the list says; the words come from who imports."""
    path = tmp_path / "list.csv"
    path.write_text(
        "Email Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP\n"
        "a@x.example,2,2021-03-01 09:00:00,,2021-03-01 10:00:00,192.0.2.1\n"
    )
    terms = ListTerms({"daily": {}}, "daily", network=lambda address: f"<{address}>")
    (row,) = open_list(path, terms).rows()
    assert isinstance(row, Row)
    assert [(act, proof.network, str(proof.at)) for act, proof in row.proofs] == [
        (Act.ASKED, "<>", "2021-03-01 09:00:00+00:00"),
        (Act.CONFIRMED, "<192.0.2.1>", "2021-03-01 10:00:00+00:00"),
    ]
    assert row.joined_at == row.proofs[0][1].at
