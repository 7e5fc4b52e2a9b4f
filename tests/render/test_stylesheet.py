"""A theme's CSS: faults are found, never muted."""

from __future__ import annotations

import logging

import cssutils
import pytest

from digest.errors import RenderError
from digest.render.stylesheet import check_inline, classes, complaints, tight


def test_good_css_passes() -> None:
    """What mails are made of is no fault, vendor properties included."""
    check_inline(
        ".a, td.b { color: #123456; margin: 0 auto; font-family: Georgia, Times New Roman, serif }"
        "\n.c { mso-hide: all; letter-spacing: -0.5px; -webkit-text-size-adjust: 100% }",
        "inline.css",
    )


@pytest.mark.parametrize(
    ("css", "where", "said"),
    [
        (".a { color: #12345678 }", "t.css:1", "color"),
        ("\n.a { color: red; background-color: rgb(0 0 0 / 50%) }", "t.css:2", "background-color"),
        (".a { color: red\n.b { color: blue }", "t.css:1", "without its }"),
        (".a { color: red } }", "t.css:1", "without its {"),
        ("\n\n@media print { .a { color: red } }", "t.css:3", "cannot be inlined"),
        (".a:hover { color: red }", "t.css:1", "cannot be inlined"),
        (".a { color red }", "t.css:1", "color red"),
        (".a { color: 'red }\n.b { margin: 0 }", "t.css:1", "would vanish"),
    ],
)
def test_what_premailer_would_drop_is_an_error(css: str, where: str, said: str) -> None:
    """Each fault that would vanish in silence is named with file and line."""
    with pytest.raises(RenderError) as caught:
        check_inline(css, "t.css")
    assert caught.value.where == where
    assert said in caught.value.what
    assert caught.value.fix


def test_a_comment_does_not_move_the_line() -> None:
    """Lines are counted as the designer sees them."""
    with pytest.raises(RenderError) as caught:
        check_inline("/* one\n two */\n.a { color: #12345678 }", "t.css")
    assert caught.value.where == "t.css:3"


def test_kept_css_loses_comments_and_space_but_no_meaning() -> None:
    """Descendants and media queries read the same."""
    css = (
        "/* x */ @media (max-width: 9px) {\n [data-ogsc] .a,\n .b > p { color: red !important }\n}"
    )
    assert tight(css, "x") == ("@media (max-width:9px){[data-ogsc] .a,.b>p{color:red !important}}")


@pytest.mark.parametrize("css", ["a { } </style>", "<!-- a { }", "a { color: red"])
def test_kept_css_cannot_leave_its_place(css: str) -> None:
    """Neither markup nor an open rule gets into the head."""
    with pytest.raises(RenderError):
        tight(css, "head.css")


def test_class_names_are_found_in_selectors_only() -> None:
    """A figure such as .5px is no class."""
    assert classes("@media x{.a b.c{margin:.5px}}[data-ogsc] .d{top:1.e}") == {"a", "c", "d"}


def test_complaints_are_kept_and_the_log_is_given_back() -> None:
    """Nothing is printed while they are collected, and nothing changed afterwards."""
    logger = logging.getLogger("CSSUTILS")
    before = logger.handlers[:]
    with complaints() as said:
        cssutils.parseString("a { b }")
    assert said
    assert logger.handlers == before
