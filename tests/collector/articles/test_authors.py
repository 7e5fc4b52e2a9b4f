"""Authors are names: without addresses, bylines and shouting, in the languages of the press."""

from __future__ import annotations

import pytest

from digest.collector.articles.authors import authors
from digest.models.limits import ArticleLimits

LIMITS = ArticleLimits()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Автор: Иван Петров", "Иван Петров"),
        ("Yazan: Ayşe Y\u0131lmaz", "Ayşe Y\u0131lmaz"),
        ("Szerző: Kovács János", "Kovács János"),
        ("Oleh: Budi Santoso", "Budi Santoso"),
        ("Tác giả: Nguyễn Văn A", "Nguyễn Văn A"),
        ("a cura di Marco Rossi", "Marco Rossi"),
        ("Di Marco Rossi", "Marco Rossi"),
        ("opr. Jan Kowalski", "Jan Kowalski"),
        ("بقلم محمد علي", "محمد علي"),
        ("كتب: محمد علي", "محمد علي"),
        ("נכתב על ידי: \u05d9\u05d5\u05e1\u05d9 כהן", "\u05d9\u05d5\u05e1\u05d9 כהן"),
        ("מאת \u05d9\u05d5\u05e1\u05d9 כהן", "\u05d9\u05d5\u05e1\u05d9 כהן"),
        ("โดย สมชาย ใจดี", "สมชาย ใจดี"),
        ("文・山田太郎", "山田太郎"),
        ("作者\uff1a王小明", "王小明"),
        ("文/王小明", "王小明"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
        ("Leonardo Di Caprio", "Leonardo Di Caprio"),
        ("Par Jean Dupont et Marie Curie", "Jean Dupont et Marie Curie"),
        ("AFP with John Smith", "AFP with John Smith"),
    ],
)
def test_the_word_that_they_wrote_it_goes(written: str, name: str) -> None:
    """Before a colon anything does; without one, the words that newsrooms use."""
    assert authors([written], LIMITS) == name


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["王小明、李雷"], "王小明, 李雷"),
        (["محمد علي، سارة أحمد"], "محمد علي, سارة أحمد"),
        (["Redacción", "redacción"], "Redacción"),
        (["Anna Weiß", "Foto: Bernd Groß"], "Anna Weiß"),
        (["写真\uff1a山田太郎"], ""),
    ],
)
def test_several_are_told_apart(written: list[str], names: str) -> None:
    """By the commas of their script, each once; who took the picture did not write."""
    assert authors(written, LIMITS) == names


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('<a href="mailto:a@b.example">Anna Weiß</a>', "Anna Weiß"),
        ("Anna Weiß (@annaweiss)", "Anna Weiß"),
        ("@annaweiss", ""),
        ("mailto:red@bote.example?subject=x", ""),
        ("https://bote.example/anna", ""),
        ("рeд@бот.рф (Мария Иванова)", "Мария Иванова"),  # noqa: RUF001 - a mail address
    ],
)
def test_no_address_of_any_kind_is_a_name(written: str, name: str) -> None:
    """Nor what is left of one."""
    assert authors([written], LIMITS) == name


@pytest.mark.parametrize(
    ("written", "language", "name"),
    [
        ("AYŞE YILMAZ", "tr", "Ayşe Y\u0131lmaz"),
        ("İREM ILICALI", "", "İrem Il\u0131cal\u0131"),
        ("NGUYỄN VĂN AN", "", "Nguyễn Văn An"),
        ("INGRID SMITH", "", "Ingrid Smith"),
        ("ŁUKASZ ŻÓŁĆ", "", "Łukasz Żółć"),
        ("ИВАН ПЕТРОВ", "", "Иван Петров"),
        ("ANSA/REUTERS", "", "ANSA/REUTERS"),
    ],
)
def test_capitals_are_eased_as_the_language_does(written: str, language: str, name: str) -> None:
    """A Turkish I has no dot where it is small."""
    assert authors([written], LIMITS, language) == name
