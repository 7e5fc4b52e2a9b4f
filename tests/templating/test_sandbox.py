"""The sandbox: a template may be wrong, never heavy, and light ones run as Jinja runs them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from digest.templating.lines import line_of
from digest.templating.sandbox import FAULTS
from tests.templating.costs import VALUES, CostMeter, metering, rendered


def _again(doubling: str, start: str = "'ab'") -> str:
    """Write a loop that would double something sixty times."""
    return (
        f"{{% set n = namespace(t={start}, u={start}) %}}"
        f"{{% for i in range(60) %}}{doubling}{{% endfor %}}"
    )


def _thousands(inside: str) -> str:
    """Write a loop of about a million turns."""
    ends = "{% endfor %}" * 2
    return f"{{% for a in range(999) %}}{{% for b in range(999) %}}{inside}{ends}"


def _macro(inside: str, called: str) -> str:
    return f"{{% macro m(n) %}}{inside}{{% endmacro %}}{{{{ {called} }}}}"


_TWO = _again("{% set n.t = [n.t, n.t] %}{% set n.u = [n.u, n.u] %}")
_MACRO_TWICE = "{% if n %}{% set a = m(n[1:]) %}{% set b = m(n[1:]) %}{% endif %}"
_PRODUCTS = [
    "{{ 'a' * 10**9 }}",
    "{{ 10**9 * 'a' }}",
    "{{ [0] * 10**9 }}",
    "{{ (0, 1) * 10**9 }}",
    "{{ x * 10**9 }}",
    "{{ 'a' * 10**5 * 10**5 }}",
    "{{ [long] * 90000 }}",
    "{{ [[long] * 300] * 300 }}",
    "{{ [[[[[[0] * 99] * 99] * 99] * 99] * 99] * 99 }}",
    "{{ ([[[[[0] * 99] * 99] * 99] * 99] * 99)|string|length }}",
    "{{ 'a'|string * 10**9 }}",
    "{% set t = 'a' * 99999 %}{{ t * 99999 }}",
]
_FIGURES = [
    "{{ 10**10**10 }}",
    "{{ 9**9**9 }}",
    "{{ 2 ** 10**9 }}",
    "{{ (2 ** 39) ** 60 }}",
    "{{ n ** (n ** n) ** n }}",
    _again("{% set n.t = n.t * n.t %}", "9"),
    _again("{% set n.t = n.t + n.t %}{% set n.t = n.t * 1000 %}", "9"),
    "{{ ('f' * 99999)|int(0, 16) }}",
    "{{ ('1' * 90000)|int(base=2) }}",
    "{{ 1.5|round(10**9, 'ceil') }}",
    "{{ 5|round(-10**9) }}",
    "{{ 1.5|round(precision=10**9) }}",
    "{{ (1).to_bytes(10**9, 'big') }}",
    "{{ n.to_bytes(10**9, 'big') }}",
    "{{ n.from_bytes(long) }}",
    "{{ 1e308|int * 10**12 }}",
    "{{ [10**11] * 20000 | sum ** 60 }}",
]
_PADDING = [
    "{{ '%1000000000d' % 1 }}",
    "{{ '%*d' % (10**9, 1) }}",
    "{{ '%.1000000000f' % 1.0 }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ '{:>{w}}'.format(1, w=10**9) }}",
    "{{ '{0:1000000000}'.format_map({'0': 1}) }}",
    "{{ 'a'|center(10**9) }}",
    "{{ 'a'|indent(10**9) }}",
    "{{ long|wordwrap(1, true, long) }}",
    "{{ 'a'.ljust(10**9) }}",
    "{{ 'a'.rjust(10**9) }}",
    "{{ 'a'.center(10**9) }}",
    "{{ 'a'.zfill(10**9) }}",
    "{{ ('a\\t' * 9999).expandtabs(10**6) }}",
    "{{ 'a'.join(long) }}",
    "{{ long.replace('b', long) }}",
    "{{ x.format(*[long] * 1000) }}",
    "{{ 'a'|pprint }}",
    "{{ words|tojson(10**9) }}",
    "{{ words|batch(10**9, 'x')|list }}",
    "{{ words|slice(10**9)|list }}",
    "{{ {'a': long}|xmlattr }}{{ long|urlize }}",
    "{{ lipsum(n=10**9) }}",
    "{{ lipsum(1, true, 10**8, 10**9) }}",
]
_GROWING = [
    "{{ ('a' * 1000)|replace('a', 'b' * 99999) }}",
    "{{ long|replace('', long) }}",
    "{{ x" + "|replace('a', 'aaaaaaaaaa')" * 40 + " }}",
    "{{ (['a' * 10] * 9999)|join('b' * 100) }}",
    "{{ long|join(long) }}",
    "{{ long|list|join(long) }}",
    "{{ words|join(long)|join(long)|join(long) }}",
    "{{ words" + "|join(', , , , , ')" * 60 + " }}",
    "{{ [long, long]|join(long, attribute='x') }}",
    "{{ ([long] * 9)|join }}",
    "{{ (['<' * 9999] * 9)|join('>' * 99999) }}",
    "{{ " + " ~ ".join(["long"] * 999) + " }}",
    "{{ long" + "|escape|string|forceescape" * 30 + " }}",
    "{{ long" + "|urlencode" * 60 + " }}",
    "{{ words|map('replace', '', long)|list }}",
    "{{ long|map('replace', 'b', long)|join }}",
    "{{ ([words] * 3000)|sum(start=[]) }}",
    "{{ words|default(long * 99, true) * 9 }}",
    "{{ long|truncate(10**9, true, long * 9) }}",
    _again("{% set n.t = n.t ~ n.t %}"),
    _again("{% set n.t = n.t + n.t %}"),
    _again("{% set n.t %}{{ n.t }}{{ n.t }}{% endset %}"),
    _again("{% set n.t = [n.t, n.t]|join %}"),
    _again("{% set n.t = n.t|replace('a', 'aa') %}"),
    _again("{% set n.t = n.t + n.t %}{% set n.u = n.t[1:] %}", "[1]"),
    "{% macro d(t) %}{{ t }}{{ t }}{% endmacro %}" + _again("{% set n.t = d(n.t) %}"),
    "{% macro d() %}{{ caller() }}{{ caller() }}{% endmacro %}"
    + "{% call d() %}" * 15
    + "<b>bold</b>" * 99
    + "{% endcall %}" * 15,
    _again("{% filter replace('a', 'aa') %}{{ n.t }}{{ long }}{% endfilter %}"),
]
_NESTED = [
    _again("{% set n.t = [n.t, n.t] %}") + "{{ n.t }}",
    _again("{% set n.t = [n.t, n.t] %}") + "{{ n.t|string|length }}",
    _again("{% set n.t = [n.t, n.t] %}") + "{{ n.t ~ '' }}",
    _again("{% set n.t = [n.t, n.t] %}") + "{{ n.t|join }}",
    _TWO + "{{ n.t == n.u }}",
    _TWO + "{{ n.t < n.u }}",
    _TWO + "{{ n.t in [n.u] }}",
    _TWO + "{{ n.t is eq n.u }}",
    _TWO + "{{ [n.t].index(n.u) }}",
    _TWO + "{{ [n.t, n.u]|sort }}",
    _TWO + "{{ [n.t, n.u]|max }}",
    _again("{% set n.t = (n.t, n.t) %}") + "{{ {n.t: 1} }}",
    _again("{% set n.t = (n.t, n.t) %}") + "{{ {'a': 1}[n.t] }}",
    _again("{% set n.t = (n.t, n.t) %}") + "{{ [n.t, n.t]|unique|list }}",
    _again("{% set n.t = (n.t, n.t) %}") + "{{ {'a': 1}.get(n.t) }}",
    _again("{% set n.t = {'a': n.t, 'b': n.t} %}") + "{{ n.t }}",
    _again("{% set n.t = dict(a=n.t, b=n.t) %}") + "{{ n.t }}",
    _again("{% set n.t = dict(a=n.t, b=n.t).items() %}") + "{{ n.t }}",
    _again("{% set n.t = {'a': n.t, 'b': n.t}.values() %}") + "{{ n.t }}",
    _again("{% set n.t = cycler(n.t, n.t) %}") + "{{ n.t.items }}",
    _again("{% set n.t = cycler(n.t, n.t).items %}") + "{{ n.t }}",
    _again("{% set n.t = namespace(a=n.t, b=n.t) %}") + "{{ n.t }}",
    _again("{% set n.t = [n, n] %}") + "{{ n.t == n.t }}{{ n }}",
    _again("{{ v(n.t, n.t) }}{% macro v() %}{% set n.t = varargs %}{% endmacro %}") + "{{ n.t }}",
    "{% macro v(n) %}{% set n.t = varargs %}{% endmacro %}"
    + _again("{{ v(n, n.t, n.t) }}")
    + "{{ n.t }}",
    "{% macro v(n) %}{% set n.t = kwargs %}{% endmacro %}"
    + _again("{{ v(n, a=n.t, b=n.t) }}")
    + "{{ n.t }}",
    _again("{% set n.t = [n.t] * 9 %}") + "{{ n.t|map('string')|list }}",
    _again("{% set n.t = [n.t] * 9 %}") + "{{ n.t|map('join')|join }}",
    _again("{% set n.t = [n.t] * 9 %}") + "{% for a in n.t recursive %}{{ loop(a) }}{% endfor %}",
    _again("{% set n.t = [n.t, n.t]|list %}") + "{{ [n.t]|select('in', [n.t])|list }}",
    _again("") + _thousands("{% set n.t = [n.t] %}") + "{{ n.t }}",
]
_REPEATING = [
    "{% for n in range(10**9) %}{{ n }}{% endfor %}",
    "{% for n in range(0, 10**9, 2) %}{{ n }}{% endfor %}",
    "{{ range(10**9)|list }}",
    "{{ range(10**9)|sum }}",
    _thousands("") * 40,
    _thousands("{% for c in range(999) %}{% endfor %}"),
    "{% for a in range(999) %}{% for b in range(999) if b == a %}{% endfor %}{% endfor %}" * 40,
    "{% for a in range(999) %}{% for b in range(99) %}{{ long }}{% endfor %}{% endfor %}",
    _thousands("text " * 99),
    "{% set t %}" + _thousands("text " * 99) + "{% endset %}",
    "{% for a in long %}{% for b in long %}{{ a }}{% endfor %}{% endfor %}",
    _thousands("{{ long|upper|length }}"),
    _thousands("{{ long == long ~ a }}"),
    _thousands("{{ 'zz' in long }}"),
    _thousands("{% if long[1:] %}{% endif %}"),
    _thousands("{{ long.upper() }}"),
    "{{ long|select('in', long|list)|list }}",
    "{{ long|list|select('in', range(999)|list)|list }}",
    "{{ range(999)|map('string')|map('replace', '', long)|list }}",
    "{% for a in range(999) %}{{ long|list|sort|unique|list|length }}{% endfor %}",
    "{% for a in range(999) %}{{ long|title|wordcount }}{{ long|striptags }}{% endfor %}",
    "{{ ('<!--' * 24000)|striptags }}" * 200,
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    _macro(_MACRO_TWICE, "m('a' * 60)"),
    _macro("{% for i in n %}{{ m(n[1:]) }}{% endfor %}", "m('a' * 60)"),
    "{% for a in words recursive %}{{ loop(words) }}{% endfor %}",
    "{% for a in words recursive %}{{ loop(words) if loop.depth < 60 }}{% endfor %}",
    "{% block b %}{{ self.b() }}{% endblock %}",
    "{% include 'a.html' %}",
    "{% set d = (d|default('a' * 60))[1:] %}"
    + ("{% if d %}" + "{% include 'a.html' %}" * 2 + "{% endif %}"),
    "{% import 'a.html' as a %}",
    "{% extends 'a.html' %}",
]
_WRITTEN = [
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{{ " + "[" * 3000 + "]" * 3000 + " }}",
    "{{ " + "-" * 5000 + "1 }}",
    "{{ x" + "|upper" * 9000 + " }}",
    "{{ x" + ".y" * 5000 + " }}",
    "{{ " + "1 + " * 9000 + "1 }}",
    "{{ " + "not " * 9000 + "1 }}",
    "{% for a in words %}" * 60 + "{% endfor %}" * 60,
    "{% if x %}" * 400 + "{% endif %}" * 400,
    "a" * 100_001,
    "".join(f"{{% set a{n} = 'b' * 99999 %}}" for n in range(3000)),
]
HEAVY = [
    *_PRODUCTS, *_FIGURES, *_PADDING, *_GROWING, *_NESTED, *_REPEATING, *_WRITTEN,
]  # fmt: skip


@pytest.fixture(scope="module")
def meter() -> Iterator[CostMeter]:
    """Yield a process that tells what renders cost."""
    with metering() as found:
        yield found


@pytest.mark.parametrize("source", HEAVY, ids=range(len(HEAVY)))
def test_what_is_heavy_is_refused_at_once(meter: CostMeter, source: str) -> None:
    """Within two seconds of the processor and 100 MB, with an error of those that are told."""
    cost = meter.cost_of(source)
    assert cost.refused
    assert cost.most_bytes < 100_000_000
    assert cost.seconds < 8  # processors differ


def test_files_that_include_each_other_twice_are_paid_for() -> None:
    """Thirty files of two includes are a thousand million, without a loop or a call."""
    files = {f"{n}.html": f"{{% include '{n + 1}.html' %}}" * 2 for n in range(30)}
    with pytest.raises(FAULTS, match="the whole render takes more than"):
        rendered("{% include '0.html' %}", **files, **{"30.html": ""})


@pytest.mark.parametrize(
    "source",
    [source for source in HEAVY if len(source) < 2_000],
    ids=lambda source: source[:40],
)
def test_a_line_is_as_safe_and_has_less_time(source: str) -> None:
    """A subject is one of hundreds: a twentieth of a second is all it has."""
    start = time.thread_time()
    with pytest.raises(FAULTS):
        line_of(source, VALUES)
    assert time.thread_time() - start < 2


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ '=' * 72 }}", "=" * 72),
        ("{% for n in range(3) %}{{ loop.index }}/{{ loop.length }}{% endfor %}", "1/32/33/3"),
        (
            "{% for n in 'abc' if n != 'b' %}{{ n }}{% if loop.last %}.{% endif %}{% endfor %}",
            "ac.",
        ),
        ("{% for a, b in {'x': 1}.items() %}{{ a }}{{ b }}{% else %}none{% endfor %}", "x1"),
        ("{% for a in [] %}{% else %}none{% endfor %}", "none"),
        ("{{ x ~ '<' ~ 3 }}", "a&lt;3"),
        ("{% set t %}<b>{{ x }}</b>{% endset %}{{ t }}", "<b>a</b>"),
        ("{{ ['a', '<b>']|join(', ') }}{{ 'aba'|replace('a', 'x') }}", "a, &lt;b&gt;xbx"),
        ("{{ 'aba'|replace('a', 'x', 1) }}{{ ['<b>'|safe, '<']|join }}", "xba<b>&lt;"),
        ("{{ x.upper() }}{{ 7 % 4 }}{{ 2 ** 3 }}{{ 1 < n <= 7 }}{{ -n }}", "A38True-7"),
        ("{{ words|map('upper')|join }}{{ words|select('eq', 'a')|list }}", "AB[&#39;a&#39;]"),
        ("{{ long[:3] }}{{ words[-1] }}{{ words|reverse|first }}{{ 2.567|round(1) }}", "b cbb2.6"),
        ("{% macro m(t, u='!') %}<i>{{ t }}</i>{{ u }}{% endmacro %}{{ m('<') }}", "<i>&lt;</i>!"),
        ("{% macro m() %}({{ caller() }}){% endmacro %}{% call m() %}{{ x }}{% endcall %}", "(a)"),
        (
            "{% set n = namespace() %}{% for i in words %}{% set n.t = i %}{% endfor %}{{ n.t }}",
            "b",
        ),
        ("{% for i in [1, [2]] recursive %}{{ i if i is number else loop(i) }}{% endfor %}", "12"),
    ],
)
def test_what_is_light_works_as_ever(source: str, said: str) -> None:
    """Loops, sums, joins and escaping are Jinja's own."""
    assert rendered(source) == said


@pytest.mark.parametrize("asked", ["x.__class__", "x.__init__", "words.append", "long.format"])
def test_what_is_refused_once_is_refused_again(asked: str) -> None:
    """The sandbox remembers what it judged, by kind of value and name, and no more than that."""
    for _ in range(2):
        with pytest.raises(FAULTS):
            rendered(f"{{{{ {asked}(1) }}}}")
    assert rendered("{{ words.index('a') }}") == "0"
