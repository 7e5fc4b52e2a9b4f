"""The `[brand]` table: how a newsroom looks in any theme. Everything in it may be left out.

Here is checked what a value looks like; whether colours can be read depends on the theme and is
checked where the two meet.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from digest.extension.table import HttpUrl, Table

_SHORT = re.compile(r"#[0-9a-fA-F]{3}")
_LONG = re.compile(r"#[0-9a-fA-F]{6}")
_FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]*")
_LARGEST = 2000


def _colour(value: str) -> str:
    """Return "#rrggbb" in lower case; three digits are spelled out."""
    if _SHORT.fullmatch(value):
        value = "#" + "".join(digit * 2 for digit in value[1:])
    if not _LONG.fullmatch(value):
        raise ValueError(f'"{value}" is not a colour. Write it as in "#a4161a"')
    return value.lower()


def _family(value: str) -> str:
    if not _FAMILY.fullmatch(value):
        raise ValueError(
            f'"{value}" is not a font family. Write one name, as in "Avenir Next", without quotes '
            "inside; further names follow in the list"
        )
    return value


Colour = Annotated[str, AfterValidator(_colour)]
Family = Annotated[str, AfterValidator(_family)]
Pixels = Annotated[int, Field(ge=1, le=_LARGEST)]


class LogoSettings(Table):
    """A picture of the newsroom's name; size in pixels, of the file itself."""

    url: HttpUrl
    width: Pixels
    height: Pixels


class SocialSettings(Table):
    """Another place where the newsroom is found."""

    title: Annotated[str, Field(min_length=1)]
    url: HttpUrl


class BrandSettings(Table):
    """Logos, colours, fonts, last words, and the services a story can be shared by."""

    logo_light: LogoSettings | None = None
    logo_dark: LogoSettings | None = None
    accent: Colour | None = None
    accent_dark: Colour | None = None
    paper: Colour | None = None
    ink: Colour | None = None
    serif: tuple[Family, ...] = ()
    sans: tuple[Family, ...] = ()
    footer: str = ""
    social: tuple[SocialSettings, ...] = ()
    share: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _dark_is_the_other_of_two(self) -> BrandSettings:
        if self.logo_dark and not self.logo_light:
            raise ValueError("logo_dark needs a logo_light beside it, for the light scheme")
        return self
