"""`digest theme`: list, look at, take a copy; and what a brand in digest.toml does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from digest.errors import ConfigError
from digest.models.site import Brand
from digest.web.preview import make_preview
from digest.web.server.serving import serving
from digest.web.theme_backend import ThemePreview

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom, Said

_BRAND = """
[brand]
accent = "#0B6B3A"
serif = ["Tiempos"]
footer = "Owned by its readers."
share = ["mail", "whatsapp"]
social = [{ title = "Mastodon", url = "https://social.example/@post" }]

[brand.logo_light]
url = "https://news.example/logo.png"
width = 480
height = 120
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder without a configuration."""
    return tmp_path / "newsroom"


@pytest.fixture
def theme(folder: Path, command: Callable[..., Said]) -> Callable[..., Said]:
    """Run `digest theme` there."""
    folder.mkdir()
    return lambda *words: command("--config", str(folder / "digest.toml"), "theme", *words)


def test_list_names_every_theme_and_whose_it_is(theme: Callable[..., Said], folder: Path) -> None:
    """Shipped ones, those with files of one's own, and one's own; no configuration is needed."""
    assert theme("eject", "letter", "blocks/footer.html").code == 0
    assert theme("eject", "plain", "--as", "ours").code == 0
    found = {one["name"]: one for one in theme("list", "--json").json["themes"]}
    assert set(found) == {"briefing", "frontpage", "letter", "ours", "plain"}
    assert found["letter"]["own_files"] == ["blocks/footer.html"]
    assert (found["letter"]["shipped"], found["ours"]["shipped"]) == (True, False)
    said = theme("list").out
    assert "yours" in said
    assert str(folder) not in said


def test_preview_writes_a_page_that_needs_nothing_else(
    theme: Callable[..., Said], folder: Path
) -> None:
    """The pictures are inside, the words in the language, every hole filled."""
    done = theme("preview", "frontpage", "--language", "ar", "--out", str(folder / "out"), "--json")
    assert done.json["files"] == [
        str(folder / "out" / "frontpage.html"), str(folder / "out" / "frontpage.txt"),
    ]  # fmt: skip
    page = (folder / "out" / "frontpage.html").read_text(encoding="utf-8")
    assert 'dir="rtl"' in page
    assert "إلغاء الاشتراك" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "digesthole" not in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("preview", "leter", "--out", "x"), 'Did you mean "letter"?'),
        (("preview", "letter", "--language", "xx", "--out", "x"), '"xx" is not a language'),
        (("eject", "letter", "blocks/ledd.html"), 'Did you mean "blocks/lead.html"?'),
        (("eject", "letter", "../../etc/passwd"), "the theme has no file"),
        (("eject", "letter", "--as", "../out"), "no name for a theme"),
        (("eject", "leter"), 'Did you mean "letter"?'),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(
    theme: Callable[..., Said], folder: Path, words: tuple[str, ...], said: str
) -> None:
    """Nothing is written."""
    done = theme(*words)
    assert done.code == 2
    assert said in done.err
    assert not (folder / "themes").exists()


def test_a_copy_wins_over_the_shipped_file_and_is_never_written_over(
    theme: Callable[..., Said], folder: Path
) -> None:
    """What a designer changed stays, unless --force says otherwise."""
    assert theme("eject", "letter", "blocks/footer.html").code == 0
    own = folder / "themes" / "letter" / "blocks" / "footer.html"
    own.write_text('<p><a href="{{ hole.unsubscribe_url }}">Our own end</a></p>', encoding="utf-8")
    theme("preview", "letter", "--out", str(folder / "out"))
    assert "Our own end" in (folder / "out" / "letter.html").read_text(encoding="utf-8")
    again = theme("eject", "letter", "blocks/footer.html", "masthead.html")
    assert again.code == 2
    assert "Our own end" in own.read_text(encoding="utf-8")
    assert theme("eject", "letter", "blocks/footer.html").code == 2
    assert theme("eject", "letter", "blocks/footer.html", "--force").code == 0
    assert "Our own end" not in own.read_text(encoding="utf-8")


def test_a_shared_file_can_be_ejected_into_one_theme(
    theme: Callable[..., Said], folder: Path
) -> None:
    """It changes that theme and no other."""
    assert theme("eject", "briefing", "macros/brand.html").code == 0
    own = folder / "themes" / "briefing" / "macros" / "brand.html"
    text = own.read_text(encoding="utf-8")
    own.write_text(text.replace("&nbsp;·&nbsp;", "|"), encoding="utf-8")
    for name, ours in (("briefing", True), ("letter", False)):
        theme("preview", name, "--out", str(folder / "out"))
        page = (folder / "out" / f"{name}.html").read_text(encoding="utf-8")
        assert ("</a> | <a" in page) is ours


def test_the_brand_goes_from_digest_toml_into_the_issue(newsroom: Newsroom) -> None:
    """Colours, fonts, logo, last words and share links stand in the built mail, frozen with it."""
    newsroom.edit(r"\Z", _BRAND)
    built = newsroom("build", "daily", "--out", str(newsroom.folder / "out"))
    assert built.code == 0, built.err
    page = (newsroom.folder / "out" / "all.html").read_text(encoding="utf-8")
    frozen = (newsroom.folder / "out" / "issue.json").read_text(encoding="utf-8")
    for said in ("#0b6b3a", "Tiempos", "logo.png", "Owned by its readers.", "https://wa.me/"):
        assert said in page
    assert '"accent":"#0b6b3a"' in frozen


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('accent = "#ffdd00"', '"accent": #ffdd00 on #efece4 has a contrast of 1.1 to 1'),
        ('accent = "#ffdd00"', 'The nearest that can be read is "#7b6b00"'),
        ('accent_dark = "#551100"', '[brand] "accent_dark"'),
        ('paper = "#222222"', '[brand] "ink"'),
        ('share = ["whatsap"]', 'Did you mean "whatsapp"?'),
        ('accent = "red"', '"red" is not a colour. Write it as in "#a4161a"'),
        ("serif = [\"'Tiempos'\"]", "is not a font family"),
        ('acent = "#000000"', 'Did you mean "accent"?'),
        ('social = [{ title = "M", url = "social.example" }]', "is not a URL"),
        (
            'logo_dark = { url = "https://n.example/x", width = 1, height = 1 }',
            "needs a logo_light",
        ),
    ],
)
def test_a_fault_in_the_brand_names_key_line_and_fix(
    newsroom: Newsroom, line: str, said: str
) -> None:
    """Before anything is composed; nobody gets a mail that cannot be read."""
    newsroom.edit(r"\Z", f"\n[brand]\n{line}\n")
    done = newsroom("build", "daily", "--out", str(newsroom.folder / "out"))
    assert done.code == 2
    assert said in done.err
    assert "brand" in done.err.partition(": ")[2]
    assert not (newsroom.folder / "out").exists()


def test_doctor_looks_at_the_brand(newsroom: Newsroom) -> None:
    """A colour that cannot be read is found before the night."""
    newsroom.edit(r"\Z", '\n[brand]\naccent = "#ffdd00"\n')
    assert "The nearest that can be read" in newsroom("doctor").out


@pytest.mark.slow
def test_the_preview_of_themes_renews_itself(folder: Path) -> None:
    """Every theme is a page with frames in both schemes; saving a file changes the stamp."""
    (folder / "themes" / "letter" / "blocks").mkdir(parents=True)
    own = folder / "themes" / "letter" / "blocks" / "footer.html"
    backend = ThemePreview(folder, "letter", "ja", lambda _theme: Brand(footer="Ours"))
    with serving(make_preview(backend)) as address, closing(httpx.Client(timeout=60)) as client:
        assert client.get(address).headers["location"] == "/edition/letter"
        assert "Front page" in client.get(f"{address}/edition/letter").text
        frame = client.get(f"{address}/edition/plain/frame?scheme=dark").text
        assert "Ours" in frame
        assert "配信停止" in frame
        before = client.get(f"{address}/stamp").text
        own.write_text("<p>{{ nobody }}</p>", encoding="utf-8")
        assert client.get(f"{address}/stamp").text != before
        fault = client.get(f"{address}/edition/letter")
        assert fault.status_code == 500
        assert "footer.html:1" in fault.text


def test_a_broken_configuration_is_told_not_passed_over(
    theme: Callable[..., Said], folder: Path
) -> None:
    """A look at a theme shows the newsroom's brand, so the brand must be readable."""
    (folder / "digest.toml").write_text("[brand]\naccent = 1\n", encoding="utf-8")
    done = theme("preview", "letter", "--out", str(folder / "out"))
    assert done.code == ConfigError.exit_code
    assert '"accent"' in done.err
