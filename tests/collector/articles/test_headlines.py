"""Headlines are shown as they were meant, without what a feed adds to each of them."""

from __future__ import annotations

import pytest

from digest.collector.articles.headline_additions import learn_additions, without_additions
from digest.collector.articles.headlines import TitleType, headline, shown_type


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
        ("<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>で会見", "html", "東京で会見"),
        ("<ruby>東京<rt>とうきょう</ruby>で会見", "unknown", "東京で会見"),
        ("<속보> 예산안 통과", "unknown", "<속보> 예산안 통과"),
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
    assert without_additions(titles[0], learn_additions(titles, site)) == shown


WORDS = ["Rat beschließt Haushalt", "Brücke wird gesperrt", "Schule bekommt Dach", "Fest beginnt"]


@pytest.mark.parametrize(
    "separator",
    [" | ", "|", " - ", " \u2013 ", " — ", " ― ", " · ", " • ", " » ", " « ", " \u2039 ",
     " :: ", " / ", " ~ ", "\uff5c",
     " \uff5c ", "_", "\uff0d", " | | "],
)  # fmt: skip
@pytest.mark.parametrize("name", ["Nachrichten", "Der Bote"])
def test_a_name_behind_any_separator_goes(separator: str, name: str) -> None:
    """A section's because it repeats, the site's because it is."""
    titles = [f"{words}{separator}{name}" for words in WORDS]
    added = learn_additions(titles, "Der Bote")
    assert [without_additions(title, added) for title in titles] == WORDS


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("{} | Politik | Der Bote", "Der Bote"),
        ("Der Bote: {}", "Der Bote"),
        ("Nachrichten | {}", ""),
        ("[Der Bote] {}", "Der Bote"),
        ("{} (Der Bote)", "Der Bote"),
        ("{}【みなと新聞】", "みなと新聞"),
        ("{} | HÜRRİYET", "Hürriyet"),
        ("{} | \u03a4\u0391 \u039d\u0395\u0391", "\u03a4\u03b1 Νέα"),
        ("{} - El País", "EL PAÍS: el periódico global"),
    ],
)
def test_names_before_behind_and_in_brackets_go(written: str, site: str) -> None:
    """However the name is set: capitals and accents do not matter."""
    titles = [written.format(words) for words in WORDS]
    added = learn_additions(titles, site)
    assert [without_additions(title, added) for title in titles] == WORDS


@pytest.mark.parametrize(
    "titles",
    [
        [f"Ukraine: {words}" for words in WORDS],
        ["Kiel_Canal is closed", *WORDS],
        [f"{words} (Video)" for words in WORDS],
        ["Der Bote: Die Geschichte eines Blattes", *WORDS],
    ],
)
def test_words_of_the_headline_stay(titles: list[str]) -> None:
    """A topic before a colon, a word in brackets, what stands in one headline only."""
    added = learn_additions(titles, "Der Bote")
    assert [without_additions(title, added) for title in titles] == titles


def test_an_aggregators_source_goes_from_its_own_item() -> None:
    """Google News writes it behind each headline, another one each time."""
    assert (
        without_additions("Rat tagt heute - FAZ", learn_additions([], ""), "FAZ")
        == "Rat tagt heute"
    )
    assert (
        without_additions("Rat tagt heute - FAZ", learn_additions([], "")) == "Rat tagt heute - FAZ"
    )
