"""CSV, read strictly: records, faults with what was there, and bounds to the letter."""

from __future__ import annotations

from subscribers.lists.strict_csv import Dialect, Record, records
from subscribers.values import RejectedLine

OPEN = 'a quotation mark (") is opened and not closed'
BEHIND = 'after a closing quotation mark (") something stands before the next column'


def test_a_quotation_mark_inside_a_cell_is_doubled_or_escaped() -> None:
    """As the file writes them; escapes are wrong where marks are doubled."""
    doubled, escaped = '"Anna ""A"" Ahl",x\n', '"Anna \\"A\\" Ahl",x\n'
    record = Record(1, ['Anna "A" Ahl', "x"])
    assert list(records([doubled], Dialect())) == [record]
    assert list(records([escaped], Dialect(escaped=True))) == [record]
    assert list(records([escaped], Dialect())) == [RejectedLine(1, BEHIND, (escaped.strip(),))]


def test_a_cell_over_two_lines_that_holds_an_address_is_a_fault() -> None:
    """It costs its first line, and the second is read by itself; without one it is a note."""
    lines = ['a@x.example,"A\n', 'b@x.example,"\n', "c@x.example,C\n"]
    lost = f"{OPEN} before line 2: addresses would be lost in it"
    assert list(records(lines, Dialect())) == [
        RejectedLine(1, lost, ("a@x.example", "A\nb@x.example,")),
        RejectedLine(2, OPEN, ('b@x.example,"',)),
        Record(3, ["c@x.example", "C"]),
    ]
    note = ['a@x.example,"A\n', 'note"\n', "b@x.example,B\n"]
    assert list(records(note, Dialect())) == [
        Record(1, ["a@x.example", "A\nnote"]),
        Record(3, ["b@x.example", "B"]),
    ]


def test_an_open_quotation_mark_is_told_with_its_line() -> None:
    """As long as what it may be, and no longer."""
    lines = ['x,"Anna\r\n', "y,Bert\r\n"]
    assert list(records(lines, Dialect())) == [
        RejectedLine(1, OPEN, ('x,"Anna',)),
        Record(2, ["y", "Bert"]),
    ]
    long = ['x,"Anna' + "n" * 50 + "\n", *(f"{n}\n" for n in range(40))]
    first, *others = records(long, Dialect(), columns=2, longest=30)
    assert first == RejectedLine(1, OPEN, (long[0].strip()[:30],))
    assert others == [Record(n + 2, [str(n)]) for n in range(40)]


def test_a_cell_may_be_as_long_as_it_may() -> None:
    """One letter more is a fault; rows of delimiters are nobody."""
    lines = ["12345,x\n", ",,\n", "123456,x\n", "1,2,3,4,5\n"]
    assert list(records(lines, Dialect(), columns=9, longest=5)) == [
        Record(1, ["12345", "x"]),
        RejectedLine(3, "a cell has more than 5 characters", ("123456", "x")),
        Record(4, ["1", "2", "3", "4", "5"]),
    ]


def test_a_control_character_is_told_with_what_was_there() -> None:
    """On whichever line of its record."""
    assert list(records(['x,"A\n', 'B\x07"\n'], Dialect())) == [
        RejectedLine(1, "it holds a control character", ("x", "A\nB\x07")),
        RejectedLine(2, "it holds a control character", ('B\x07"',)),
    ]


def test_a_cell_beyond_what_the_reader_holds_was_never_closed() -> None:
    """128 KiB; the next line is read."""
    lines = ['"' + "x" * 140_000 + "\n", "y\n"]
    first, second = records(lines, Dialect(), columns=2, longest=100_000)
    assert first == RejectedLine(1, OPEN, (lines[0][:100_000],))
    assert second == Record(2, ["y"])
