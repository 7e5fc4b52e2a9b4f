"""Addresses: one way to write them, one way to compare them, and a reason for every refusal."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from subscribers.address import Address, likely_mailbox, masked, normalise
from subscribers.address.spelling import same_by_case
from subscribers.errors import AddressInvalid


@pytest.mark.parametrize(
    ("text", "addr_spec", "key"),
    [
        (" Jane@News.Example\n", "Jane@news.example", "jane@news.example"),
        ("jane+digest@news.example", "jane+digest@news.example", "jane+digest@news.example"),
        ("j@EXÄMPLE.example", "j@xn--exmple-cua.example", "j@xn--exmple-cua.example"),
        ("j@xn--exmple-cua.example", "j@xn--exmple-cua.example", "j@xn--exmple-cua.example"),
        ("JÜRGEN@news.example", "JÜRGEN@news.example", "jürgen@news.example"),
        ("STRAßE@news.example", "STRAßE@news.example", "straße@news.example"),
        ("STRASSE@news.example", "STRASSE@news.example", "strasse@news.example"),
        ("ΟΔΟΣ@news.example", "ΟΔΟΣ@news.example", "οδοσ@news.example"),
        ("οδος@news.example", "οδος@news.example", "οδοσ@news.example"),
    ],
)
def test_an_address_is_written_and_compared_one_way(text: str, addr_spec: str, key: str) -> None:
    """The local part keeps its case for sending; the key ignores case and how a domain is put."""
    address = normalise(text)
    assert (address.addr_spec, address.key) == (addr_spec, key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "jane",
        "jane@",
        "@news.example",
        "jane@localhost",
        "jane@@news.example",
        "ja ne@news.example",
        "jane@news..example",
        "jane@[127.0.0.1]",
        "Jane <jane@news.example>",
        "jane@news.example,joe@news.example",
        "jane@news.example\r\nBcc: joe@news.example",
        "j\x00ane@news.example",
        "\ud800@news.example",
        "a" * 310 + "@news.example",
        "a@" + "b" * 400 + ".example",
    ],
)
def test_what_is_no_address_is_refused_with_a_reason(text: str) -> None:
    """The message shows the text, at most a part of it, and what to do."""
    with pytest.raises(AddressInvalid) as caught:
        normalise(text)
    assert caught.value.fix
    assert len(str(caught.value)) < 400


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """Nothing else happens, and an address that was normalised stays as it is."""
    try:
        address = normalise(text)
    except AddressInvalid:
        return
    assert normalise(address.addr_spec) == address


@given(st.text(max_size=20))
def test_case_is_all_that_a_key_forgets(local: str) -> None:
    """Folding twice is folding once, and letters that differ by more than case stay apart."""
    assert same_by_case(same_by_case(local)) == same_by_case(local)
    assert same_by_case("straße") != same_by_case("strasse")


@given(
    st.from_regex(r"[A-Za-z0-9_.+-]{1,12}", fullmatch=True),
    st.from_regex(r"([A-Za-z0-9-]{1,10}\.){1,3}[A-Za-z]{1,8}", fullmatch=True),
)
def test_a_plain_address_is_what_the_library_makes_of_it(local: str, domain: str) -> None:
    """The quick way for plain addresses says yes to none that email-validator refuses."""
    text = f"{local}@{domain}"
    try:
        expected = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        with pytest.raises(AddressInvalid):
            normalise(text)
    else:
        assert normalise(text).addr_spec == expected.normalized.replace(domain, domain.lower())


@pytest.mark.parametrize(
    "domain", ["localhost", "a.invalid", "a.test", "a.local", "b.arpa", "c.onion"]
)
def test_a_domain_that_is_never_on_the_internet_is_refused(domain: str) -> None:
    """RFC 6761: mail to it can only go astray."""
    with pytest.raises(AddressInvalid):
        normalise(f"jane@{domain}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" ", "there is no address. Write it as in jane@news.example."),
        (
            "a" * 310 + "@news.example",
            f'"{"a" * 80}…" is not an e-mail address. It has 323 characters, 320 is the most.',
        ),
    ],
)
def test_a_refused_address_is_told_with_its_reason(text: str, line: str) -> None:
    """In whole sentences, and of a long text only the beginning."""
    with pytest.raises(AddressInvalid) as caught:
        normalise(text)
    assert str(caught.value) == line


def test_a_refusal_of_the_library_shows_the_text_and_its_words() -> None:
    """What is wrong is told as email-validator says it."""
    with pytest.raises(EmailNotValidError) as said:
        validate_email("jane@news..example", check_deliverability=False)
    with pytest.raises(AddressInvalid) as caught:
        normalise("jane@news..example")
    assert caught.value.what == '"jane@news..example" is not an e-mail address'
    assert caught.value.fix == str(said.value)


def test_a_text_of_eighty_letters_is_shown_whole() -> None:
    """One letter more is cut."""
    for length, shown in ((80, "x" * 80), (81, "x" * 80 + "…")):
        with pytest.raises(AddressInvalid, match=f'^"{shown}" is not'):
            normalise("x" * length)


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("Jane+news@News.example", "jane@news.example"),
        ("jane+a+b@news.example", "jane@news.example"),
        ("+@news.example", "+@news.example"),
        ("ja.ne@news.example", "ja.ne@news.example"),
        ("j.a.ne+x@gmail.com", "jane@gmail.com"),
        ("ja.ne@googlemail.com", "jane@gmail.com"),
    ],
)
def test_the_mailbox_behind_an_address_is_without_tag_and_unread_dots(
    text: str, mailbox: str
) -> None:
    """Dots go only where the service reads none; a tag alone stays."""
    assert likely_mailbox(normalise(text)) == Address(mailbox, mailbox)


@pytest.mark.parametrize(
    ("address", "shown"), [("jane@x.example", "j…@x.example"), ('"a@b"@x.example', '"…@x.example')]
)
def test_a_masked_address_shows_one_letter(address: str, shown: str) -> None:
    """And its domain."""
    assert masked(address) == shown
