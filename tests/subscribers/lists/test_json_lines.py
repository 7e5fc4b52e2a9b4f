"""JSON lines: an object is a record, whatever its values are, and what is none is told."""

from __future__ import annotations

import pytest

from subscribers.lists.json_lines import json_records, keys_of
from subscribers.lists.strict_csv import Record
from subscribers.values import RejectedLine


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("null", ""),
        ("true", "true"),
        ("false", "false"),
        ('"Zoë"', "Zoë"),
        ("7", "7"),
        ("[]", ""),
        ('["tech", "Zoë"]', "tech|Zoë"),
        ('["tech", 1]', '["tech", 1]'),
        ('{"a": "ë"}', '{"a": "ë"}'),
    ],
)
def test_a_value_is_written_as_a_cell(value: str, cell: str) -> None:
    """A list of texts as sections are parted, everything else as JSON has it, letters kept."""
    line = f'{{"x": 1, "value": {value}}}'
    assert list(json_records([line], ("value", "missing"))) == [Record(1, [cell, ""])]


def test_lines_keep_their_numbers_and_wrong_ones_are_told() -> None:
    """With what was there, cut where it is long; blank lines count and are nobody."""
    lines = [
        '{"a": "x"}\n',
        " \n",
        "  {nonsense\n",
        "[1]\n",
        '{"a": "123456"}\n',
        '{"a": "1234567", "b": "y"}\n',
        '{"a": "\\u0007"}\n',
        '"1234567"',
    ]
    found = list(json_records(lines, ("a", "b"), longest=6))
    assert found == [
        Record(1, ["x", ""]),
        RejectedLine(
            3,
            "it is not JSON (Expecting property name enclosed in double quotes:"
            " line 1 column 4 (char 3))",
            ("{nonse",),
        ),
        RejectedLine(4, "it is no JSON object", ("[1]",)),
        Record(5, ["123456", ""]),
        RejectedLine(6, "a value has more than 6 characters", ("123456", "y")),
        RejectedLine(7, "it holds a control character", ("\x07", "")),
        RejectedLine(8, "it is no JSON object", ('"12345',)),
    ]


def test_a_value_may_be_as_long_as_a_cell() -> None:
    """A thousand letters."""
    record, fault = json_records([f'{{"a": "{"x" * n}"}}' for n in (1_000, 1_001)], ("a",))
    assert isinstance(record, Record)
    assert isinstance(fault, RejectedLine)
    assert fault.what == "a value has more than 1,000 characters"


def test_keys_are_those_of_every_line_in_the_order_they_are_met() -> None:
    """What is no object has none."""
    lines = ['{"b": 1, "a": 2}\n', "\n", "{\n", "[3]\n", '{"c": 1, "a": 2}']
    assert keys_of(lines, "x") == ("b", "a", "c")
