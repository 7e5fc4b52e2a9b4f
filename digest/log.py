"""The log: events with fields, one a line, on stderr; never a full address, never a secret.

What a command tells a person is not the log's business. Every line passes `mask`. The log is silent
until `configure` is called, and structlog is imported by the first line that is written: a command
that logs nothing does not pay for it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from traceback import format_exc
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from digest.errors import ConfigError

if TYPE_CHECKING:
    from structlog.typing import EventDict, FilteringBoundLogger

_ADDRESS = re.compile(r"([^\s<>@,;:\"'()\[\]])[^\s<>@,;:\"'()\[\]]*@")
_LONGEST = 400
_TRACE = "exception"  # structlog's name for a trace: its console writes it on lines of its own
_SHORTEST_SECRET = 4  # shorter ones would blot out ordinary words

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "off": 100}
_FORMS = ("text", "json")
_fields: ContextVar[Mapping[str, object]] = ContextVar("fields", default=MappingProxyType({}))


def mask(text: str, *secrets: str) -> str:
    """Return `text` with each address as `a…@host`, secrets blotted out, on one short line."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    text = " ".join(text.split())
    if "@" in text:
        text = _ADDRESS.sub(r"\1…@", text)
    return text[:_LONGEST]


@dataclass(frozen=True, slots=True)
class LogOptions:
    """From which level on lines are written, whether as JSON, and the name of this run."""

    level: str = "off"
    as_json: bool = False
    run: str = ""

    @classmethod
    def of(cls, environ: Mapping[str, str], run: str) -> LogOptions:
        """Read DIGEST_LOG and DIGEST_LOG_LEVEL. ConfigError for a value that is none of theirs."""
        form = _one_of(_FORMS, environ.get("DIGEST_LOG") or "text", "DIGEST_LOG")
        level = _one_of(LEVELS, environ.get("DIGEST_LOG_LEVEL") or "info", "DIGEST_LOG_LEVEL")
        return cls(level, form == "json", run)


def _one_of(known: Iterable[str], word: str, name: str) -> str:
    names = tuple(known)
    if word.lower() in names:
        return word.lower()
    from difflib import get_close_matches

    close = get_close_matches(word.lower(), names, n=1)
    raise ConfigError(
        f'there is no "{word}" for the log',
        where=name,
        fix=f'Did you mean "{close[0]}"?' if close else f"It is one of: {', '.join(names)}.",
    )


class Log:
    """The log of this process. Each method takes an event and its fields; none ever raises."""

    def __init__(self) -> None:
        """Begin silent."""
        self._options = LogOptions()
        self._lowest = LEVELS["off"]
        self._secrets: frozenset[str] = frozenset()
        self._logger: FilteringBoundLogger | None = None

    def configure(self, options: LogOptions) -> None:
        """Write lines from now on as `options` say; earlier secrets are forgotten."""
        self._options, self._lowest = options, LEVELS[options.level]
        self._secrets, self._logger = frozenset(), None

    def hide(self, *secrets: str) -> None:
        """Blot these texts out of every line."""
        self._secrets |= {one for one in secrets if len(one) >= _SHORTEST_SECRET}

    @property
    def as_json(self) -> bool:
        """Whether lines are JSON, so that nothing else may be written between them."""
        return self._options.as_json and self._lowest < LEVELS["off"]

    @property
    def is_debug(self) -> bool:
        """Whether debug lines are written: ask before a field is computed for each mail."""
        return self._lowest <= LEVELS["debug"]

    def debug(self, event: str, **fields: object) -> None:
        """Log what only a developer wants to know."""
        self._write("debug", event, fields)

    def info(self, event: str, **fields: object) -> None:
        """Log a step of a run."""
        self._write("info", event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """Log what an operator should look at; the run goes on."""
        self._write("warning", event, fields)

    def error(self, event: str, **fields: object) -> None:
        """Log what ended a run."""
        self._write("error", event, fields)

    def exception(self, event: str, **fields: object) -> None:
        """Log the exception that is being handled, with its trace."""
        self._write("error", event, {**fields, _TRACE: format_exc()})

    def _write(self, level: str, event: str, fields: Mapping[str, object]) -> None:
        if LEVELS[level] < self._lowest:
            return
        with suppress(OSError, ValueError):  # a stderr that is gone is no reason to stop a send
            if self._logger is None:
                self._logger = self._make()
            getattr(self._logger, level)(event, **{**_fields.get(), **fields})

    def _make(self) -> FilteringBoundLogger:
        with _without("rich"):  # structlog draws traces with it, which are text here
            import structlog

        colours = not self._options.as_json and sys.stderr.isatty()
        renderer = (
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if self._options.as_json
            else structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=24)
        )
        logger: FilteringBoundLogger = structlog.wrap_logger(
            _Stderr(),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
                self._masked,
                renderer,
            ],
            wrapper_class=structlog.make_filtering_bound_logger(self._lowest),
            cache_logger_on_first_use=True,
        )
        return logger.bind(run=self._options.run) if self._options.run else logger

    def _masked(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        """Mask every value, whoever wrote it; a processor of structlog."""
        masked = {name: self._plain(value) for name, value in event.items()}
        if _TRACE in event:
            lines = str(event[_TRACE]).rstrip().splitlines()
            masked[_TRACE] = "\n".join(map(self._trace_line, lines))
        return masked

    def _trace_line(self, line: str) -> str:
        indent = " " * (len(line) - len(line.lstrip()))
        return indent + mask(line, *self._secrets)

    def _plain(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        return mask(str(value), *self._secrets)


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Have an import of a module in this block fail, unless it is there already."""
    if module in sys.modules:
        yield
        return
    # None is how the import system notes that a module is not to be found.
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


class _Stderr:
    """Writes whole lines to whatever stderr is at that moment."""

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = msg


@contextmanager
def fields(**values: Any) -> Iterator[None]:  # noqa: ANN401 - whatever str() can show
    """Add these fields to every line that is logged inside the block."""
    token = _fields.set({**_fields.get(), **values})
    try:
        yield
    finally:
        _fields.reset(token)


log = Log()
