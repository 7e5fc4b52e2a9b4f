# ruff: noqa: RUF001 - words of other alphabets
"""What a site keeps back, or marks as no news, in the languages of the press."""

from __future__ import annotations

import pytest

from digest.collector.articles.withheld import excluded, locked
from digest.models.sources import SourceRules


@pytest.mark.parametrize(
    "title",
    ["Zabezpieczone: Akta", "Захищено: Протокол", "محمي: محضر", "מוגן: פרוטוקול", "Chráněno: Zápis",
     "Védett: Jegyzőkönyv", "Korumalı: Tutanak", "ป้องกัน: รายงาน", "Được bảo vệ: Biên bản",
     "보호된 글: 회의록", "密码保护：会议记录", "受保護的文章: 會議", "非公開: 議事録",
     "محافظت شده: صورتجلسه"],
)  # fmt: skip
def test_a_locked_post_is_told_by_its_headline(title: str) -> None:
    """As WordPress writes it in each language, where there is nothing to read below."""
    assert locked(title, "")
    assert locked(title, "<p>Parola: <input name=post_password></p>")
    assert not locked(title, "Başkan bugün meydanda konuştu ve yeni planı anlattı.")


@pytest.mark.parametrize(
    "notice",
    [
        "Il n’y a pas d’extrait, car cette publication est protégée.",
        "<p>No hay extracto porque es una entrada protegida.</p>",
        "Brak zajawki, ponieważ wpis jest zabezpieczony hasłem.",
        "Bu yazı koruma altında olduğundan özet yok.",
        "この投稿はパスワードで保護されているため抜粋文はありません。",
        "由于这是受保护的文章，所以没有摘要。",
        "لا توجد مقتطفات لأن هذه المقالة محمية.",
        "אין תקציר מכיוון שהפוסט מוגן.",
        "Không có trích dẫn vì bài này được bảo vệ.",
    ],
)
def test_a_locked_post_is_told_by_the_sentence_below_it(notice: str) -> None:
    """Themes take the word off the headline and leave the sentence."""
    assert locked("Acta de la reunión", notice)


@pytest.mark.parametrize(
    "text",
    [
        "The reef is protected from today on, and the fishermen are glad of it.",
        "An excerpt from the protected documents is out. " + "It shows who knew of the plans. " * 5,
        "El extracto de la cuenta no llegó.",
    ],
)
def test_news_about_what_is_protected_is_news(text: str) -> None:
    """Neither word alone locks a post, nor do both in a text to read."""
    assert not locked("The reef", text)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("На правах рекламы", "sponsored"), ("Artykuł sponsorowany", "sponsored"),
        ("Komerční sdělení", "sponsored"), ("Χορηγούμενο", "sponsored"),
        ("محتوى برعاية", "sponsored"), ("תוכן שיווקי", "sponsored"), ("記事広告", "sponsored"),
        ("广告", "sponsored"), ("Quảng cáo", "sponsored"), ("Annonsørinnhold", "sponsored"),
        ("Некролог", "obituaries"), ("Gyászhír", "obituaries"), ("Vefat ilanları", "obituaries"),
        ("وفيات", "obituaries"), ("訃報", "obituaries"), ("Cáo phó", "obituaries"),
        ("Kuolleet", "obituaries"), ("Lutti", "obituaries"),
    ],
)  # fmt: skip
def test_kinds_are_told_in_every_language(label: str, kind: str) -> None:
    """By the label of a category, and only where the newsroom leaves the kind out."""
    address = "https://news.example/2026/1"
    assert excluded("Words", address, [label], [], SourceRules(exclude=(kind,))) == kind
    assert not excluded("Words", address, [label], [], SourceRules())
