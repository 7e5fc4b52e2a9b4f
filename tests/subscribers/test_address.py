"""Addresses: one way to write them, one way to compare them, and a reason for every refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.address import fingerprint, normalise
from subscribers.errors import AddressInvalid


@pytest.mark.parametrize(
    ("text", "addr_spec", "key"),
    [
        (" Jane@News.Example\n", "Jane@news.example", "jane@news.example"),
        ("jane+digest@news.example", "jane+digest@news.example", "jane+digest@news.example"),
        ("j@EXÄMPLE.example", "j@xn--exmple-cua.example", "j@xn--exmple-cua.example"),
        ("j@xn--exmple-cua.example", "j@xn--exmple-cua.example", "j@xn--exmple-cua.example"),
        ("JÜRGEN@news.example", "JÜRGEN@news.example", "jürgen@news.example"),
        ("STRAßE@news.example", "STRAßE@news.example", "strasse@news.example"),
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


def test_a_fingerprint_does_not_show_the_address() -> None:
    """Equal for equal keys, and a hash otherwise."""
    mark = fingerprint("jane@news.example")
    assert mark == fingerprint("jane@news.example")
    assert mark != fingerprint("joe@news.example")
    assert "jane" not in mark
