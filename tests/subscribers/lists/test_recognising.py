"""Headers: whose they are, where each field stands, what is heard and what is ignored."""

from __future__ import annotations

import pytest

from subscribers.errors import ImportUnreadable
from subscribers.lists.contract import Field
from subscribers.lists.recognising import format_named, knows_email, lay_out


def test_fields_and_columns_that_are_heard_are_found_in_a_list_of_any_kind() -> None:
    """What is neither is named, and is what no word may stand in."""
    header = ["Shoe size", "E-Mail", " Vorname ", "Status", "unsubscribed", "", "Note"]
    found = lay_out(header, "x")
    assert found.format.name == "generic"
    assert found.header == tuple(header)
    assert found.fields == {Field.EMAIL: 1, Field.FIRST_NAME: 2}
    assert [place for place, _ in found.said] == [3, 4]
    assert found.ignored == ("Shoe size", "Note")
    assert found.silent == (0, 5, 6)


def test_a_known_format_has_no_column_that_may_say_anything() -> None:
    """Every column of it is known: those without a meaning are ignored, and not listened to."""
    header = ["email", "edition", "state", "remarks"]
    found = lay_out(header, "x")
    assert (found.format.name, found.ignored, found.silent) == ("digest", ("remarks",), ())
    assert found.said == ()


def test_a_format_that_is_named_is_taken_whatever_the_header() -> None:
    """And one that is recognised is not, where the column of addresses is named by hand."""
    header = ["email", "edition", "state"]
    assert lay_out(header, "x", named="generic").format.name == "generic"
    assert lay_out(header, "x", mapped={"email": "1"}).format.name == "generic"
    assert lay_out(header, "x", mapped={"name": "3"}).format.name == "digest"
    assert format_named("mailchimp", "x").name == "mailchimp"


def test_columns_are_mapped_by_name_or_by_number_from_one() -> None:
    """Several to be ignored, and what is mapped is nothing else any more."""
    header = ["Kontakt", "email", "Status", "Note", "Rest"]
    found = lay_out(
        header,
        "x",
        mapped={"email": "kontakt", "ignore": "email\nNote", "name": "5", "left": "3"},
    )
    assert found.fields == {Field.EMAIL: 0, Field.NAME: 4, Field.LEFT: 2}
    assert [place for place, _ in found.said] == [2]
    assert (found.ignored, found.silent) == (("email", "Note"), ())


@pytest.mark.parametrize("number", ["1", "2"])
def test_the_first_and_the_last_number_name_columns(number: str) -> None:
    """Those beyond name none, which test_refusals.py says."""
    assert lay_out(["a", "b"], "x", mapped={"email": number}).fields[Field.EMAIL] == int(number) - 1


def test_of_a_formats_names_the_first_that_is_there_is_taken() -> None:
    """Of a list of any kind, the first column that bears one of them."""
    found = lay_out(["full name", "email", "name"], "x")
    assert found.fields[Field.NAME] == 0
    with pytest.raises(ImportUnreadable, match="two columns called email"):
        lay_out(["email", "edition", "state", "email"], "x")


def test_a_column_that_seems_to_tell_and_does_not_is_silent() -> None:
    """As a subscriber's number; a number of blocks is none of blocking."""
    found = lay_out(["email", "Subscriber ID", "block number"], "x")
    assert found.silent == (1, 2)


def test_a_header_has_addresses_in_any_language() -> None:
    """Or not."""
    assert knows_email(["Nr", "E-Mail-Adresse"])
    assert not knows_email(["Nr", "Name"])
