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
