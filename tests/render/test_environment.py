"""Where templates run: sandboxed, escaping, strict."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.errors import RenderError
from digest.render.environment import Templates, tightened


def _templates(folder: Path, **files: str) -> Templates:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return Templates([folder])


def test_html_is_escaped_and_text_is_not(tmp_path: Path) -> None:
    """The file's kind decides, so no template has to think of it."""
    templates = _templates(tmp_path, a_html="{{ x }}", a_txt="{{ x }}")
    assert templates.render("a.html", {"x": "<b>"}) == "&lt;b&gt;"
    assert templates.render("a.txt", {"x": "<b>"}) == "<b>"


def test_values_are_never_compiled(tmp_path: Path) -> None:
    """Feed text that looks like a template stays text."""
    templates = _templates(tmp_path, a_html="{{ x }}")
    assert templates.render("a.html", {"x": "{{ 7*7 }}{% for"}) == "{{ 7*7 }}{% for"


def test_a_fault_names_template_line_and_value(tmp_path: Path) -> None:
    """Who wrote the template finds the place at once."""
    templates = _templates(tmp_path, a_html="one\n<p>{{ story.titel }}</p>\n")
    with pytest.raises(RenderError) as caught:
        templates.render("a.html", {"story": {}}, lambda: 'story "A bell"')
    assert caught.value.where == f"{tmp_path / 'a.html'}:2"
    assert "titel" in caught.value.what
    assert "<p>{{ story.titel }}</p>" in caught.value.what
    assert 'story "A bell"' in caught.value.what


def test_a_fault_inside_a_macro_names_the_macros_file(tmp_path: Path) -> None:
    """The innermost template is the one to correct."""
    templates = _templates(
        tmp_path,
        m_html="{% macro m() %}\n\n{{ missing }}{% endmacro %}",
        a_html='{% import "m.html" as m %}{{ m.m() }}',
    )
    with pytest.raises(RenderError) as caught:
        templates.render("a.html", {})
    assert caught.value.where == f"{tmp_path / 'm.html'}:3"


@pytest.mark.parametrize("before", ["", "words\n", "{{ 1 }}\n\n", "{%- set a = 1 -%}\n{# …\n#}\n"])
@pytest.mark.parametrize("around", ["{}", "{{% for i in [1] %}}\n{}\n{{% endfor %}}"])
@pytest.mark.parametrize(
    "fault",
    [
        "{{ nothing.title }}",
        "{% set x = nothing.title %}",
        "{%- set x, y = nothing.title -%}",
        "{% set x = nothing.title ~ 'a' %}",
        "{% set x = 'a' * 1000000 %}",
        "{% set x %}{{ 'a' * 150000 }}{{ 'b' * 150000 }}{% endset %}",
        "{% set x|clip('a') %}\nwords\n{% endset %}",
        "{% set other.x = 1 %}",
        "{% with x = nothing.title %}\n{% endwith %}",
        "{% if nothing.title %}\n{% endif %}",
        "{% for i in nothing.title %}\n{% endfor %}",
        "{% macro m(x=nothing.title) %}\n{{ x }}\n{% endmacro %}{{ m() }}",
        "{% include 'nothing.html' %}",
    ],
)
def test_each_statement_s_fault_is_told_at_its_own_line(
    tmp_path: Path, before: str, around: str, fault: str
) -> None:
    """Whatever stands before it, and also where it is inside something."""
    text = before + around.format(fault) + "\n"
    line = text[: text.index(fault)].count("\n") + 1
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    with pytest.raises(RenderError) as told:
        Templates([tmp_path]).render("a.html", {"other": {}})
    assert told.value.where == f"{tmp_path / 'a.html'}:{line}"


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    """Before anything is rendered."""
    templates = _templates(tmp_path, a_html="\n\n{% if %}")
    with pytest.raises(RenderError) as caught:
        templates.compiled("a.html")
    assert caught.value.where == f"{tmp_path / 'a.html'}:3"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ x.append(1) }}",
        "{{ x.__init__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% include '../b.html' %}",
    ],
)
def test_a_template_cannot_reach_out(tmp_path: Path, source: str) -> None:
    """Neither Python's insides, nor our values, nor files outside the theme."""
    inner = tmp_path / "theme"
    inner.mkdir()
    (tmp_path / "b.html").write_text("outside", encoding="utf-8")
    templates = _templates(inner, a_html=source)
    with pytest.raises(RenderError):
        templates.render("a.html", {"x": [0]})


def test_the_first_folder_wins(tmp_path: Path) -> None:
    """A newsroom's file hides the one that ships with Digest; others stay."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, text in ((ours, "ours"), (theirs, "theirs")):
        folder.mkdir()
        (folder / "a.html").write_text(text, encoding="utf-8")
    (ours / "b.html").write_text("only ours", encoding="utf-8")
    templates = Templates([theirs, ours])
    assert templates.render("a.html", {}) == "theirs"
    assert templates.render("b.html", {}) == "only ours"


def test_layout_between_tags_goes_and_written_spaces_stay() -> None:
    """A line end between tags is the designer's, a space on a line is the reader's."""
    assert tightened("<p>\n  <b>a</b> <i>b\n c</i>\n</p>\n") == "<p><b>a</b> <i>b\n c</i></p>"
