"""Headlines are shown as they were meant, without what a feed adds to each of them."""

from __future__ import annotations

import pytest

from digest.collector.articles.headlines import (
    TitleType,
    habitual_tails,
    headline,
    shown_type,
    without_tails,
)


@pytest.mark.parametrize(
    ("written", "said", "shown"),
    [
        ("Why <blink> will never come back", "text", "Why <blink> will never come back"),
        ("How to write &amp; in a feed", "text", "How to write &amp; in a feed"),
        ("Rain <em>and</em> 3 &lt; 5", "html", "Rain and 3 < 5"),
        ("How to write &amp;amp; in a feed", "html", "How to write &amp; in a feed"),
        ("One<br/>line <img src=x>more", "html", "One line more"),
        ("<!doctype html><!-- note -->Words", "html", "Words"),
        ("Why <blink> will never come back", "unknown", "Why <blink> will never come back"),
        ("Rain <em>and</em> sun", "unknown", "Rain and sun"),
        ("The return of <i> and <b>", "unknown", "The return of <i> and <b>"),
        ("<!-- 3 -->Fish &amp; chips", "unknown", "Fish & chips"),
        ("3 < 5 > 2 & so on", "unknown", "3 < 5 > 2 & so on"),
        ("Don&#8217;t", "unknown", "Don\u2019t"),
        ("Un<b>believ</b>able", "unknown", "Unbelievable"),
        ("<script>alert(1)</script>News", "unknown", "News"),
    ],
)
def test_no_word_is_lost_and_nothing_decoded_twice(
    written: str, said: TitleType, shown: str
) -> None:
    """By the word of the format, or by what can only be HTML."""
    assert headline(written, said) == shown


def test_a_feeds_headlines_show_their_type() -> None:
    """One that writes a bare "&" writes text."""
    assert shown_type(["Fish & chips", "Cats & dogs", "How to write &amp;"]) == "text"
    assert shown_type(["Fish &amp; chips", "Don&#8217;t", "AT&T"]) == "unknown"


@pytest.mark.parametrize(
    ("titles", "site", "shown"),
    [
        (["Ferry stops for winter - The Courier"], "The Courier", "Ferry stops for winter"),
        (["Ferry stops for winter | World | The Courier"], "World | The Courier",
         "Ferry stops for winter"),
        ([f"Story number {n} | World news" for n in range(5)], "", "Story number 0"),
        ([f"Story number {n} | {s}" for n, s in enumerate(["Sydney", "Perth"] * 3)], "",
         "Story number 0"),
        ([f"Story number {n} \u2013 Bote" for n in range(5)], "", "Story number 0"),
        (["Ferry stops - for good", *["Another story"] * 5], "", "Ferry stops - for good"),
        (["Chelsea - Arsenal", "Leeds - Everton", "Fulham - Derby", "York - Hull"], "",
         "Chelsea - Arsenal"),
        (["Opinion | Courier"], "Courier", "Opinion | Courier"),
        (["Anna | Bert | Carl"], "", "Anna | Bert | Carl"),
    ],
)  # fmt: skip
def test_what_a_feed_adds_to_every_headline_goes(titles: list[str], site: str, shown: str) -> None:
    """Its own name, or a tail that repeats; what belongs to one headline stays."""
    assert without_tails(titles[0], habitual_tails(titles, site)) == shown
