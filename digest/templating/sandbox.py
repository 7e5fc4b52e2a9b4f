"""The sandbox: Jinja's own, with every operation weighed and paid for.

A fault is a jinja2 error, SecurityError where a limit is met; `FAULTS` are all that a template of
the newsroom can raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from digest.templating.budget import work, write
from digest.templating.line_numbers import LineKeeper
from digest.templating.metering import ENTERED, KEPT, WEIGHED, metered
from digest.templating.weight import MOST, weighed, weight

MOST_SOURCE = 100_000
"""Characters of one template."""

FAULTS = (
    *(TemplateError, ArithmeticError, AttributeError, LookupError, MemoryError),
    *(RecursionError, SyntaxError, TypeError, ValueError),
)

_FILTERS = (
    *("abs", "attr", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first"),
    *("float", "forceescape", "groupby", "int", "items", "join", "last", "length", "list"),
    *("lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round"),
    *("safe", "select", "selectattr", "sort", "string", "striptags", "sum", "title", "trim"),
    *("truncate", "unique", "upper", "urlencode", "wordcount"),
)
"""Jinja's filters, without those that pad or wrap by a figure and those that guess or print."""

_TEXT_METHODS = frozenset(
    {
        *("capitalize", "endswith", "lower", "lstrip", "rstrip"),
        *("split", "startswith", "strip", "title", "upper"),
    }
)
_MOST_RANGE = 1_000
_MOST_POWER = 64
_CALL, _TURN = 10, 10  # units of work
_WRITING = 10  # letters: a text is an object too, however short
_MOST_JUDGED = 4_000


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for templates of the newsroom; `filters` are the caller's own.

    Undefined names are faults. Nothing is worked out while a template is compiled. Its work
    when it runs is taken off the budget (`on_budget`) that its caller runs it on.
    """

    code_generator_class = LineKeeper
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "**", "%"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self, filters: Mapping[str, Callable[..., Any]], **options: Any) -> None:  # noqa: ANN401 - Jinja's own options
        """Meter every filter and test there is."""
        super().__init__(**options, undefined=StrictUndefined, optimized=False, finalize=_written)
        given: dict[str, Callable[..., Any]] = {name: self.filters[name] for name in _FILTERS}
        given |= filters
        self.filters = {name: _paid(_foreseen(name, one)) for name, one in given.items()}
        self.filters |= {ENTERED: _entered, WEIGHED: weighed, KEPT: _kept}
        self.tests = {name: _paid(test) for name, test in self.tests.items()}
        del self.globals["lipsum"]
        self.globals["range"] = _range
        self._judged: dict[tuple[type, str], bool] = {}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse as Jinja does, and put the meter in."""
        if len(source) > MOST_SOURCE:
            raise SecurityError(f"it is longer than {MOST_SOURCE:,} characters")
        return metered(super()._parse(source, name, filename))

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002, ANN401 - Jinja's
        """Load what is included or imported: the one repetition that is no call and no loop."""
        work(_CALL)
        return super()._load_template(name, globals)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - any value of a template
        """Work out what cannot become large."""
        _pay(left, right)
        if operator == "*":
            _check_product(left, right)
        elif operator == "**":
            _check_power(left, right)
        elif operator == "%" and isinstance(left, str):
            raise SecurityError("% on a text is not allowed: use ~ to join")
        return _kept(super().call_binop(context, operator, left, right))

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:  # noqa: ANN401 - as above
        """Take the sign of a figure that was weighed."""
        _pay(arg)
        return super().call_unop(context, operator, arg)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - as above
        """Weigh a key before it is hashed or compared."""
        if not isinstance(argument, str | int):
            _pay(argument)
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401 - as above
        """Let texts be asked and cut, not padded; let figures be shown. Judged once a type."""
        if isinstance(obj, str | int | float) and callable(value):
            return isinstance(obj, str) and attr in _TEXT_METHODS
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
        """Pay for the call, for what it is given and for what it returns."""
        _pay(getattr(called, "__self__", None), *args, *given.values())
        if not self.is_safe_callable(called):
            raise SecurityError(f"{called!r} is not safely callable")
        return _kept(context.call(called, *args, **given))


def _pay(*values: object) -> None:
    """Weigh what an operation is given, and take the operation off the budget."""
    work(_CALL + sum(map(weight, values)) // 10)


def _kept(value: Any) -> Any:  # noqa: ANN401 - any value of a template
    """Return a result that is small: a list in place of an iterator. Its letters are paid for."""
    if isinstance(value, Iterator):
        value = _listed(value)
    write(weight(value))
    return value


def _listed(values: Iterator[object]) -> list[object]:
    """Return what an iterator has, which is worked out as it is asked for."""
    found: list[object] = []
    for value in values:
        if len(found) >= MOST // 10:
            raise SecurityError(f"it makes a list of more than {MOST // 10:,}")
        work(_TURN)
        found.append(value)
    return found


@pass_context  # so that Jinja does not ask it while it compiles
def _written(_context: Context, value: object) -> str:
    """Return what an expression writes, as text."""
    if not isinstance(value, str):
        weight(value)
        value = str(value)
    write(_WRITING + len(value))
    return value


def _entered(letters: int) -> None:
    work(_TURN)
    write(letters)


def _paid(operation: Any) -> Any:  # noqa: ANN401 - a filter or a test
    """Meter a filter or test; what Jinja knows of it (`pass_context` …) is kept."""

    @wraps(operation)
    def paid(*given: object, **named: object) -> Any:  # noqa: ANN401 - as above
        _pay(*given, *named.values())
        return _kept(operation(*given, **named))

    return paid


def _foreseen(name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
    """Put before a filter what foresees the size of its result, where that is not what goes in."""
    foresee = _FORESEEN.get(name)
    if foresee is None:
        return operation

    @wraps(operation)
    def foreseen(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        foresee(*given[1:] if hasattr(operation, "jinja_pass_arg") else given, **named)
        return operation(*given, **named)

    return foreseen


def _foresee_join(value: Any, d: object = "", **_: object) -> None:  # noqa: ANN401 - as above
    _check_length(len(list(value)) * len(str(d)))


def _foresee_replace(s: object, old: object, new: object, *_: object, **_named: object) -> None:
    _check_length(str(s).count(str(old)) * len(str(new)))


def _foresee_round(_value: object, precision: int = 0, *_: object) -> None:
    _check_power(10, precision)


_FORESEEN: Mapping[str, Callable[..., None]] = {
    "join": _foresee_join,
    "replace": _foresee_replace,
    "round": _foresee_round,
}


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
    if not all(isinstance(one, int | float) for one in (left, right)):
        raise SecurityError("** is for figures")
    if isinstance(right, int | float) and abs(right) > _MOST_POWER:
        raise SecurityError(f"a power of {right:,}; {_MOST_POWER} is the most")


def _check_length(length: int) -> None:
    if length > MOST:
        raise SecurityError(f"it makes a text or list of {length:,}; {MOST:,} is the most")
