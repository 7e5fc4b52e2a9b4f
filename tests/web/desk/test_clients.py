"""What Gmail and Word do to a mail, by our own rules."""

from __future__ import annotations

from digest.web.desk.clients import clipped_by_gmail, drawn_by_word, without_pictures
from digest.web.viewer import GMAIL_CLIP_BYTES


def test_gmail_shows_a_mail_up_to_its_limit_as_it_is() -> None:
    """Not a byte is changed, and there is nothing to tell."""
    page = "<p>" + "x" * (GMAIL_CLIP_BYTES - 3)
    assert clipped_by_gmail(page).html == page
    assert clipped_by_gmail(page).told == ()


def test_gmail_cuts_bytes_and_never_half_a_tag_or_letter() -> None:
    """The limit counts bytes of UTF-8; the link stands where the mail ends."""
    row = '<tr><td class="é">Ünï</td></tr>'
    page = f"<html><body><table>{row * 4000}</table><p>The end</p></body></html>"
    shown = clipped_by_gmail(page)
    assert "The end" not in shown.html
    assert "Message clipped" in shown.html
    assert "�" not in shown.html
    assert len(shown.html.encode()) < len(page.encode())
    assert "are hidden" in shown.told[0]


def test_word_shows_what_stands_for_it_alone_and_hides_the_rest() -> None:
    """Conditional comments, as Outlook reads them."""
    page = (
        "<html><head><!--[if mso]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><![endif]-->"
        "</head><body><!--[if mso]><p>For Word</p><![endif]-->"
        "<!--[if !mso]><!--><p>For others</p><!--<![endif]--><!--[if lt mso 12]>old<![endif]-->"
        "</body></html>"
    )
    shown = drawn_by_word(page).html
    assert "For Word" in shown
    assert "For others" not in shown
    assert "old" not in shown
    assert "96" not in shown


def test_word_loses_what_it_cannot_draw_and_keeps_cells() -> None:
    """Padding of a cell stays, of a paragraph goes; so do round corners and media queries."""
    page = (
        "<html><head><style>@media (max-width:600px){ .a { color: red } } .b { color: blue }"
        "</style></head><body><table><tr><td style='padding:4px;border-radius:3px'>cell</td></tr>"
        "</table><p style='padding:9px;color:green'>words</p><svg></svg> tail</body></html>"
    )
    shown = drawn_by_word(page)
    assert "padding:4px" in shown.html
    assert "padding:9px" not in shown.html
    assert "color:green" in shown.html
    assert "border-radius" not in shown.html
    assert "@media" not in shown.html
    assert ".b { color: blue }" in shown.html
    assert "<svg" not in shown.html
    assert "tail" in shown.html
    assert any("border-radius" in one for one in shown.told)
    assert any("@media" in one for one in shown.told)


def test_anything_is_drawn() -> None:
    """Nothing, a text alone, and a style sheet that never ends."""
    assert drawn_by_word("").told == ()
    assert "only words" in drawn_by_word("only words").html
    assert drawn_by_word("<style>@media { a {").html
    assert clipped_by_gmail("").html == ""


def test_without_pictures_no_address_of_one_is_left() -> None:
    """Neither of an element, nor of a style, nor a choice of sizes; links stay."""
    page = (
        '<img alt="Harbour" src="https://x.example/a.jpg" srcset="https://x.example/b.jpg 2x">'
        "<td background=https://x.example/c.jpg style=\"background:url('https://x.example/d.jpg')\">"
        '<a href="https://x.example/story">'
    )
    shown = without_pictures(page)
    assert ".jpg" not in shown
    assert 'alt="Harbour"' in shown
    assert 'href="https://x.example/story"' in shown
