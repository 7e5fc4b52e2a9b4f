"""A mail shown as a light or a dark client would show it."""

from __future__ import annotations

import pytest

from digest.web.schemes import Scheme, in_scheme, knows_dark

_MAIL = """<html><head><meta name="color-scheme" content="light dark">
<style>:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (prefers-color-scheme: dark) and (max-width: 600px) { a { color: red } }
@media (prefers-color-scheme:light) { a { color: blue } }</style></head>
<body><picture><source media="(prefers-color-scheme: dark)" srcset="d.png"></picture>
<p>Write @media (prefers-color-scheme: dark) in your sheet.</p></body></html>"""


@pytest.mark.parametrize(
    ("scheme", "dark", "light"),
    [(Scheme.DARK, "min-width", "max-width"), (Scheme.LIGHT, "max-width", "min-width")],
)
def test_rules_are_decided_for_the_scheme(scheme: Scheme, dark: str, light: str) -> None:
    """Rules of the scheme always hold, the other's never; other conditions stay."""
    shown = in_scheme(_MAIL, scheme)
    assert f"@media ({dark}: 0px) and (max-width: 600px)" in shown
    assert f"@media ({light}: 0px)" in shown
    assert f'<source media="({dark}: 0px)"' in shown
    assert f'content="{scheme}"' in shown
    assert f"color-scheme: {scheme}" in shown


def test_what_a_story_says_about_schemes_is_left_alone() -> None:
    """Only style sheets and media attributes are read, never the text."""
    assert "<p>Write @media (prefers-color-scheme: dark) in" in in_scheme(_MAIL, Scheme.LIGHT)


def test_a_mail_that_supports_light_only_stays_light() -> None:
    """A declared scheme is not replaced by one the mail does not know."""
    mail = "<style>:root{color-scheme: only light}</style>"
    assert in_scheme(mail, Scheme.DARK) == mail


def test_dark_rules_are_recognised() -> None:
    """The page can say whether a mail brings dark rules at all."""
    assert knows_dark(_MAIL)
    assert not knows_dark("<p>(prefers-color-scheme: dark)</p>")
