"""Variants that are compiled once, by whoever comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.mail import ListHeaders
from digest.models.compositions import Rendered
from digest.pipeline.mails.rendering import CompiledVariants, compile_all

HEADERS = ListHeaders(
    from_header="Example News <digest@news.example>",
    date=datetime(2026, 11, 23, 7, tzinfo=UTC),
    list_id="daily.news.example",
    list_title="Daily briefing",
)
MAIL = Rendered(
    variant="all",
    language="en",
    subject="Harbour towns count the cost",
    html="<!doctype html><html><body><p>News</p><a href=LEAVE>Leave</a></body></html>",
    text="News\nLEAVE\n",
    holes={"LEAVE": "unsubscribe_url"},
)


def test_planning_compiles_and_sending_takes_over() -> None:
    """The same variant under the same headers is the same object, not made and read again."""
    known = CompiledVariants()
    planned = known.compiled(MAIL, HEADERS, eight_bit=False)
    sent = compile_all({"all": replace(MAIL)}, replace(HEADERS), eight_bit=False, known=known)
    assert sent["all"] is planned


@pytest.mark.parametrize(
    ("mail", "headers", "eight_bit"),
    [
        (replace(MAIL, subject="Another"), HEADERS, False),
        (replace(MAIL, html=MAIL.html.replace("News", "Olds")), HEADERS, False),
        (replace(MAIL, text="Olds\nLEAVE\n"), HEADERS, False),
        (replace(MAIL, holes={"LEAVE": "unsubscribe_url", "AT": "view_url"}), HEADERS, False),
        (replace(MAIL, language="de"), HEADERS, False),
        (MAIL, replace(HEADERS, date=HEADERS.date + timedelta(seconds=1)), False),
        (MAIL, HEADERS, True),
    ],
)
def test_whatever_differs_is_compiled_anew(
    mail: Rendered, headers: ListHeaders, *, eight_bit: bool
) -> None:
    """Nobody gets a mail that was compiled from other words."""
    known = CompiledVariants()
    first = known.compiled(MAIL, HEADERS, eight_bit=False)
    assert known.compiled(mail, headers, eight_bit=eight_bit) is not first
