"""The template sandbox for one line of text: no way out, and no work that could take long.

Jinja's own sandbox keeps a template from Python's insides, but not from `'a' * 10 ** 9`, which
its optimiser would even work out while compiling. A subject needs values, conditions, a few
filters and nothing else, so everything else is refused before it is compiled: products, powers,
`%`, loops, assignments, calls. The two filters that can make text grow are bounded.
"""

from __future__ import annotations

from functools import cache, lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

TEMPLATE_LENGTH = 2_000
_GROWN_LENGTH = 20_000
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr,
    nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.Slice,
    nodes.Filter, nodes.Test, nodes.Keyword, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg,
)  # fmt: skip
_FILTERS = (
    "capitalize", "count", "d", "default", "first", "int", "last", "length", "list", "lower",
    "reverse", "sort", "string", "title", "trim", "truncate", "unique", "upper", "wordcount",
)  # fmt: skip


@lru_cache(maxsize=64)
def compile_line(source: str) -> Template:
    """Compile the newsroom's template of one line.

    Raises jinja2.TemplateError (a refusal is a SecurityError), or RecursionError if it is nested
    beyond reason. Undefined names fail when it is rendered.
    """
    if len(source) > TEMPLATE_LENGTH:
        raise SecurityError(f"it is longer than {TEMPLATE_LENGTH} characters")
    for node in _walk(_environment().parse(source)):
        if not isinstance(node, _ALLOWED):
            raise SecurityError(f"{_named(node)} is not allowed here, only values and conditions")
    return _environment().from_string(source)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters = {name: FILTERS[name] for name in _FILTERS}
    environment.filters |= {"join": _join, "replace": _replace}
    environment.globals = {}
    return environment


def _walk(tree: nodes.Node) -> list[nodes.Node]:
    found = [tree]
    for node in found:
        found.extend(node.iter_child_nodes())
    return found


def _named(node: nodes.Node) -> str:
    line = f" (line {node.lineno})" if getattr(node, "lineno", 0) else ""
    return f"{type(node).__name__.lower()}{line}"


def _join(value: object, between: object = "") -> str:
    parts = [str(part) for part in value] if isinstance(value, list | tuple | str) else None
    if parts is None:
        raise TemplateSyntaxError("join wants a list", 1)
    _bound(sum(map(len, parts)) + len(str(between)) * len(parts))
    return str(between).join(parts)


def _replace(value: object, old: object, new: object) -> str:
    text, before, after = str(value), str(old), str(new)
    _bound(len(text) + text.count(before) * len(after))
    return text.replace(before, after)


def _bound(length: int) -> None:
    if length > _GROWN_LENGTH:
        raise SecurityError(f"it makes a text of {length} characters")
