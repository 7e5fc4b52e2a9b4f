"""The log: what a line looks like, and that addresses and secrets leave no trace."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import ConfigError
from digest.log import Log, LogOptions, fields, mask

SECRET = "canary-password"
ADDRESS = "canary.reader@inbox.example"
EVENT = f"refused {ADDRESS} with {SECRET}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("no such user <ann@b.example>", "no such user <a…@b.example>"),
        ("ann@b.example, bob@c.example", "a…@b.example, b…@c.example"),
        ("bounce+ann=b.example@n.example", "b…@n.example"),
        ("two\r\nlines\x00", "two lines"),
        ("nobody here", "nobody here"),
    ],
)
def test_addresses_are_masked(text: str, masked: str) -> None:
    """Only the first letter and the host stay."""
    assert mask(text) == masked


def test_secrets_are_blotted_out() -> None:
    """A server that repeats the password does not bring it into our messages."""
    assert (
        mask("login of bob with hunter2 failed", "hunter2", "bob", "") == "login of … with … failed"
    )


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def as_json(level: str = "info") -> Log:
    log = Log()
    log.configure(LogOptions(level, as_json=True, run="4f2a"))
    return log


def test_a_line_of_json_has_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """The event, the level, the time, the run, what the block added, and numbers as numbers."""
    log = as_json()
    with fields(edition="daily"), fields(issue="daily/2026-11-23"):
        log.info("issue planned", planned=3)
    log.warning("outside")
    first, second = lines_of(capsys)
    assert first.pop("timestamp")
    assert first == {
        "event": "issue planned",
        "level": "info",
        "run": "4f2a",
        "edition": "daily",
        "issue": "daily/2026-11-23",
        "planned": 3,
    }
    assert (second["level"], "issue" in second) == ("warning", False)


@pytest.mark.parametrize("in_json", [True, False])
def test_a_trace_keeps_its_lines_and_no_address(
    capsys: pytest.CaptureFixture[str], *, in_json: bool
) -> None:
    """Each line passes the mask, and its indent stays."""
    log = Log()
    log.configure(LogOptions("error", as_json=in_json))
    log.hide("hunter2")
    try:
        int("anna@reader.example wrote hunter2")
    except ValueError:
        log.exception("a page failed", page="/subscribe")
    said = capsys.readouterr().err
    trace = json.loads(said)["exception"] if in_json else said
    assert "a page failed" in said
    assert 'Traceback (most recent call last):\n  File "' in trace
    assert "a…@reader.example wrote …" in trace


def test_a_line_for_people_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Without colours where stderr is no terminal, and without the line ends of a value."""
    log = Log()
    log.configure(LogOptions("info"))
    log.info("server throttles", said="421\r\n4.7.0 slow down")
    (line,) = capsys.readouterr().err.splitlines()
    assert "server throttles" in line
    assert "421 4.7.0 slow down" in line
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("level", "seen"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("off", []),
    ],
)
def test_lower_levels_are_not_written(
    capsys: pytest.CaptureFixture[str], level: str, seen: list[str]
) -> None:
    """The level says from where on."""
    log = as_json(level)
    for write in (log.debug, log.info, log.warning, log.error):
        write("event")
    assert [line["level"] for line in lines_of(capsys)] == seen


def test_a_log_that_was_not_configured_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """A library that is called by another program says nothing by itself."""
    Log().error("event")
    assert capsys.readouterr().err == ""


@settings(deadline=None)  # the first line imports structlog
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True).filter(lambda name: name != "event"),
        st.sampled_from([ADDRESS, SECRET, f"x{SECRET}x", f"<{ADDRESS}>", None, 3, [ADDRESS]]),
        max_size=4,
    )
)
def test_no_address_and_no_secret_is_ever_written(values: dict[str, object]) -> None:
    """Whatever field it is in, and whatever is around it."""
    log = as_json()
    log.hide(SECRET)
    with pytest.MonkeyPatch.context() as patch, fields(**values):
        written = _Kept()
        patch.setattr(sys, "stderr", written)
        log.info(EVENT, **values)
    assert "canary" not in written.text.replace("c…@", "")
    assert ADDRESS not in written.text


class _Kept:
    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


class _Gone(_Kept):
    def write(self, text: str) -> None:
        raise BrokenPipeError(text)


def test_a_stderr_that_is_gone_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that was closed is no reason to stop a send."""
    monkeypatch.setattr(sys, "stderr", _Gone())
    as_json().error("event")


def test_the_environment_decides() -> None:
    """Words in any case; the defaults are info and text."""
    assert LogOptions.of({}, "r") == LogOptions("info", as_json=False, run="r")
    environ = {"DIGEST_LOG": "JSON", "DIGEST_LOG_LEVEL": "Debug"}
    assert LogOptions.of(environ, "r") == LogOptions("debug", as_json=True, run="r")


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"DIGEST_LOG": "jsonl"}, 'Did you mean "json"'),
        ({"DIGEST_LOG_LEVEL": "warn"}, 'Did you mean "warning"'),
        ({"DIGEST_LOG_LEVEL": "9"}, "debug, info, warning, error, off"),
    ],
)
def test_a_value_that_is_none_is_told(environ: dict[str, str], told: str) -> None:
    """With the nearest one, or all of them."""
    with pytest.raises(ConfigError, match=told):
        LogOptions.of(environ, "")


def test_structlog_is_not_imported_before_the_first_line() -> None:
    """`digest --help` does not pay for it."""
    code = "import sys, digest.cli.app, digest.log; sys.exit('structlog' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_rich_is_not_imported_for_lines_and_can_be_later() -> None:
    """It would be imported to draw traces with; ours are text, so a start does not pay for it."""
    code = """
import sys
from digest.log import LogOptions, log
log.configure(LogOptions("info"))
log.info("a line")
print("rich" in sys.modules)
import rich
print(rich.__name__)
"""
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["False", "rich"]
    assert "a line" in said.stderr
