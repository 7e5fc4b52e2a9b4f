"""The sandbox's limits: a template may be wrong, never heavy."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest

from digest.errors import RenderError
from digest.render.environment import Templates


def _templates(folder: Path, source: str) -> Templates:
    (folder / "a.html").write_text(f"first line\n{source}", encoding="utf-8")
    return Templates([folder])


def _again(doubling: str) -> str:
    """Write a loop that would make a text as long as 2 ** 60."""
    return f"{{% set n = namespace(t='ab') %}}{{% for i in range(60) %}}{doubling}{{% endfor %}}"


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 10**9 * 'a' }}",
        "{{ [0] * 10**9 }}",
        "{{ x * 10**9 }}",
        "{{ 10**10**10 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ 'a'|center(10**9) }}",
        "{{ 'a'|indent(10**9) }}",
        "{{ 'a'.ljust(10**9) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ ('a' * 1000)|replace('a', 'b' * 100000) }}",
        "{{ ['a'] * 100000 | length }}{{ (['a' * 10] * 100000)|join('b' * 100) }}",
        "{{ lipsum(n=10**9) }}",
        "{% for n in range(10**9) %}{{ n }}{% endfor %}",
        "{% for a in range(999) %}{% for b in range(999) %}{% endfor %}{% endfor %}",
        "{% for a in range(999) %}{% for b in range(99) %}{{ long }}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        _again("{% set n.t = n.t ~ n.t %}"),
        _again("{% set n.t = n.t + n.t %}"),
        _again("{% set n.t %}{{ n.t }}{{ n.t }}{% endset %}"),
        "{% macro d(t) %}{{ t }}{{ t }}{% endmacro %}" + _again("{% set n.t = d(n.t) %}"),
        _again("{% set n.t = n.t|length * n.t|length ~ n.t %}{% set n.t = n.t ~ n.t %}"),
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    ],
)
def test_what_is_heavy_is_refused_at_once(tmp_path: Path, source: str) -> None:
    """Within seconds and megabytes, with template, line and the value in hand."""
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(RenderError) as caught:
        _templates(tmp_path, source).render(
            "a.html", {"x": "a", "long": "b" * 600}, lambda: 'story "Bell"'
        )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - start < 8
    assert peak < 60_000_000
    assert caught.value.where.startswith(str(tmp_path / "a.html"))
    assert caught.value.fix


def test_the_fault_names_line_and_value(tmp_path: Path) -> None:
    """As every other fault of a template does."""
    with pytest.raises(RenderError) as caught:
        _templates(tmp_path, "{{ x * 10**9 }}").render("a.html", {"x": "a"}, lambda: 'story "Bell"')
    assert caught.value.where == f"{tmp_path / 'a.html'}:2"
    assert "1,000,000,000" in caught.value.what
    assert 'story "Bell"' in caught.value.what


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ '=' * 72 }}", "=" * 72),
        ("{% for n in range(3) %}{{ loop.index }}/{{ loop.length }}{% endfor %}", "1/32/33/3"),
        (
            "{% for n in 'abc' if n != 'b' %}{{ n }}{% if loop.last %}.{% endif %}{% endfor %}",
            "ac.",
        ),
        ("{{ x ~ '<' ~ 3 }}", "a&lt;3"),
        ("{% set t %}<b>{{ x }}</b>{% endset %}{{ t }}", "<b>a</b>"),
        ("{{ ['a', '<b>']|join(', ') }}{{ 'aba'|replace('a', 'x') }}", "a, &lt;b&gt;xbx"),
        ("{{ x.upper() }}{{ 7 % 4 }}{{ 2 ** 3 }}", "A38"),
    ],
)
def test_what_is_light_works_as_ever(tmp_path: Path, source: str, said: str) -> None:
    """Loops, sums, joins and escaping are Jinja's own."""
    assert _templates(tmp_path, source).render("a.html", {"x": "a"}) == f"first line\n{said}"


@pytest.mark.parametrize("asked", ["x.__class__", "x.__init__", "words.append", "long.format"])
def test_what_is_refused_once_is_refused_again(tmp_path: Path, asked: str) -> None:
    """The sandbox remembers what it judged, by kind of value and name, and no more than that."""
    templates = _templates(tmp_path, f"{{{{ {asked}(1) }}}}")
    for _ in range(2):
        with pytest.raises(RenderError):
            templates.render("a.html", {"x": 1, "words": ["a"], "long": "{}"})
    fine = _templates(tmp_path, "{{ words.index('a') }}")
    assert "0" in fine.render("a.html", {"words": ["a"]})
