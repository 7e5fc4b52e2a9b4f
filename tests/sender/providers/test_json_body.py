"""Requests' JSON: encoded in parts, it is what encoding it whole would give."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.models.mails import Recipient
from digest.sender.api.filling import filled
from digest.sender.api.json_body import EncodedText, encoded, inside, json_of
from tests.sender.providers.parts import content, share

READER = Recipient(7, 7, "p7", "reader@news.example", "Reader", "all")


@given(st.lists(st.text()), st.text(st.characters(categories=None)))
def test_an_encoded_text_stands_for_itself(texts: list[str], plain: str) -> None:
    """Whatever it holds, and wherever it stands."""
    value = [{"html": encoded(text), "plain": plain} for text in texts]
    whole = [{"html": text, "plain": plain} for text in texts]
    assert json.loads(json_of(value)) == whole


@given(st.text())
def test_a_text_in_pieces_is_the_text(text: str) -> None:
    """Cut anywhere, as the holes of a variant cut it."""
    for place in range(len(text) + 1):
        pieces = EncodedText([inside(text[:place]), inside(text[place:])])
        assert json.loads(json_of({"html": pieces})) == {"html": text}


@given(st.text(), st.text())
def test_a_mail_is_filled_as_by_replacing_its_holes(before: str, value: str) -> None:
    """In HTML the value is escaped, in the text it stands as it is."""
    part = content(html=f"{before}HOLE1é𝄞HOLE1", text=f"HOLE1{before}")
    html, text = filled(part, replace(share(READER), values={"unsubscribe_url": value}))
    assert json.loads(json_of([html, text])) == [
        part.html.replace("HOLE1", escape(value)),
        part.text.replace("HOLE1", value),
    ]


def test_of_two_holes_that_begin_alike_the_longer_is_meant() -> None:
    """A value of one is never looked through for the other."""
    holes = {"HOLE1": "unsubscribe_url", "HOLE10": "view_url"}
    part = replace(content(html="HOLE1 HOLE10"), holes=holes)
    values = {"unsubscribe_url": "HOLE10", "view_url": "V"}
    html, _ = filled(part, replace(share(READER), values=values))
    assert json.loads(json_of(html)) == "HOLE10 V"


def test_what_is_no_json_is_refused() -> None:
    """A value of another kind is a fault of ours, and is not written as something else."""
    with pytest.raises(TypeError, match="object is no JSON"):
        json_of({"html": object()})
