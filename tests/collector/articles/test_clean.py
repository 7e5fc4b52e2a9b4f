"""Items become articles: excerpts, pictures, languages, names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.articles.clean import Item, Origin, clean, clean_document
from digest.collector.articles.excerpt import excerpt, reading_minutes
from digest.collector.articles.images import Image
from digest.collector.articles.language import language_of
from digest.collector.articles.markup import read_fragment
from digest.collector.articles.pictures import best_picture
from digest.models.limits import DEFAULT_LIMITS, ArticleLimits
from digest.models.sources import SourceRules

ORIGIN = Origin("s", "https://news.example/feed", datetime(2026, 11, 23, 12, 0, tzinfo=UTC))


@given(
    st.builds(
        Item,
        *[st.text(max_size=60)] * 5,
        authors=st.tuples(st.text(max_size=60)),
        published=st.text(max_size=30),
        images=st.tuples(
            st.builds(Image, st.text(max_size=60), st.none(), st.none(), st.text(max_size=20))
        ),
        tags=st.tuples(st.text(max_size=30)),
        comments=st.text(max_size=10),
    )
)
def test_any_item_gives_a_safe_article_or_none(item: Item) -> None:
    """Whatever a parser hands over, links are http(s) and texts are bounded single lines."""
    article = clean(item, ORIGIN)
    if article is None:
        return
    assert article.url == "" or article.url.startswith(("http://", "https://"))
    assert article.picture is None or article.picture.url.startswith(("http://", "https://"))
    assert len(article.title) <= 300
    assert len(article.excerpt) <= DEFAULT_LIMITS.excerpt_length
    texts = (article.title, article.excerpt, article.author, *article.tags)
    assert not any("\n" in text or "\u202e" in text for text in texts)


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Ada Quill", "Ada Quill"),
        ("By Ada Quill", "Ada Quill"),
        ("ada@news.example (Ada Quill)", "Ada Quill"),
        ("ada@news.example", ""),
        ("https://news.example/ada", ""),
        ("mailto:ada@news.example (Ada Quill)", "Ada Quill"),
        ("mailto:ada@news.example", ""),
        ("Ada Quill <ada@news.example>", "Ada Quill"),
        ("Ada Quill (ada [at] news.example)", "Ada Quill"),
        ("ada@a.example (Ada Quill), ben@b.example (Ben Ro)", "Ada Quill, Ben Ro"),
        ("Ada Quill; Ben Ro", "Ada Quill, Ben Ro"),
        ("By ADA QUILL-O'NEIL and BEN VAN RO", "Ada Quill-O'Neil and Ben van Ro"),
        ("AFP", "AFP"),
        ("J.R. MCQUILL", "J.R. McQuill"),
        ("Text: Ada Quill", "Ada Quill"),
        ("Von Ada Quill", "Ada Quill"),
        ("admin", ""),
        ("(Ada Quill", "Ada Quill"),
        ("<a href='/ada'>Ada Quill</a>", "Ada Quill"),
    ],
)
def test_authors_are_names(name: str, author: str) -> None:
    """Mail addresses, links and "By" are not part of a name."""
    article = clean(Item(guid="1", title="t", authors=(name,)), ORIGIN)
    assert article is not None
    assert article.author == author


def test_an_excerpt_ends_at_a_sentence() -> None:
    """It is cut at the last sentence in reach, and no abbreviation ends one."""
    text = "Mr. Quill of the U.S. harbour board said the ferry would stay. " * 6
    cut = excerpt([text], "t").text
    assert len(cut) <= DEFAULT_LIMITS.excerpt_length
    assert cut.endswith("would stay.")


def test_an_excerpt_without_sentences_ends_at_a_word() -> None:
    """Where no sentence ends in reach, a word does, with an ellipsis."""
    cut = excerpt(["word " * 200], "t").text
    assert len(cut) <= DEFAULT_LIMITS.excerpt_length
    assert cut.endswith("word\u2026")


@pytest.mark.parametrize(
    "tail",
    [
        "The post Ferry stays appeared first on Example News.",
        "Der Beitrag F\u00e4hre bleibt erschien zuerst auf Beispiel.",
        "L'articolo Traghetto sembra essere il primo su Giornale.",
        "Continue reading \u2192",
        "Read more...",
        "Leer m\u00e1s",
        "La entrada Ferri se public\u00f3 primero en Diario.",
        "Read the full article",
        "[\u2026]",
        "submitted by /u/someone [link] [comments]",
    ],
)
def test_boilerplate_goes(tail: str) -> None:
    """What software adds below is not part of the news."""
    assert excerpt(["The ferry stays.", tail], "t").text == "The ferry stays."


def test_an_excerpt_does_not_repeat_the_title() -> None:
    """Many feeds put the headline first."""
    assert excerpt(["Ferry stays!", "Voters decided."], "Ferry stays").text == "Voters decided."


def test_reading_time_counts_words_and_characters() -> None:
    """225 words a minute; Chinese by characters; a teaser has none."""
    assert reading_minutes("word " * 900) == 4
    assert reading_minutes("\u6e2f" * 1500) == 3
    assert reading_minutes("Only a teaser.") is None


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("The ferry stays", "en-GB", "en"),
        ("\u09ac\u09be\u0982\u09b2\u09be \u0996\u09ac\u09b0", "en-US", "bn"),
        ("\u041f\u0430\u0440\u043e\u043c", "uk", "uk"),
        ("\u041f\u0430\u0440\u043e\u043c", "", "ru"),
        ("The ferry stays", "US", ""),
        ("\u6e2f\u306e\u30d5\u30a7\u30ea\u30fc", "zh", "ja"),
        ("\u6e2f\u53e3", "zh_cn", "zh"),
        ("x", "-he", "he"),
        ("x", "not a language", ""),
    ],
)
def test_letters_overrule_a_wrong_label(text: str, declared: str, language: str) -> None:
    """The declared language counts unless the script rules it out."""
    assert language_of(text, declared) == language


@pytest.mark.parametrize(
    ("offered", "best"),
    [
        ([("a.jpg", 300, 200), ("b.jpg", 1200, 800), ("c.jpg", 700, 400)], "b.jpg"),
        ([("a.jpg", None, None), ("b.jpg", 150, 150)], "a.jpg"),
        ([("pixel.gif", None, None), ("a.jpg", 200, 100)], "a.jpg"),
        ([("a.jpg", 6000, 4000), ("b.jpg", 1024, 768)], "b.jpg"),
        ([("a-150x150.jpg", None, None), ("a-1024x768.jpg", None, None)], "a-1024x768.jpg"),
        ([("a.jpg", 1, 1), ("b.jpg", 3000, 50), ("logo.svg", 800, 600)], None),
    ],
)
def test_the_best_picture(
    offered: list[tuple[str, int | None, int | None]], best: str | None
) -> None:
    """Wide enough first, the largest sensible next; counters, strips and vectors never."""
    images = [Image(name, width, height, "") for name, width, height in offered]
    found = best_picture(images, "https://news.example/")
    assert (found.url if found else None) == (f"https://news.example/{best}" if best else None)


def test_a_fragment_is_read_as_a_reader_would() -> None:
    """Scripts, forms and share bars are silent, blocks are lines, lazy pictures count."""
    fragment = read_fragment(
        "<p>One<br>two</p><script>x()</script><div class=sharedaddy>Share</div>"
        "<img src='data:x' data-src='/real.jpg' width=640 height=480px alt='A&amp;B'>"
        "<form>Sign up</form>&lt;b&gt;"
    )
    assert fragment.paragraphs == ("One", "two", "<b>")
    assert fragment.images == (Image("/real.jpg", 640, 480, "A&B"),)


def test_html_escaped_twice_is_still_read() -> None:
    """Some feeds escape their HTML once more."""
    assert read_fragment("&lt;p&gt;One&lt;/p&gt;").text == "One"


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("<p>The ferry is back. It left at six.</p>", "The ferry is back.", "It left at six."),
        ("<p>Mr. Calder sails!</p><p>At last.</p>", "Mr. Calder sails!", "At last."),
        ("No stop here", "No stop here", ""),
        ("<img src='/a.jpg'>", "", ""),
    ],
)
def test_what_has_no_headline_is_headed_by_its_first_sentence(
    text: str, title: str, rest: str
) -> None:
    """Short posts have none (RSS 2.0 allows it); what is said once is not said again below."""
    article = clean(Item(url="/post/1", summary=text), ORIGIN)
    assert (article.title, article.excerpt) == (title, rest) if article else not title


def test_a_sentence_too_long_for_a_headline_is_told_whole_below() -> None:
    """What was cut off it is not lost."""
    article = clean(Item(url="/post/1", summary="word " * 40 + "end."), ORIGIN)
    assert article is not None
    assert article.title.endswith("word\u2026")
    assert article.excerpt == "word " * 40 + "end."


def test_an_address_that_all_items_share_is_nobodys() -> None:
    """The feed's own address, or a front page: the guid tells items apart, else the headline."""
    shared = ("https://news.example/feed", "https://news.example/", "https://news.example")
    for url in shared:
        items = [Item(url=url, title=title, guid=guid) for title, guid in (("A", ""), ("B", "7"))]
        first, again, other = (clean(item, ORIGIN) for item in (items[0], items[0], items[1]))
        assert first is not None
        assert again is not None
        assert other is not None
        assert first.id == again.id != other.id
        assert first.url == ("" if url == shared[0] else "https://news.example/")
    page = Item(url=shared[0], own_page=True)
    for item in (page, Item(url="https://news.example/a")):
        same = [clean(replace(item, title=title), ORIGIN) for title in "AB"]
        assert len({article.id for article in same if article}) == 1


def test_what_is_kept_has_a_length() -> None:
    """Each one is a key of the configuration."""
    most = ArticleLimits(
        excerpt_length=80,
        max_title=20,
        max_author=12,
        max_authors=2,
        max_tag=5,
        max_tags=2,
        max_item_characters=2_000,
    )
    item = Item(
        url="/a",
        title="A headline that goes on and on",
        summary="<p>" + "A sentence of words. " * 20,
        content="x" * 1_990 + "<img src='https://news.example/late.jpg' width=900 height=600>",
        authors=("Ada Quill", "Ben", "Cleo"),
        tags=("One", "Longer", "Two", "Three"),
    )
    article = clean(item, ORIGIN, most)
    assert article is not None
    assert len(article.title) <= 20
    assert article.excerpt == "A sentence of words. " * 2 + "A sentence of words."
    assert article.author == "Ada Quill\u2026"
    assert article.tags == ("One", "Two")
    assert article.picture is None
    whole = clean(item, ORIGIN)
    assert whole is not None
    assert (len(whole.excerpt), whole.author) == (230, "Ada Quill, Ben, Cleo")
    assert whole.picture is not None


@pytest.mark.parametrize(
    ("summary", "html"),
    [
        ("The ferry stays. Voters [&hellip;]", "The <b>ferry</b> stays. Voters"),
        ("<p>The ferry stays.</p>", "The <b>ferry</b> stays."),
        ("<i>The</i> ferry stays.", "<i>The</i> ferry stays."),
        ("Another summary.", ""),
    ],
)
def test_a_summary_without_marks_has_those_of_the_text_that_begins_so(
    summary: str, html: str
) -> None:
    """WordPress takes them off; what is marked itself, or says something else, stays as it is."""
    content = "<p>SALTMOUTH</p><p>The <b>ferry</b> stays.</p><p>Voters decided <i>so</i>.</p>"
    article = clean(Item(url="/1", title="t", summary=summary, content=content), ORIGIN)
    assert article is not None
    assert article.excerpt_html == html


NO_RULES = SourceRules()


def left_out(*items: Item, rules: SourceRules = NO_RULES) -> tuple[list[str], str]:
    """Return the titles that are kept, and what is said of the others."""
    cleaned = clean_document(items, replace(ORIGIN, rules=rules))
    return [article.title for article in cleaned.articles], " ".join(cleaned.notes)


LOCKED = (
    '<form action="https://news.example/wp-login.php?action=postpass"><input name="post_password">'
)


@pytest.mark.parametrize(
    "item",
    [
        Item(guid="1", title="Protected: Minutes", summary="This is a protected post."),
        Item(guid="1", title="Gesch\u00fctzt: Protokoll"),
        Item(
            guid="1",
            title="Protegido: Acta",
            content="Est\u00e1 protegido por una contrase\u00f1a.",
        ),
        Item(guid="1", title="Minutes", content=LOCKED),
        Item(guid="1", title="Minutes", content="Words", locked=True),
        Item(guid="1", title="Private: Minutes"),
    ],
)
def test_a_locked_post_is_no_news(item: Item) -> None:
    """By its form, its headline without a text, or the source's own word; it is said."""
    kept, said = left_out(item, Item(guid="2", title="Open"))
    assert kept == ["Open"]
    assert said == "1 item left out: protected by a password, or private"


def test_a_headline_alone_locks_nothing() -> None:
    """What has a text to read is news."""
    words = "The reef is protected from today on, and the fishermen are glad of it."
    assert left_out(Item(guid="1", title="Protected: the reef", summary=words))[1] == ""


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (SourceRules(exclude_labels=("Not for Newsletter",)), 'tagged "Not for Newsletter"'),
        (SourceRules(exclude_labels=("#no-mail",)), 'tagged "#no-mail"'),
        (SourceRules(exclude_field="hide"), "marked by the field hide"),
        (SourceRules(exclude=("sponsored",)), "sponsored"),
        (SourceRules(exclude=("obituaries",)), "obituaries"),
        (SourceRules(republished="leave out"), "republished from wire.example"),
    ],
)
def test_a_newsroom_marks_what_is_not_for_the_newsletter(rules: SourceRules, why: str) -> None:
    """By tag, by a hidden label, by a custom field, by its kind, by where it was first."""
    marked = Item(
        guid="1", title="Anzeige: Sofas", url="https://news.example/obituaries/1",
        tags=("not-for-newsletter",), labels=("#no-mail",), flags=("hide",),
        original="https://www.wire.example/1",
    )  # fmt: skip
    assert left_out(marked, rules=rules) == ([], f"1 item left out: {why}")
    assert left_out(marked) == (["Anzeige: Sofas"], "")
    article = clean(marked, ORIGIN)
    assert article is not None
    assert article.author == "wire.example"


def test_a_placeholder_is_no_address() -> None:
    """The article is there, and never linked."""
    cleaned = clean_document([Item(guid="1", title="T", url="https://news.example/404/")], ORIGIN)
    assert [article.url for article in cleaned.articles] == [""]
    assert cleaned.notes == ("1 article without an address that leads to it: never linked",)


def test_a_date_ahead_is_said() -> None:
    """It counts as of now: the clock of the site is wrong, or its zone."""
    ahead = (ORIGIN.now + timedelta(hours=5)).isoformat()
    cleaned = clean_document([Item(guid="1", title="T", published=ahead)], ORIGIN)
    assert cleaned.articles[0].published == ORIGIN.now
    assert cleaned.notes[0].startswith("dated up to 5.0 hours ahead")


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/404/",
        "https://news.example/error-404",
        "https://news.example/404.html",
        "https://news.example/pagina-no-encontrada/",
        "/false",
        "about:blank",
        "https://news.example/?p=7&preview=true",
        "https://news.example/wp-admin/post.php?post=7",
        "http://localhost:8080/?p=7",
        "http://127.0.0.1/a",
        "https://site.local/a",
    ],
)
def test_an_address_that_leads_no_reader_anywhere_is_none(url: str) -> None:
    """Placeholders, previews, and the machine that the site was written on: told, never linked."""
    told = clean_document([Item(url=url, guid="7", title="Words")], ORIGIN)
    assert [article.url for article in told.articles] == [""]
    assert told.notes == ("1 article without an address that leads to it: never linked",)


def test_a_site_on_ones_own_machine_is_read_there() -> None:
    """A local test site links to itself."""
    origin = replace(ORIGIN, base="http://127.0.0.1:8000/feed")
    article = clean(Item(url="/a", title="Words"), origin)
    assert article is not None
    assert article.url == "http://127.0.0.1:8000/a"


def test_a_front_page_that_several_share_is_nobodys() -> None:
    """One may tell of the front page itself; two are not there."""
    items = [Item(url="https://news.example/", guid=guid, title=f"Words {guid}") for guid in "12"]
    told = clean_document(items, ORIGIN)
    assert [article.url for article in told.articles] == ["", ""]
    assert told.notes == ("2 articles without an address that leads to them: never linked",)
    assert [one.url for one in clean_document(items[:1], ORIGIN).articles] == [
        "https://news.example/"
    ]
