"""The mails as pictures: all of them to look at, a few of them for the documentation."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from judges.browsing import SCHEMES, opened, turned
from judges.layout import WIDTHS
from judges.mails import PICTURES
from judges.tools import chromium
from judges.verdict import JudgedMail, ToolMissing

_IMAGES = Path(__file__).parent.parent / "docs" / "images"
_COLOURS = 160


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of the documentation: which mail, on which screen, and how much of it."""

    file: str
    mail: str
    width: int
    scheme: str
    height: int


_DESKTOP, _PHONE = 720, 375
RECORDED = (
    Shot("frontpage-desktop-light", "frontpage-en-usual", _DESKTOP, "light", 1500),
    Shot("frontpage-desktop-dark", "frontpage-en-long", _DESKTOP, "dark", 1500),
    Shot("frontpage-phone-dark", "frontpage-en-usual", _PHONE, "dark", 1500),
    Shot("frontpage-right-to-left", "frontpage-ar-usual", _DESKTOP, "light", 1500),
    Shot("briefing-desktop-light", "briefing-en-usual", _DESKTOP, "light", 1100),
    Shot("briefing-arabic", "briefing-ar-usual", _PHONE, "dark", 1100),
    Shot("letter-desktop-light", "letter-en-usual", _DESKTOP, "light", 1100),
    Shot("letter-hebrew-dark", "letter-he-usual", _PHONE, "dark", 1100),
    Shot("letter-japanese", "letter-ja-usual", _DESKTOP, "light", 1100),
    Shot("plain-desktop-light", "plain-en-usual", _DESKTOP, "light", 900),
)


def record(mails: Sequence[JudgedMail]) -> list[Path]:
    """Make the documentation's pictures again, small; give the files."""
    named = {mail.name: mail for mail in mails}
    written = []
    with chromium() as browser:
        for shot in RECORDED:
            mail = named[shot.mail]
            with opened(browser, mail, PICTURES) as page:
                turned(page, shot.scheme, shot.width)
                clip = {"x": 0, "y": 0, "width": shot.width, "height": shot.height}
                taken = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
            written.append(_small(taken, _IMAGES / f"{shot.file}.png"))
    return written


def everything(mails: Sequence[JudgedMail], folder: Path) -> int:
    """Take every mail at every width in both schemes, for a person to look at; say how many."""
    folder.mkdir(parents=True, exist_ok=True)
    views = list(product(SCHEMES, WIDTHS))
    with chromium() as browser:
        for mail in mails:
            with opened(browser, mail, PICTURES) as page:
                for scheme, width in views:
                    turned(page, scheme, width)
                    file = folder / f"{mail.name}-{scheme}-{width}.png"
                    page.screenshot(full_page=True, path=file)
    return len(mails) * len(views)


def _small(png: bytes, file: Path) -> Path:
    """Write the picture with a palette of its own colours: a quarter of the size."""
    try:
        from PIL import Image
    except ImportError:
        raise ToolMissing("there is no Pillow. Install it: make setup") from None
    with Image.open(io.BytesIO(png)) as image:
        palette = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
        palette.save(file, optimize=True)
    return file
