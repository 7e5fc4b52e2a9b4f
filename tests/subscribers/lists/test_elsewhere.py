# ruff: noqa: RUF001 - other scripts, on purpose
"""Lists as other programs and other countries write them: who left is heard in each."""

from __future__ import annotations

from pathlib import Path

import pytest

from subscribers.errors import ImportUnreadable
from subscribers.lifecycle import State, Suppressed
from subscribers.lists.reading import open_list
from subscribers.lists.standings import by_word, tells_of_leaving
from subscribers.lists.terms import ListTerms
from subscribers.values import RejectedLine, Row

TERMS = ListTerms({"daily": {"tech": "Technology"}}, edition="daily")


def _read(
    tmp_path: Path, content: str | bytes, terms: ListTerms = TERMS
) -> list[Row | RejectedLine]:
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(open_list(path, terms).rows())


def _standings(found: list[Row | RejectedLine]) -> list[State | Suppressed | None]:
    rows = [one for one in found if isinstance(one, Row)]
    assert len(rows) == len(found), found
    return [row.standing.suppressed or row.standing.state for row in rows]


@pytest.mark.parametrize(
    ("header", "active", "left"),
    [
        ("Статус", "Подписан", "Отписан"),
        ("Status", "Bestätigt", "Gekündigt"),
        ("Statut", "Abonné", "Désabonnée"),
        ("Estado", "Suscrito", "Dado de baja"),
        ("Situação", "Inscrito", "Descadastrado"),
        ("Stan", "Zapisany", "Wypisana"),
        ("Stav", "Přihlášen", "Odhlášen"),
        ("状態", "購読中", "配信停止"),
        ("状态", "已订阅", "已退订"),
        ("상태", "구독중", "수신거부"),
        ("סטטוס", "פעיל", "הוסר"),
    ],
)
def test_a_status_is_heard_in_many_languages(
    tmp_path: Path, header: str, active: str, left: str
) -> None:
    """The column by its name, and the word by its meaning."""
    found = _read(tmp_path, f"email;{header}\na@x.example;{active}\nb@x.example;{left}\n")
    assert _standings(found) == [State.ACTIVE, State.UNSUBSCRIBED]


@pytest.mark.parametrize("said", ["Unsubscribed", "отписан", "退订", "hard_bounced", "Abgemeldet"])
def test_nobody_is_let_in_past_a_column_that_says_they_left(tmp_path: Path, said: str) -> None:
    """Its name means nothing here, and the word does: the line is told, the others are taken."""
    found = _read(tmp_path, f"email,Remarks\na@x.example,a good friend\nb@x.example,{said}\n")
    assert isinstance(found[0], Row)
    assert isinstance(found[1], RejectedLine)
    assert f'column "Remarks" says "{said}"' in found[1].what
    told = ListTerms(TERMS.sections, "daily", columns={"ignore": "Remarks"})
    content = f"email,Remarks\nb@x.example,{said}\n"
    assert _standings(_read(tmp_path, content, told)) == [State.ACTIVE]


def test_common_words_of_a_note_tell_nothing() -> None:
    """Only what is written of a subscription alone."""
    for word in ("no", "left", "spam", "", "0", "former colleague", "cancelled"):
        assert not tells_of_leaving(word)


def test_active_words_are_no_leaving_words() -> None:
    """In no language does a word mean both."""
    for word in ("購読", "abonnent", "подписан", "구독", "inscrit", "aktiv", "订阅"):
        found = by_word(word)
        assert found is not None
        assert found.state is State.ACTIVE


def test_the_column_of_addresses_is_named_where_it_can_be_seen(tmp_path: Path) -> None:
    """Nobody is taken in by a guess; the way on names the one that holds addresses."""
    with pytest.raises(ImportUnreadable) as caught:
        _read(tmp_path, "Kontakt,Ort\na@x.example,York\n")
    assert '--map email="Kontakt"' in str(caught.value)
    with pytest.raises(ImportUnreadable) as caught:
        _read(tmp_path, "Kontakt,Leiter\na@x.example,b@x.example\n")
    assert '--map email="…"' in str(caught.value)


def test_cells_are_read_as_they_were_meant(tmp_path: Path) -> None:
    """Excel's ="…", no-break and zero-width spaces around an address."""
    found = _read(
        tmp_path, 'email,name\n="a@x.example",="Anna"\n\u200bb@x.example\xa0,\ufeffBert\u200d\n'
    )
    rows = [(one.address.key, one.name) for one in found if isinstance(one, Row)]
    assert rows == [("a@x.example", "Anna"), ("b@x.example", "Bert")]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_letters_are_read_however_they_are_written(tmp_path: Path, encoding: str) -> None:
    """Windows-1252 is told by what its languages write; the others say it themselves."""
    content = "email;name\nj@x.example;Jürgen Größe – „Chef“\n"
    (row,) = _read(tmp_path, content.encode(encoding))
    assert isinstance(row, Row)
    assert row.name == "Jürgen Größe – „Chef“"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("氏名,メール\n山田太郎,y@x.example\n", "shift_jis"),
        ("имя,email\nАнна,a@x.example\n", "cp1251"),
    ],
)
def test_another_code_page_is_asked_about_and_can_be_said(
    tmp_path: Path, text: str, encoding: str
) -> None:
    """It is never read as letters that nobody wrote."""
    with pytest.raises(ImportUnreadable, match="encoding cannot be known"):
        _read(tmp_path, text.encode(encoding))
    said = ListTerms(TERMS.sections, "daily", encoding=encoding)
    (row,) = _read(tmp_path, text.encode(encoding), said)
    assert isinstance(row, Row)
    assert row.name in text


@pytest.mark.parametrize(
    ("said", "match"), [("klingon", "no encoding is called"), ("utf-8", "line 2 it is not utf-8")]
)
def test_a_wrong_encoding_is_told(tmp_path: Path, said: str, match: str) -> None:
    """Before anybody is taken in, and with the line."""
    content = "email,name\na@x.example,Jürgen\n".encode("latin-1")
    with pytest.raises(ImportUnreadable, match=match):
        _read(tmp_path, content, ListTerms(TERMS.sections, "daily", encoding=said))


def test_a_file_that_ends_within_a_letter_is_not_what_it_is_said_to_be(tmp_path: Path) -> None:
    """Its last line is told."""
    content = "email,name\na@x.example,Zoë".encode()[:-1]
    with pytest.raises(ImportUnreadable, match="on line 2 it is not utf-8"):
        _read(tmp_path, content, ListTerms(TERMS.sections, "daily", encoding="utf-8"))


@pytest.mark.parametrize(("letters", "western"), [(2, True), (3, False)])
def test_letters_in_a_row_are_counted_wherever_the_file_is_cut(
    tmp_path: Path, letters: int, *, western: bool
) -> None:
    """It is looked through by the mebibyte: a run may lie on both sides of a cut."""
    head = b"email\n" + b"\n" * ((1 << 20) - 7)
    content = head + "é".encode("cp1252") * letters + b"@x.example\n"
    if western:
        assert len(_read(tmp_path, content)) == 1
    else:
        with pytest.raises(ImportUnreadable, match="its encoding cannot be known"):
            _read(tmp_path, content)
