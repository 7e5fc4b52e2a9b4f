"""The sandbox's limits on time and memory: a template may be wrong, never heavy.

Jinja's sandbox keeps a template from Python's insides, but not from `'a' * 10 ** 9`, from a macro
that calls itself twice, or from loops in loops. So each turn of a loop and each call counts, texts
have a largest length wherever they can grow, and what grows by a mere figure is not there at all.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import do_replace, sync_do_join
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_eval_context
from jinja2.visitor import NodeTransformer

from digest.render.template_lines import LineKeeper

MOST_STEPS = 200_000
MOST_LETTERS = 200_000
MOST_WRITTEN = 2_000_000
SECONDS = 5.0
_MOST_RANGE = 1_000
_MOST_FIGURE = 10**12
_LOOK_EVERY = 64
_MOST_JUDGED = 4_000
_GROWING = (
    *("batch", "center", "format", "indent", "pprint"),
    *("random", "slice", "urlize", "wordwrap", "xmlattr"),
)
_TEXT_METHODS = frozenset(
    {
        *("capitalize", "endswith", "lower", "lstrip", "rstrip"),
        *("split", "startswith", "strip", "title", "upper"),
    }
)


@dataclass(slots=True)
class _Account:
    """The budget that one rendering has used so far."""

    ends_at: float = field(default_factory=lambda: time.monotonic() + SECONDS)
    steps: int = 0
    written: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise SecurityError(f"it takes more than {MOST_STEPS:,} steps")
        if self.steps % _LOOK_EVERY == 0 and time.monotonic() > self.ends_at:
            raise SecurityError(f"it takes longer than {SECONDS:g} s")

    def write(self, letters: int) -> None:
        self.written += letters
        if self.written > MOST_WRITTEN:
            raise SecurityError(f"it writes more than {MOST_WRITTEN:,} characters")


_account: ContextVar[_Account | None] = ContextVar("account", default=None)


@contextmanager
def limited() -> Iterator[None]:
    """Yield what is rendered inside an account of its own."""
    token = _account.set(_Account())
    try:
        yield
    finally:
        _account.reset(token)


class LimitedEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with limits; an error is a SecurityError at the template's own line."""

    code_generator_class = LineKeeper
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Jinja's own options
        """Take away what grows by a mere figure."""
        super().__init__(**options, finalize=_written)
        self._judged: dict[tuple[type, str], bool] = {}
        for name in _GROWING:
            del self.filters[name]
        self.filters |= {"counted": _counted, "bounded": bounded, "join": _join}
        self.filters["replace"] = _replace
        del self.globals["lipsum"]
        self.globals["range"] = _range

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Count the turns of every loop, and bound what is joined or kept."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = _through("counted", loop.iter)
        for kept in tree.find_all(nodes.AssignBlock):
            kept.filter = _through("bounded", kept.filter)
        _Joins().visit(tree)
        return tree

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - any value of a template
        """Work out what cannot become large."""
        if operator == "*":
            _check_product(left, right)
        elif operator == "**":
            _check_power(left, right)
        elif operator == "%" and isinstance(left, str):
            raise SecurityError("% on a text is not allowed: use ~ to join")
        return bounded(super().call_binop(context, operator, left, right))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401 - as above
        """Let texts be asked and cut, not padded."""
        if isinstance(obj, str) and callable(value):
            return attr in _TEXT_METHODS
        asked = type(obj), attr  # all that Jinja looks at, and it is asked at every dot
        if asked not in self._judged:
            if len(self._judged) >= _MOST_JUDGED:
                self._judged.clear()
            self._judged[asked] = bool(super().is_safe_attribute(obj, attr, value))
        return self._judged[asked]

    def wrap_str_format(self, _value: Any) -> None:  # noqa: ANN401 - as above
        """Return no str.format: its widths make a text of any length."""
        return

    def call(self, context: Context, called: Any, /, *args: Any, **given: Any) -> Any:  # noqa: ANN401 - as above
        """Count the call; a macro that calls itself is a loop too."""
        _step()
        if not self.is_safe_callable(called):
            raise SecurityError(f"{called!r} is not safely callable")
        return bounded(context.call(called, *args, **given))


def bounded(value: Any) -> Any:  # noqa: ANN401 - any value of a template
    """Return the value back if it is not too large."""
    if isinstance(value, str | list | tuple):
        _check_length(len(value))
    if isinstance(value, int) and abs(value) > _MOST_FIGURE:
        raise SecurityError("it makes a figure that is too large")
    return value


def _through(name: str, inner: nodes.Node | None) -> nodes.Filter:
    return nodes.Filter(inner, name, [], [], None, None, lineno=inner.lineno if inner else 1)


class _Joins(NodeTransformer):
    """Bounds what `~` makes: a text joined with itself forty times is a million million long."""

    def visit_Concat(self, node: nodes.Concat, *_: object) -> nodes.Filter:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        return _through("bounded", node)


def _step() -> None:
    account = _account.get()
    if account is not None:
        account.step()


def _counted(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        _step()
        yield value


def _written(value: object) -> object:
    """Count what an expression writes; other values than texts are short."""
    account = _account.get()
    if account is not None and isinstance(value, str):
        account.write(len(value))
    return value


def _range(*ends: int) -> range:
    found = range(*ends)
    if len(found) > _MOST_RANGE:
        raise SecurityError(f"a range of {len(found):,}; {_MOST_RANGE:,} is the most")
    return found


def _check_product(left: object, right: object) -> None:
    for text, times in ((left, right), (right, left)):
        if isinstance(text, str | list | tuple) and isinstance(times, int):
            _check_length(len(text) * times)


def _check_power(left: object, right: object) -> None:
    most = 64
    if not all(isinstance(one, int | float) and abs(one) <= _MOST_FIGURE for one in (left, right)):
        raise SecurityError("** is for figures")
    if isinstance(right, int | float) and abs(right) > most:
        raise SecurityError(f"a power of {right:,}; {most} is the most")


@pass_eval_context
def _join(
    context: nodes.EvalContext, value: Iterable[object], d: str = "", attribute: str | None = None
) -> str:
    """Join as Jinja does, what was weighed before."""
    parts = list(value)
    _check_length(sum(len(str(part)) for part in parts) + len(str(d)) * len(parts))
    return sync_do_join(context, parts, d, attribute)


@pass_eval_context
def _replace(context: nodes.EvalContext, value: str, old: str, new: str) -> str:
    """Replace as Jinja does, what was weighed before."""
    _check_length(len(str(value)) + str(value).count(str(old)) * len(str(new)))
    return do_replace(context, value, old, new)


def _check_length(length: int) -> None:
    if length > MOST_LETTERS:
        raise SecurityError(f"it makes a text or list of {length:,}")
