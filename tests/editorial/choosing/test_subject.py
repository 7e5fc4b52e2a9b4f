"""Subject and preheader: the newsroom's templates, feed text as data, one line, bounded work."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.editorial import Circumstances, EditionPlan, SectionPlan, choose, compose
from digest.editorial.choosing.subject import one_line
from digest.errors import ConfigError
from digest.models.articles import KnownArticle
from digest.models.compositions import Composition
from digest.models.issues import Slot

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]
Write = Callable[..., Composition]

WORLD = SectionPlan(id="world", title="World News", sources=("world",))


@pytest.fixture
def write(known: Known, plan: Plan, slot: Slot) -> Write:
    """Return a composer of two stories under a subject and an optional first title."""

    def compose_with(
        subject: str, title: str = "First", excerpt: str = "", **changes: str
    ) -> Composition:
        edition = plan(WORLD, subject=subject, **changes)
        articles = [
            known("a", title=title, author="Ann", excerpt=excerpt),
            known("b", hours=5, title="Second"),
        ]
        page = compose(choose(articles, slot, edition).issue, frozenset())
        assert page is not None
        return page

    return compose_with


def test_templates_speak_of_the_lead_the_rest_and_the_day(write: Write) -> None:
    """Every documented variable has its value."""
    page = write(
        "{{ lead.section }}: {{ lead.title|upper }} by {{ lead.author }}, {{ date }}, {{ count }}",
        preheader="{{ headlines }} / {{ titles|join('+') }} / {{ edition }} / {{ site }}",
    )
    assert page.subject == "World News: FIRST by Ann, November 23, 2026, 2"
    assert page.preheader == "Second / Second / Daily briefing / Example News"
    told = write("{{ lead.url }} {{ lead.excerpt }}", "First", "Said below.")
    assert told.subject == "https://news.example/a Said below."


def test_a_line_differs_with_each_thing_that_its_template_names(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Lines are remembered by what the template looks at, wherever it names that."""
    edition = plan(
        WORLD,
        subject="{% if count > 2 %}{{ titles[1] }}{% else %}{{ count }}{% endif %}",
        preheader="{% set first = lead %}{{ first.title }}: {% for one in titles %}{{ one }} "
        "{% endfor %}",
    )
    lines = set()
    for titles in (["A", "B"], ["A", "C"], ["D", "B"], ["A", "B", "E"], ["A", "B", "F"]):
        stories = [known(name, title=name, hours=place) for place, name in enumerate(titles, 1)]
        page = compose(choose(stories, slot, edition).issue, frozenset())
        assert page is not None
        lead, *rest = [story.article.title for story in page.stories]
        subject = rest[1] if len(rest) > 1 else str(len(titles))
        lines.add((page.subject, page.preheader))
        assert lines >= {(subject, f"{lead}: {' '.join(rest)}")}
    assert len(lines) == 5


def test_the_day_is_written_in_the_editions_language(write: Write) -> None:
    """An edition in German gets a German date; an unknown language gets an English one."""
    assert write("{{ date }}", language="de").subject == "23. November 2026"
    assert write("{{ date }}", language="xx-invalid").subject == "November 23, 2026"


def test_a_title_is_never_a_template(write: Write) -> None:
    """Braces in a headline are shown, not run."""
    hostile = "{{ ''.__class__ }} {% for x in y %} {# gone? #}"
    assert write("{{ lead.title }}", hostile).subject == hostile


def test_a_title_cannot_break_the_line_or_turn_the_text(write: Write) -> None:
    """Line breaks fold, controls and direction overrides vanish."""
    page = write("{{ lead.title }}", "One\r\nBcc: x\u2028two\x00 \u202ethree\u2066 fo\u00adur")
    assert page.subject == "One Bcc: x two three four"


def test_long_titles_are_cut_at_a_word(write: Write) -> None:
    """A subject has at most 120 characters, a preheader 150."""
    page = write("{{ lead.title }}", "word " * 2_000, preheader="{{ lead.title }}")
    assert page.subject.endswith("word…")
    assert 100 < len(page.subject) <= 120
    assert 120 < len(page.preheader) <= 150


def test_an_empty_subject_falls_back_to_the_editions_title(write: Write) -> None:
    """A mail always has a subject."""
    assert write("{% if count > 99 %}x{% endif %}").subject == "Daily briefing"


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 9**9**9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ range(10**9)|list }}",
        "{{ lead.title.format(1) }}",
        "{{ lead.__class__ }}",
        "{{ 'x'|center(999999999) }}",
        "{% include 'x' %}",
        "{{ titles|replace('S', titles|join(headlines)) "
        + "|replace('e', 'eeeeeeeee')" * 40
        + "}}",
        "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
        "{{ 'x'" + "~ 'x'" * 900 + " }}",
        "{{ nobody.title }}",
        "{{ lead.nothing }}",
        "{{ unfinished",
        "{{ 'x' + 1 }}",
    ],
)
def test_what_could_harm_is_refused_at_once_by_name(write: Write, template: str) -> None:
    """The error names the edition and the key, and comes quickly."""
    begin = time.perf_counter()
    with pytest.raises(ConfigError, match='edition "daily" subject: the template fails'):
        write(template)
    assert time.perf_counter() - begin < 15


@given(st.text(), st.integers(10, 200))
def test_one_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    """Whatever comes in, no line break, control or override comes out."""
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line == line.strip()
    assert not any(unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} for letter in line)
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("abcd efgh", 9, "abcd efgh"),
        ("abcd efgh", 8, "abcd…"),
        ("abcd efgh", 5, "abcd…"),
        ("abcdefghij", 5, "abcd…"),
        ("a bcdefghij", 9, "a bcdefg…"),
        ("ab cd ef gh", 8, "ab cd…"),
        ("word, \u2013 more words", 8, "word…"),
        ("·abcd efgh", 9, "·abcd…"),
        ("e\u0301te\u0301 a\u0300", 5, "été à"),
        ("a\u200db\ue000c", 9, "a\u200dbc"),
        (" a\t\n b ", 9, "a b"),
    ],
)
def test_a_line_is_cut_behind_a_word_unless_half_of_it_would_go(
    text: str, limit: int, line: str
) -> None:
    """Marks before the cut go, composed letters count once, and joiners stay."""
    assert one_line(text, limit) == line


def test_a_template_that_fails_names_its_key_and_what_it_may_use(write: Write) -> None:
    """The subject's and the preheader's, with the beginning of the template."""
    wrong = "{{ lead.nothing.more }}" + " " * 90
    for key in ("subject", "preheader"):
        with pytest.raises(ConfigError) as caught:
            write(**{"subject": "x", key: wrong})
        assert (caught.value.where, caught.value.fix) == (
            f'edition "daily" {key}',
            f'Mend "{wrong[:80]}"; it may use count, date, edition, headlines, lead, site, titles',
        )


def test_a_mail_without_a_lead_has_a_subject_that_needs_none(
    known: Known, plan: Plan, slot: Slot
) -> None:
    """Where the template asks for the lead; headlines stand in the preheader."""
    articles = [known(name, hours=hours, title=name.upper()) for hours, name in enumerate("abcdef")]
    desk = Circumstances(led=dict.fromkeys("abcdef", "evening/2026-11-22"))
    edition = plan(WORLD, subject="{{ lead.title }}", preheader="{{ lead.title }}")
    page = compose(choose(articles, slot, edition, desk).issue, frozenset())
    assert page is not None
    assert (page.lead, page.subject) == (None, "Daily briefing, November 23, 2026")
    shown = [story.article.title for story in page.stories]
    assert page.preheader == " · ".join(shown[:4])
    assert len(shown) > 4
