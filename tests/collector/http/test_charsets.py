"""A label that the bytes disprove does not win."""

from __future__ import annotations

import pytest

from digest.collector.http.document import decode

TEXTS = {
    "cp1252": "Düsseldorf - Ärger über Straße und Größe",
    "cp1251": "Совет решил сохранить библиотеки",
    "koi8_r": "Совет решил сохранить библиотеки",
    "cp932": "市議会は月曜日、二つの図書館を残すことを決めた。",
    "euc_jp": "市議会は月曜日、二つの図書館を残すことを決めた。",
    "iso2022_jp": "市議会は月曜日",
    "gb18030": "市议会周一决定保留两座图书馆。这是我们的。",
    "big5": "市議會週一決定保留兩座圖書館。這是我們的。",
    "euc_kr": "시의회는 두 도서관을 유지하기로 했다",
    "cp1253": "Η συμβούλιο αποφάσισε τη Δευτέρα",  # noqa: RUF001 - Greek
    "utf_8": "市議会は Düsseldorf Совет",
}  # fmt: skip


@pytest.mark.parametrize("codec", TEXTS)
@pytest.mark.parametrize("http", ["", "utf-8", "iso-8859-1", "its own", "no such set"])
@pytest.mark.parametrize("own", ["", "utf-8", "its own"])
def test_a_label_that_the_bytes_disprove_does_not_win(codec: str, http: str, own: str) -> None:
    """HTTP's, then the document's, then what the bytes look like; a Western default is no word."""
    label = codec if own == "its own" else own
    declared = f' encoding="{label}"' if label else ""
    body = f'<?xml version="1.0"{declared}?><rss><title>'.encode() + TEXTS[codec].encode(codec)
    assert decode(body, codec if http == "its own" else http).endswith(TEXTS[codec])


def test_a_few_bad_bytes_do_not_disprove_utf_8() -> None:
    """A text mended by hand, or cut, keeps its other letters."""
    body = TEXTS["utf_8"].encode() * 4 + b" \xe4 "
    assert decode(body, "utf-8").startswith(TEXTS["utf_8"])


LETTERS = {
    ("cp1256", "الحكومة توافق على ميزانية العام المقبل"): "Arabic",
    ("iso8859_6", "الحكومة توافق على ميزانية العام المقبل"): "Arabic, ISO",
    ("cp1256", "دولت بودجه سال آينده را تصويب كرد"): "Persian",
    ("cp874", "รัฐบาลอนุมัติงบประมาณปีหน้า"): "Thai",
    (
        "cp1254",
        "Hükümet gelecek y\u0131l\u0131n bütçesini onaylad\u0131, \u0131ş\u0131k",
    ): "Turkish",
    ("cp1250", "Vláda schválila příští rozpočet, žluťoučký kůň"): "Czech",
    ("iso8859_2", "Vláda schválila příští rozpočet, žluťoučký kůň"): "Czech, ISO",
    ("iso8859_2", "A kormány elfogadta a jövő évi költségvetést"): "Hungarian",
    ("cp1250", "Rząd przyjął budżet na następny rok"): "Polish",
    ("cp1250", "Guvernul a aprobat bugetul, ştiri şi ţări, mâine"): "Romanian",
    ("cp1257", "Vyriausybė patvirtino kitų metų biudžetą"): "Lithuanian",
    ("cp1257", "Valdība apstiprināja nākamā gada budžetu, šķēršļu nav"): "Latvian",
    ("cp1255", "הממשלה אישרה את התקציב לשנה הבאה"): "Hebrew",
    ("cp1253", "Η κυβέρνηση ενέκρινε τον προϋπολογισμό"): "Greek",  # noqa: RUF001
    ("koi8_u", "Уряд затвердив бюджет на наступний рік"): "Ukrainian",
    ("cp866", "Правительство утвердило бюджет на будущий год"): "Russian, DOS",
    ("cp1258", "Chính phu\u0309 thông qua ngân sa\u0301ch n\u0103m t\u01a1\u0301i"): "Vietnamese",
    ("cp1252", "Þjóðin á þingi, það er gott"): "Icelandic",
    ("cp1252", "L’été à Paris : « où est-il ? »"): "French",  # noqa: RUF001
    ("cp1252", "A eleição não será amanhã"): "Portuguese",
    ("cp1252", "£5 for £10 – “really”"): "English",  # noqa: RUF001
}


@pytest.mark.parametrize(("codec", "text"), LETTERS, ids=list(LETTERS.values()))
@pytest.mark.parametrize("http", ["", "utf-8", "iso-8859-1"])
def test_a_single_byte_set_is_told_by_the_letters_it_yields(
    codec: str, text: str, http: str
) -> None:
    """Where no label holds, the text is in the set in which it is one language's."""
    body = b'<?xml version="1.0" encoding="utf-8"?><rss><title>' + text.encode(codec)
    assert decode(body, http).endswith(text)


@pytest.mark.parametrize(
    ("language", "codec", "text"),
    [("hu", "cp1250", "őszi"), ("el", "cp1253", "Νέα"), ("ru", "cp1251", "НОВОСТИ")],
)
def test_few_letters_are_read_by_the_documents_language(
    language: str, codec: str, text: str
) -> None:
    """A few letters may be several languages': then it counts which the document says it is in."""
    body = f"<rss><channel><language>{language}</language><title>".encode() + text.encode(codec)
    assert decode(body, "utf-8").endswith(text)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["\n<rss>é", '{"version": "é"}', "[]é", "<!doctype html>é"])
def test_wide_characters_without_a_mark_are_told_by_their_zeros(codec: str, text: str) -> None:
    """JSON, pages and feeds in UTF-16 need no byte order mark, whatever they are labelled."""
    assert decode(text.encode(codec), "utf-8") == text


def test_korean_mail_is_read() -> None:
    """ISO-2022-KR announces itself."""
    assert decode("<rss>시의회".encode("iso2022_kr"), "utf-8").endswith("시의회")
