"""Files of readers: whatever their delimiter, and every wrong line by its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscribers.errors import ImportUnreadable
from subscribers.lifecycle import State
from subscribers.lists.reading import open_list
from subscribers.lists.terms import ListTerms
from subscribers.values import RejectedLine, Row

TERMS = ListTerms({"daily": {"tech": "Technology", "world": "World News"}}, "daily")


def _read(tmp_path: Path, content: str | bytes) -> list[Row | RejectedLine]:
    path = tmp_path / "readers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(open_list(path, TERMS).rows())


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
    assert (row.sections, row.locale) == ("tech,world", "en-GB")


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
        "email,name,sections,locale\n"
        "good@news.example,,,\n"
        "nonsense,,,\n"
        "\n"
        ",,,\n"
        ",Nobody,,\n"
        "a@news.example,,sport,\n"
        "b@news.example,,,english!\n"
        "GOOD@news.example,,,\n"
        "last@news.example,,,\n",
    )
    assert [row.line for row in found if isinstance(row, Row)] == [2, 10]
    faults = {fault.line: fault.what for fault in found if isinstance(fault, RejectedLine)}
    assert set(faults) == {3, 6, 7, 8, 9}
    assert "not an e-mail address" in faults[3]
    assert "no address" in faults[6]
    assert 'no section is called "sport" (there are: tech, world)' in faults[7]
    assert "not a locale" in faults[8]
    assert "on line 2 already" in faults[9]


def test_lines_of_other_editions_are_told_apart_from_wrong_ones(tmp_path: Path) -> None:
    """A list of all editions may be read for one: its other lines are not that one's faults."""
    path = tmp_path / "readers.csv"
    path.write_text(
        "email,edition,state\na@news.example,weekly,active\nb@news.example,daily,active\n"
    )
    one, all_of_them = TERMS, replace(TERMS, edition="")
    other, row = open_list(path, one).rows()
    assert isinstance(other, RejectedLine)
    assert isinstance(row, Row)
    assert (other.what, other.other) == ('is of edition "weekly"', True)
    unknown, row = open_list(path, all_of_them).rows()
    assert isinstance(unknown, RejectedLine)
    assert isinstance(row, Row)
    assert 'no edition is called "weekly" (there are: daily)' in unknown.what
    assert not unknown.other


def test_a_line_that_was_wrong_does_not_make_the_next_one_a_duplicate(tmp_path: Path) -> None:
    """Only lines that were taken in count."""
    found = _read(tmp_path, "email,sections\na@news.example,sport\na@news.example,tech\n")
    assert [type(each) for each in found] == [RejectedLine, Row]


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
        ("contact,name\na@news.example,A\n", 'its first line is "contact,name"'),
        ("name,city\nA,York\n", "no column there is called email"),
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


@pytest.mark.parametrize("opened", [0, 1, 5_000, 9_999])
def test_a_quotation_mark_that_never_closes_costs_its_own_line(tmp_path: Path, opened: int) -> None:
    """Its number is told, and everybody else is read."""
    rest = [f"reader{number}@news.example,x\n" for number in range(10_000)]
    rest[opened] = f'reader{opened}@news.example,"Jane\n'
    found = _read(tmp_path, f"email,name\n{''.join(rest)}")
    faults = [each for each in found if isinstance(each, RejectedLine)]
    assert [fault.line for fault in faults] == [opened + 2]
    assert "not closed" in faults[0].what
    assert len(found) == 10_000


def test_a_quotation_mark_that_closes_far_below_swallows_nobody(tmp_path: Path) -> None:
    """Lines between two stray marks would be one cell: they hold addresses, so they are not."""
    found = _read(
        tmp_path,
        'email,name\na@news.example,"A\nb@news.example,B\nc@news.example,"\nd@news.example,D\n',
    )
    assert [each.line for each in found if isinstance(each, Row)] == [3, 5]
    assert [each.line for each in found if isinstance(each, RejectedLine)] == [2, 4]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("x" * 1_001, "more than 1,000 characters"),
        ("Ja\x00ne", "control character"),
        ("Ja\x1bne", "control character"),
        ("Ja\x85ne", "control character"),
        ('"Jane"Doe', "closing quotation mark"),
    ],
)
def test_what_no_cell_may_hold_is_told_by_its_line(tmp_path: Path, cell: str, words: str) -> None:
    """And the lines around it are read."""
    found = _read(tmp_path, f"email,name\na@x.example,A\nb@x.example,{cell}\nc@x.example,C\n")
    assert [each.line for each in found if isinstance(each, Row)] == [2, 4]
    (fault,) = [each for each in found if isinstance(each, RejectedLine)]
    assert fault.line == 3
    assert words in fault.what


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(ImportUnreadable, match=r"missing\.csv"):
        open_list(tmp_path / "missing.csv", TERMS)


def test_short_and_long_lines_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    """A missing cell is empty; one too many is nobody's."""
    found = _read(tmp_path, "email,name,locale\na@news.example\nb@news.example,B,en,extra,more\n")
    assert [type(each) for each in found] == [Row, Row]


def test_a_name_is_plain_text_and_not_endless(tmp_path: Path) -> None:
    """No control characters, at most 200 characters, and no mark of an export."""
    row = _only_row(tmp_path, "email,name\na@news.example,\"'=Jane\u2028" + "x" * 500 + '"\n')
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
    assert all(isinstance(each, Row | RejectedLine) for each in found)


def test_sections_are_named_by_id_or_by_title(tmp_path: Path) -> None:
    """However they are parted, and in any case."""
    for cell in ('"World News; Technology"', "world|technology", '"WORLD NEWS, tech"'):
        row = _only_row(tmp_path, f"email,sections\nj@news.example,{cell}\n")
        assert row.sections == "tech,world"


@pytest.mark.parametrize(
    "header",
    [
        "Email Address",
        "E-mail",
        "email_address",
        "EMAIL",
        "E-Mail-Adresse",
        "Adresse e-mail",
        "Correo electrónico",
        "メールアドレス",
        "Адрес электронной почты",
        "Adres e-mail",
    ],
)
def test_the_column_of_addresses_is_found_in_many_languages(tmp_path: Path, header: str) -> None:
    """Without case, accents or punctuation."""
    row = _only_row(tmp_path, f"Nr;{header}\n7;jane@news.example\n")
    assert row.address.key == "jane@news.example"


def test_a_list_without_header_is_read_if_it_has_one_column(tmp_path: Path) -> None:
    """Names beside addresses, and excel's first line about delimiters, are no trouble."""
    found = _read(tmp_path, '"Anna <anna@news.example>"\nbob@news.example\n')
    assert [(row.address.key, row.name) for row in found if isinstance(row, Row)] == [
        ("anna@news.example", "Anna"),
        ("bob@news.example", ""),
    ]
    row = _only_row(tmp_path, "sep=;\nE-Mail;Name\nanna@news.example;Anna\n")
    assert (row.line, row.name) == (3, "Anna")


def test_several_columns_without_header_have_to_be_named(tmp_path: Path) -> None:
    """One of them may say who left; by number is enough."""
    path = tmp_path / "list.csv"
    path.write_text("anna@news.example,unsubscribed\nbob@news.example,active\n")
    with pytest.raises(ImportUnreadable, match="--map email=1"):
        open_list(path, TERMS)
    found = open_list(path, replace(TERMS, columns={"email": "1", "status": "2"})).rows()
    assert [row.standing.state for row in found if isinstance(row, Row)] == [
        State.UNSUBSCRIBED,
        State.ACTIVE,
    ]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("email,Opt-out reason code", "Opt-out reason code"),
        ("email,Suppression list", "Suppression list"),
        ("email,city,state", '"state"'),
        ("email,e-mail 2,mail", "several"),
    ],
)
def test_a_file_that_can_be_read_in_two_ways_is_refused(
    tmp_path: Path, header: str, words: str
) -> None:
    """With the way on; `--map` decides."""
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\n")
    with pytest.raises(ImportUnreadable, match=words) as caught:
        open_list(path, TERMS)
    assert "--map" in caught.value.fix


def test_columns_that_mean_nothing_here_are_named(tmp_path: Path) -> None:
    """As they are called in the file."""
    path = tmp_path / "list.csv"
    path.write_text("Shoe size,Email,Phone Number\n7,a@news.example,1\n")
    assert open_list(path, TERMS).layout.ignored == ("Shoe size", "Phone Number")


def test_json_lines_hear_keys_that_only_some_lines_have(tmp_path: Path) -> None:
    """A key that stands only where somebody left is the one that matters."""
    path = tmp_path / "list.jsonl"
    path.write_text(
        '{"email": "a@news.example", "sections": ["tech", "world"]}\n'
        "\n"
        '{"email": "b@news.example", "unsubscribed_at": "2024-05-01T10:00:00Z"}\n'
        "{nonsense\n"
        "[1]\n"
    )
    found = list(open_list(path, TERMS).rows())
    assert isinstance(found[0], Row)
    assert found[0].sections == "tech,world"
    assert isinstance(found[1], Row)
    assert found[1].standing.state is State.UNSUBSCRIBED
    assert found[1].standing.since == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert [each.line for each in found[2:]] == [4, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "ZIP"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b'[{"email": "a@news.example"}]', "jq"),
    ],
)
def test_what_is_no_list_says_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    """And how to make one of it."""
    path = tmp_path / "list"
    path.write_bytes(content)
    with pytest.raises(ImportUnreadable) as caught:
        open_list(path, TERMS)
    assert words in str(caught.value)


def test_a_later_line_that_takes_mail_away_is_not_a_repetition(tmp_path: Path) -> None:
    """Of two lines that disagree, the one that lets in less counts."""
    found = _read(
        tmp_path,
        "email,status\na@news.example,active\na@news.example,active\na@news.example,unsubscribed\n",
    )
    assert [type(each) for each in found] == [Row, RejectedLine, Row]


def test_a_slip_and_a_role_are_told(tmp_path: Path) -> None:
    """Both are taken in: the domain may exist, and a role may want the news."""
    found = _read(
        tmp_path, "email\na@gmial.com\ninfo@news.example\nb@gmail.com\nc@mail.com\nd@gmx.at\n"
    )
    odd = [row.odd for row in found if isinstance(row, Row)]
    assert "a@gmail.com" in odd[0]
    assert "role" in odd[1]
    assert odd[2:] == ["", "", ""]


@pytest.mark.parametrize("first", ["sep=\t", "SEP=\t", 'sep="\t"', "sep="])
def test_a_first_line_may_say_what_parts_the_cells(tmp_path: Path, first: str) -> None:
    """A tab is what is left of nothing."""
    row = _only_row(tmp_path, f"{first}\nemail\tname\nj@news.example\tA;B;C;D\n")
    assert (row.line, row.name) == (3, "A;B;C;D")


def test_a_first_line_of_one_letter_is_a_header(tmp_path: Path) -> None:
    """As soon as it is told what it means; and so is one that says sep= at length."""
    path = tmp_path / "list.csv"
    for header in ("x", "sep=xy"):
        path.write_text(f"{header}\na@news.example\n")
        (row,) = open_list(path, replace(TERMS, columns={"email": header})).rows()
        assert (isinstance(row, Row), row.line) == (True, 2)


def test_a_format_may_be_told_of_json_lines_too(tmp_path: Path) -> None:
    """Then it is read as that."""
    path = tmp_path / "list.jsonl"
    path.write_text('{"email": "a@news.example", "language": "english!"}\n')
    found = open_list(path, replace(TERMS, format="newsletter-plugin"))
    assert found.layout.format.name == "newsletter-plugin"
    assert [type(each) for each in found.rows()] == [Row]
    assert [type(each) for each in open_list(path, TERMS).rows()] == [RejectedLine]
