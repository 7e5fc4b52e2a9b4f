"""Lists that are refused: what is wrong, in which file, and what to do next, word by word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from subscribers.errors import ImportUnreadable
from subscribers.lists.formats import FORMATS
from subscribers.lists.reading import open_list
from subscribers.lists.recognising import lay_out
from subscribers.lists.terms import ListTerms

TERMS = ListTerms({"daily": {"tech": "Technology"}}, "daily")
FORMAT_NAMES = ", ".join(one.name for one in FORMATS)
ALREADY_SOMEBODY = (
    "readers.csv: its first line is already somebody, and not what its 2 columns are. Write a"
    " first line that names them (email,name,…), or say it by number: --map email=1 --map name=2"
    " --map ignore=3, for every column that is filled."
)


def _refusal(tmp_path: Path, content: str | bytes, terms: ListTerms = TERMS) -> str:
    path = tmp_path / "readers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ImportUnreadable) as caught:
        open_list(path, terms)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"PK\x03\x04rest",
            (
                "it is a ZIP archive or a spreadsheet. Unpack it and import each CSV in it; or save"
                ' the spreadsheet as "CSV UTF-8".'
            ),
        ),
        (
            b"\xd0\xcf\x11\xe0rest",
            'it is an old Excel file. Save it as "CSV UTF-8" and import that.',
        ),
        (
            b' \t[{"email": "a@news.example"}]',
            "it is one JSON array. Write one object a line: jq -c '.[]' FILE > FILE.jsonl",
        ),
        (
            b"email\na@news.example\nJ\xfc\xfc\xfcrgen\n",
            (
                "on line 3 it is not UTF-8, and its encoding cannot be known. Say it, as in"
                ' --encoding windows-1252 (shift_jis, windows-1251 …), or save it as "CSV UTF-8".'
            ),
        ),
        (
            b",,\n",
            (
                "its first line is empty. Name the column of addresses:"
                ' --map email="…", or a number from 1.'
            ),
        ),
        (
            b" Kontakt , Ort\na@x.example,York\n",
            (
                'its first line is "Kontakt,Ort", and no column there is called email. Name the'
                ' column of addresses: --map email="Kontakt", or a number from 1.'
            ),
        ),
        (
            b"E-Mail,email\n",
            "it has two columns called E-Mail. Take one of them out.",
        ),
        (
            b"mail,email\n",
            (
                "it has several: mail, email. Say which one it is: --map"
                ' email="mail", and --map ignore="email".'
            ),
        ),
        (
            b"email, Opt-out reason code\n",
            (
                'its column "Opt-out reason code" may say who left or is blocked, and nobody shall'
                ' get mail by a guess. Say what it is: --map status="Opt-out reason code" (or'
                " left=, suppressed=), or that it is nothing of the kind: --map"
                ' ignore="Opt-out reason code".'
            ),
        ),
        (
            b"email,city,stato\n",
            (
                'its column "stato" may be of an address or of a subscription, and nobody shall get'
                ' mail by a guess. Say what it is: --map status="stato" (or left=, suppressed=), or'
                ' that it is nothing of the kind: --map ignore="stato".'
            ),
        ),
    ],
)
def test_a_file_that_is_refused_is_told_with_the_way_on(
    tmp_path: Path, content: bytes, said: str
) -> None:
    """Whatever it is instead."""
    assert _refusal(tmp_path, content) == f"readers.csv: {said}"


@pytest.mark.parametrize("name", ["state", "estado", "stato"])
def test_a_state_beside_a_place_is_asked_about_until_it_is_explained(name: str) -> None:
    """Without a place it is a subscription's; and as soon as `--map` says what it is."""
    with pytest.raises(ImportUnreadable, match=f'column "{name}" may be of an address'):
        lay_out(["email", "city", name], "x")
    assert len(lay_out(["email", name], "x").said) == 1
    for mapped in ({"status": name}, {"ignore": name}):
        lay_out(["email", "city", name], "x", mapped=mapped)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (
            {"format": "mailchmp"},
            'readers.csv: no format is called "mailchmp". Did you mean "mailchimp"?',
        ),
        (
            {"format": "?" * 99},
            f'readers.csv: no format is called "{"?" * 80}". There are: {FORMAT_NAMES}.',
        ),
        (
            {"columns": {"shoe" * 30: "email"}},
            (
                f'readers.csv: --map knows no "{("shoe" * 30)[:80]}". There are: email, name,'
                " first_name, last_name, sections, locale, status, joined, asked, asked_ip,"
                " confirmed, confirmed_ip, left, reason, edition, id, suppressed, suppressed_at,"
                " suppressed_detail, paused_until, consent, ignore."
            ),
        ),
        (
            {"columns": {"name": "Shoe size"}},
            'readers.csv: it has no column "Shoe size". It has: email,Note.',
        ),
        (
            {"columns": {"name": "3"}},
            'readers.csv: it has no column "3". It has: email,Note.',
        ),
        (
            {"columns": {"name": "0"}},
            'readers.csv: it has no column "0". It has: email,Note.',
        ),
        (
            {"edition": ""},
            (
                "readers.csv: its lines name no edition (a list with an e-mail column). Say which"
                " one they subscribe to: --edition …"
            ),
        ),
        (
            {"encoding": "klingon" * 9},
            (
                f'readers.csv: no encoding is called "{("klingon" * 9)[:40]}". Well known are'
                " utf-8, utf-16, windows-1252, windows-1251, shift_jis and gb18030."
            ),
        ),
        (
            {"encoding": "ascii"},
            "readers.csv: on line 2 it is not ascii. Say another --encoding, or none.",
        ),
    ],
)
def test_a_wrong_word_of_the_importer_is_told_with_the_right_ones(
    tmp_path: Path, terms: dict[str, str], said: str
) -> None:
    """A format, a field, a column, an edition, an encoding."""
    content = "email, Note\na@news.example,Zoë\n"
    assert _refusal(tmp_path, content, replace(TERMS, **terms)) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("a@news.example,unsubscribed\n", {}),
        ("a@news.example,\n", {"name": "2"}),
        ("a@news.example,x\n", {"email": "1"}),
    ],
)
def test_a_list_that_begins_with_somebody_has_every_filled_column_explained(
    tmp_path: Path, content: str, columns: dict[str, str]
) -> None:
    """The addresses too."""
    assert _refusal(tmp_path, content, replace(TERMS, columns=columns)) == ALREADY_SOMEBODY


def test_columns_of_a_list_without_header_are_named_by_number(tmp_path: Path) -> None:
    """Several may be ignored at once; one that is empty needs no word."""
    path = tmp_path / "readers.csv"
    path.write_text("x,a@news.example,y,,Anna\n")
    columns = {"email": "2", "ignore": "1\n3", "name": "5"}
    (row,) = open_list(path, replace(TERMS, columns=columns)).rows()
    assert (getattr(row, "name", ""), row.line) == ("Anna", 1)


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path: Path) -> None:
    """As the system calls it."""
    with pytest.raises(ImportUnreadable) as caught:
        open_list(tmp_path / "none.csv", TERMS)
    assert str(caught.value) == (
        f"{tmp_path / 'none.csv'}: No such file or directory. Check the file's name."
    )
    with pytest.raises(ImportUnreadable) as caught:
        open_list(tmp_path, TERMS)
    assert caught.value.what == "Is a directory"


def test_a_file_that_changes_while_it_is_read_says_so(tmp_path: Path) -> None:
    """With the last line that was text."""
    path = tmp_path / "readers.csv"
    path.write_text("email\na@news.example\nb@news.example\n")
    found = open_list(path, TERMS)
    path.write_bytes(b"email\na@news.example\nb@news.example\n" + b"\xff\n" * 9_000)
    with pytest.raises(ImportUnreadable) as caught:
        list(found.rows())
    assert str(caught.value) == (
        "readers.csv: after line 0 it is not what it was when it was looked at. Import it again,"
        " once nobody writes to it."
    )


def test_a_list_of_objects_with_ever_new_keys_is_refused(tmp_path: Path) -> None:
    """A thousand keys are columns, one more is not."""
    path = tmp_path / "readers.csv"
    keys = ", ".join(f'"k{number}": 1' for number in range(999))
    path.write_text(f'{{"email": "a@news.example", {keys}}}\n')
    assert len(open_list(path, TERMS).header) == 1_000
    path.write_text(f'{{"email": "a@news.example", {keys}, "more": 1}}\n')
    with pytest.raises(ImportUnreadable) as caught:
        open_list(path, TERMS)
    assert str(caught.value) == (
        "readers.csv: its lines have more than 1,000 different keys. Write one object a line, the"
        " same keys in each."
    )
