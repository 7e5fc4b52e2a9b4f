"""The document itself: language, direction, title, headings, and what has no place in a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.render.lint.elements import cut, place, words
from digest.render.lint.finding import Finding, error, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet

_ACTIVE = (
    *("script", "form", "iframe", "object", "embed", "applet", "base", "frame", "link"),
    *("input", "select", "textarea"),
)
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", re.IGNORECASE)  # BCP 47, as languages are named
_WAYS = {"ltr", "rtl", "auto"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def document(sheet: Sheet) -> Iterator[Finding]:
    """Ask for language, direction and title: what a screen reader says first."""
    for name, why in (
        ("lang", 'Write <html lang="en">: screen readers choose their voice by it'),
        ("dir", 'Write <html dir="ltr"> or "rtl": the whole layout hangs on it'),
    ):
        said = sheet.root.get(name, "")
        if not said:
            yield error(f"missing-{name}", "<html>", f'there is no "{name}"', why)
        elif not (_TAG.fullmatch(said) if name == "lang" else said.lower() in _WAYS):
            yield error(f"missing-{name}", "<html>", f'{name}="{cut(said)}" says nothing', why)
    title = sheet.root.find(".//title")
    if title is None or not words(title):
        yield error(
            "missing-title", "<head>", "there is no title", "Write <title>{{ subject }}</title>"
        )


def headings(sheet: Sheet) -> Iterator[Finding]:
    """Ask for one h1, and no level left out: who listens jumps from heading to heading."""
    shown = [one for one in sheet.all(*_HEADINGS) if not sheet.hidden(one)]
    tops = [one for one in shown if one.tag == "h1"]
    if len(tops) != 1:
        said = "no h1" if not tops else f"{len(tops)} h1"
        yield warning(
            "heading-order", "<body>", f"there is {said}", "Give the mail one h1: its name"
        )
    level = 0
    for one in shown:
        here = int(one.tag[1])
        if here > level + 1 and level:
            yield warning(
                "heading-order", place(one), f"h{here} follows h{level}", f"Make it h{level + 1}"
            )
        level = here


def active(sheet: Sheet) -> Iterator[Finding]:
    """Find scripts and forms: mail programs drop them, and filters drop the mail."""
    for one in sheet.all(*_ACTIVE):
        if one.tag != "link" or "stylesheet" in one.get("rel", ""):
            yield error("active-content", place(one), f"<{one.tag}> in a mail", "Take it out")
    for one in sheet.all("meta"):
        if one.get("http-equiv", "").lower() == "refresh":
            yield error("active-content", "<head>", "a mail that goes elsewhere", "Take it out")
    for one in sheet.all():
        for name in one.attrib:
            if name.startswith("on"):
                yield error("active-content", place(one), f'the handler "{name}"', "Take it out")


RULES = Family(
    (
        Rule(document, ("missing-lang", "missing-dir", "missing-title")),
        Rule(headings, ("heading-order",)),
        Rule(active, ("active-content",)),
    )
)
