"""Files of readers: whatever their delimiter, and every wrong line by its number."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscribers.errors import ImportUnreadable
from subscribers.lists.importing import read_csv
from subscribers.values import Fault, Row

SECTIONS = ("tech", "world")


def _read(tmp_path: Path, content: str | bytes) -> list[Row | Fault]:
    path = tmp_path / "readers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_csv(path, SECTIONS))


def _only_row(tmp_path: Path, content: str | bytes) -> Row:
    (row,) = _read(tmp_path, content)
    assert isinstance(row, Row)
    return row


def test_every_column_is_read_by_its_header(tmp_path: Path) -> None:
    """In any order, with columns that mean nothing here between them."""
    row = _only_row(
        tmp_path,
        "timezone,city,Email,sections,name,locale\n"
        'Europe/London,York,Jane@news.example,"world,tech",Jane Doe,en-GB\n',
    )
    assert (row.line, row.address.key, row.name) == (2, "jane@news.example", "Jane Doe")
    assert (row.sections, row.locale, row.timezone) == ("tech,world", "en-GB", "Europe/London")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_spreadsheets_write_it_as_they_like(
    tmp_path: Path, delimiter: str, end: str, encoding: str
) -> None:
    """Delimiter, line ends and byte order mark are taken as they come."""
    lines = [delimiter.join(("email", "name")), delimiter.join(("j@news.example", "Jörg"))]
    row = _only_row(tmp_path, (end.join(lines) + end).encode(encoding))
    assert (row.address.addr_spec, row.name) == ("j@news.example", "Jörg")


@pytest.mark.parametrize("cell", ["tech;world", "world tech", "Tech|World", '"tech, world"'])
def test_sections_may_be_parted_in_any_usual_way(tmp_path: Path, cell: str) -> None:
    """By semicolon, space, bar or comma, in any case."""
    assert _only_row(tmp_path, f"email,sections\nj@news.example,{cell}\n").sections == "tech,world"


def test_wrong_lines_are_named_and_the_good_ones_stay(tmp_path: Path) -> None:
    """Each with its number in the file and what is wrong with it."""
    found = _read(
        tmp_path,
        "email,name,sections,locale,timezone\n"
        "good@news.example,,,,\n"
        "nonsense,,,,\n"
        "\n"
        ",,,,\n"
        ",Nobody,,,\n"
        "a@news.example,,sport,,\n"
        "b@news.example,,,english!,\n"
        "c@news.example,,,,Mars/Base\n"
        "GOOD@news.example,,,,\n"
        "last@news.example,,,,\n",
    )
    assert [row.line for row in found if isinstance(row, Row)] == [2, 11]
    faults = {fault.line: fault.what for fault in found if isinstance(fault, Fault)}
    assert set(faults) == {3, 6, 7, 8, 9, 10}
    assert "not an e-mail address" in faults[3]
    assert "no address" in faults[6]
    assert 'no section is called "sport" (there are: tech, world)' in faults[7]
    assert "not a locale" in faults[8]
    assert "not a time zone" in faults[9]
    assert "on line 2 already" in faults[10]


def test_a_line_that_was_wrong_does_not_make_the_next_one_a_duplicate(tmp_path: Path) -> None:
    """Only lines that were taken in count."""
    found = _read(tmp_path, "email,sections\na@news.example,sport\na@news.example,tech\n")
    assert [type(each) for each in found] == [Fault, Row]


def test_a_name_over_several_lines_does_not_shift_the_numbers(tmp_path: Path) -> None:
    """The line named is where the row begins, and the name has no line break left."""
    found = _read(tmp_path, 'email,name\na@news.example,"Jane\nDoe"\nnonsense,x\n')
    assert isinstance(found[0], Row)
    assert (found[0].line, found[0].name) == (2, "Jane Doe")
    assert found[1].line == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "its first line is empty"),
        ("address,name\na@news.example,A\n", 'its first line is "address,name"'),
        ("a@news.example\nb@news.example\n", "no column there is called email"),
        ("email,email\na@news.example,b@news.example\n", "two columns called email"),
    ],
)
def test_a_wrong_header_is_shown_with_what_is_needed(
    tmp_path: Path, content: str, words: str
) -> None:
    """Nothing is imported; the message names the file, the header found and the one wanted."""
    with pytest.raises(ImportUnreadable, match=words) as caught:
        _read(tmp_path, content)
    assert caught.value.where == "readers.csv"
    assert caught.value.fix


def test_a_file_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    """Windows-1252 is not guessed at: names would come out wrong."""
    with pytest.raises(ImportUnreadable, match="CSV UTF-8"):
        _read(tmp_path, "email,name\na@news.example,Jörg\n".encode("cp1252"))


def test_a_quotation_mark_that_never_closes_is_said_so(tmp_path: Path) -> None:
    """Instead of swallowing the rest of the list as one name."""
    rest = "".join(f"reader{number}@news.example,x\n" for number in range(10_000))
    with pytest.raises(ImportUnreadable, match="never closed"):
        _read(tmp_path, f'email,name\na@news.example,"Jane\n{rest}')


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(ImportUnreadable, match=r"missing\.csv"):
        list(read_csv(tmp_path / "missing.csv", SECTIONS))


def test_short_and_long_lines_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    """A missing cell is empty; one too many is nobody's."""
    found = _read(tmp_path, "email,name,locale\na@news.example\nb@news.example,B,en,extra,more\n")
    assert [type(each) for each in found] == [Row, Row]


def test_a_name_is_plain_text_and_not_endless(tmp_path: Path) -> None:
    """No control characters, at most 200 characters, and no mark of an export."""
    row = _only_row(tmp_path, "email,name\na@news.example,\"'=Jane\x07\u2028" + "x" * 500 + '"\n')
    assert row.name.startswith("=Jane x")
    assert len(row.name) <= 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_rows_faults_or_unreadable(tmp_path: Path, content: bytes) -> None:
    """An import never crashes."""
    try:
        found = _read(tmp_path, b"email,name,sections\n" + content)
    except ImportUnreadable:
        return
    assert all(isinstance(each, Row | Fault) for each in found)
