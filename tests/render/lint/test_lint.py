"""A finished mail → what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render import load_theme, render, themes_in
from digest.render.lint import CLIENTS, Expectations, Level, Mail, lint, lint_ends, rule_names
from digest.render.lint.support import PROPERTIES

if TYPE_CHECKING:
    from tests.render.conftest import Newsroom

_OUT = "https://digest.news.example/u/sample"
_STORY = "https://news.example/bell"
_PREHEADER = "Also today: prices, ferries and bells"
_STREET = "1 Quay Street, Saltmouth"
_HTML = f"""<!DOCTYPE html><html lang="en" dir="ltr"><head><title>A bell</title><style>
@media (prefers-color-scheme: dark) {{ .ink {{ color: #f1eee6 !important }}
.paper {{ background-color: #1b1a18 !important }} }}</style></head>
<body class="paper ink" style="background-color:#fffefb;color:#191816">
<div style="display:none">{_PREHEADER}</div><h1>The Harbour Post</h1>
<h2><a href="{_STORY}" class="ink" style="color:#191816">A bell rings in Saltmouth again</a></h2>
<a href="{_STORY}"><img src="https://news.example/b.jpg" width="560" height="300"
alt="The bell of Saltmouth"></a><p>It was silent for two years, and nobody knew who would pay.</p>
<p><a href="{_OUT}" class="ink" style="color:#191816">Unsubscribe</a> {_STREET}</p></body></html>"""
_TEXT = f"A bell rings in Saltmouth again\n{_STORY}\n\nUnsubscribe:\n{_OUT}\n{_STREET}\n"
GOOD = Mail(_HTML, _TEXT, "A bell rings in Saltmouth again", _PREHEADER)
WANT = Expectations(
    (("A bell rings in Saltmouth again", _STORY),), _OUT, _STREET, ("Your street and town",)
)


def _rules(mail: Mail, want: Expectations = WANT) -> set[tuple[str, str]]:
    return {(finding.level.value, finding.rule) for finding in lint(mail, want)}


def test_a_good_mail_has_no_findings() -> None:
    """Nothing is found for the sake of finding."""
    assert lint(GOOD, WANT) == ()


@pytest.mark.parametrize(
    ("old", "new", "level", "rule"),
    [
        ("It was silent", "digesthole0123456789unsubscribeurl", "error", "placeholder"),
        (f'href="{_STORY}"', 'href="{{ story.url }}"', "error", "placeholder"),
        ("It was silent", "{{ x }}", "warning", "placeholder"),
        ("It was silent", "Your street and town", "warning", "placeholder"),
        ("It was silent", "Lorem ipsum", "warning", "placeholder"),
        ("It was silent", "Dear [[name]]", "warning", "placeholder"),
        ("It was silent", "Dear %%name%%", "warning", "placeholder"),
        ("It was silent", "Dear ${name}", "warning", "placeholder"),
        (' lang="en"', ' lang="english"', "error", "missing-lang"),
        (' dir="ltr"', ' dir="left"', "error", "missing-dir"),
        ("<p>It was", "<input><p>It was", "error", "active-content"),
        ("<title>", '<meta http-equiv="Refresh" content="0"><title>', "error", "active-content"),
        (f'href="{_STORY}"', 'href="https://bank.example@x.example/"', "warning", "link-mismatch"),
        (f'href="{_STORY}"', 'href="https://203.0.113.9/bell"', "warning", "link-mismatch"),
        (f'href="{_STORY}"', 'href="https://[2001:db8::9]/bell"', "warning", "link-mismatch"),
        ("<p>It was", '<p style="color:rgba(0,0,0,.1)">It was', "error", "contrast"),
        ("<p>It was", '<p style="color:rgb(0 0 0 / 50%)">It was', "warning", "contrast"),
        ("<p>It was", '<p style="color:#00000020">It was', "error", "contrast"),
        ("<p>It was", '<p style="color:hsl(40, 10%, 90%)">It was', "error", "contrast"),
        ("<p>It was", '<p style="color:#fff;background:rgba(0,0,0,.2)">It', "error", "contrast"),
        (' lang="en"', "", "error", "missing-lang"),
        (' dir="ltr"', "", "error", "missing-dir"),
        ("<title>A bell</title>", "<title> </title>", "error", "missing-title"),
        ("<h1>The Harbour Post</h1>", "", "warning", "heading-order"),
        ("<p>It was", "<h4>x</h4><p>It was", "warning", "heading-order"),
        ("<p>It was", "<script>1</script><p>It was", "error", "active-content"),
        ("<p>It was", "<form></form><p>It was", "error", "active-content"),
        ("<p>It was", '<p onclick="x()">It was', "error", "active-content"),
        ("https://news.example/b.jpg", "/b.jpg", "error", "relative-link"),
        ("https://news.example/b.jpg", "http://news.example/b.jpg", "warning", "insecure-link"),
        ("It was", '<a href="/x">a long way</a> It was', "error", "relative-link"),
        ("It was", '<a href="#">a long way</a> It was', "error", "relative-link"),
        ("It was", f'<a href="{_STORY}">click here</a> It was', "warning", "link-text"),
        ("It was", f'<a href="{_STORY}">bank.example</a> It was', "warning", "link-mismatch"),
        ("It was", '<a href="https://bit.ly/x">a long way</a> It was', "warning", "link-shortener"),
        ('alt="The bell of Saltmouth"', "", "error", "missing-alt"),
        ('alt="The bell of Saltmouth"', 'alt=""', "error", "missing-alt"),
        ('alt="The bell of Saltmouth"', 'alt="IMG_0042.jpg"', "warning", "generic-alt"),
        ('width="560" ', "", "warning", "picture-size"),
        ('height="300"', "", "warning", "picture-size"),
        ("<p>It was", '<p style="color:#eeeeee">It was', "error", "contrast"),
        ("<p>It was", '<p style="color:#8a8a8a">It was', "warning", "contrast"),
        ("color: #f1eee6", "color: #191816", "error", "contrast"),
        ("<p>It was", '<p style="display:flex">It was', "warning", "client-support"),
        ("<p>It was", "<svg></svg><p>It was", "warning", "client-support"),
        ("b.jpg", "b.webp", "warning", "client-support"),
        ("<p>It was", '<p style="font-size:4px">It was', "warning", "spam-markup"),
        (
            "<p>It was",
            f'<p style="display:none">{"x" * 500}</p><p>It was',
            "warning",
            "spam-markup",
        ),
        ("<p>It was", "<marquee>x</marquee><p>It was", "warning", "spam-markup"),
        (f'href="{_OUT}"', 'href="https://news.example/"', "error", "missing-unsubscribe"),
        (_STREET, "", "error", "missing-address"),
        (_PREHEADER, "View in browser", "warning", "missing-preheader"),
        ("<p>It was", f"<p>{'x' * 103_000}", "error", "clipping"),
        ("<p>It was", f"<p>{'x' * 91_000}", "warning", "size"),
    ],
)
def test_each_fault_of_the_html_is_found(old: str, new: str, level: str, rule: str) -> None:
    """One change of a good mail, and its own finding with place and fix."""
    assert old in GOOD.html
    mail = replace(GOOD, html=GOOD.html.replace(old, new))
    found = [one for one in lint(mail, WANT) if (one.level, one.rule) == (level, rule)]
    assert found
    assert all(one.place and one.what and one.fix for one in found)
    assert rule in rule_names()


@pytest.mark.parametrize(
    ("change", "level", "rule"),
    [
        ({"subject": ""}, "error", "empty-subject"),
        ({"subject": "x " * 40}, "warning", "long-subject"),
        ({"subject": "x " * 80}, "error", "long-subject"),
        ({"subject": "BUY NOW!! It is 100% free"}, "warning", "spam-words"),
        ({"subject": "EVERYTHING MUST GO TODAY"}, "warning", "spam-words"),
        ({"preheader": ""}, "warning", "missing-preheader"),
        ({"preheader": "Also today"}, "warning", "short-preheader"),
        ({"text": " \n"}, "error", "text-differs"),
        ({"text": _TEXT.replace(_STORY, "https://news.example/other")}, "error", "text-differs"),
        ({"text": _TEXT.replace(_OUT, "")}, "error", "missing-unsubscribe"),
        ({"text": _TEXT.replace(_STREET, "")}, "error", "missing-address"),
    ],
)
def test_each_fault_beside_the_html_is_found(change: dict[str, Any], level: str, rule: str) -> None:
    """Subject, preheader and text part are looked at too, and by the shorter look as well."""
    mail = replace(GOOD, **change)
    assert (level, rule) in _rules(mail)
    assert (level, rule) in {(one.level.value, one.rule) for one in lint_ends(mail, WANT)}


@pytest.mark.parametrize("after", ["", ".", ",", ")", "\u201d", "\u3002", "\u2026", "?"])
def test_an_address_that_both_parts_say_in_words_is_no_difference(after: str) -> None:
    """A source writes one into its excerpt, and a sentence goes on behind it."""
    said = f"silent, as https://coast.example/bells?from=a&to=b{after}"
    shown = said.replace("&", "&amp;")
    mail = replace(GOOD, html=_HTML.replace("silent", shown), text=f"{_TEXT}It was {said} it is\n")
    assert ("warning", "text-differs") not in _rules(mail)
    other = replace(mail, text=mail.text and mail.text.replace("coast.example", "shore.example"))
    assert ("warning", "text-differs") in _rules(other)


def test_a_mail_of_pictures_is_refused() -> None:
    """Who does not load pictures would see nothing."""
    picture = '<img src="https://news.example/b.jpg" width="9" height="9" alt="The bell tower">'
    html = f'<html lang="en" dir="ltr"><head><title>x</title></head><body>{picture}</body></html>'
    assert ("error", "image-only") in _rules(Mail(html))


def test_loopback_may_be_plain_http() -> None:
    """A trial on one machine has no certificates."""
    html = GOOD.html.replace("https://news.example/b.jpg", "http://127.0.0.1:8080/b.jpg")
    assert lint(replace(GOOD, html=html), WANT) == ()


def test_a_loose_file_is_judged_by_what_it_holds() -> None:
    """Without subject, text or expectations, only the HTML counts."""
    assert lint(Mail(GOOD.html), Expectations()) == ()
    bare = Mail(GOOD.html.replace(_OUT, "https://news.example/").replace("Unsubscribe", "Bye"))
    assert ("error", "missing-unsubscribe") in _rules(bare, Expectations())


def test_the_matrix_narrows_what_is_told() -> None:
    """A newsroom whose readers have no Outlook need not hear of it."""
    mail = replace(GOOD, html=GOOD.html.replace("<p>It was", '<p style="display:flex">It was'))
    assert _rules(mail, replace(WANT, clients=frozenset({"apple-mail"}))) == set()
    assert all(feature.without <= CLIENTS for feature in PROPERTIES)


def test_errors_come_first_and_once() -> None:
    """What holds the send is read first."""
    html = GOOD.html.replace("<p>It was", '<marquee>x</marquee><p onclick="x()">It was')
    levels = [one.level for one in lint(replace(GOOD, html=html), WANT)]
    assert levels == [Level.ERROR, Level.WARNING]


def test_shipped_themes_have_no_errors(newsroom: Newsroom, themes: Path) -> None:
    """Every theme passes its own lint, in the dark and right to left too."""
    for name in themes_in([themes]):
        for language in ("en", "he"):
            composition = replace(newsroom.everything(), language=language)
            issue = newsroom.issue(composition, language)
            theme = load_theme(name, [themes])
            made = render(issue, [composition], theme, newsroom.nonce)["all"]
            values = dict.fromkeys(made.holes, "https://digest.news.example/x") | {
                token: _OUT for token, hole in made.holes.items() if hole == "unsubscribe_url"
            }
            page, text = made.html, made.text
            for token, value in values.items():
                page, text = page.replace(token, value), text.replace(token, value)
            stories = tuple((one.article.title, one.article.url) for one in composition.stories)
            want = Expectations(stories, _OUT, issue.site.postal_address)
            found = lint(Mail(page, text, made.subject, composition.preheader), want)
            assert [one for one in found if one.level is Level.ERROR] == [], name


@given(st.text(max_size=300) | st.text(st.sampled_from("<>a!-'\"= /&;[]"), max_size=80))
def test_anything_can_be_looked_at(text: str) -> None:
    """A file that is no mail gets findings, never a crash."""
    assert lint(Mail(text, text, text, text), WANT)
