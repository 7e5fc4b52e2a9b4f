"""The sender as a mail shows it: names, addresses and looks."""

from __future__ import annotations

from dataclasses import dataclass

from digest.models.articles import Picture


@dataclass(frozen=True, slots=True)
class SocialLink:
    """Another place where a newsroom is found: the name readers know, and the address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Brand:
    """A newsroom's looks in any theme; what is empty is the theme's own.

    Colours are "#rrggbb" and were checked for contrast; fonts are family names, best first.
    `share` names the services each story can be shared by: "mail", "whatsapp" …
    """

    logo_light: Picture | None = None
    logo_dark: Picture | None = None
    accent: str = ""
    accent_dark: str = ""
    paper: str = ""
    ink: str = ""
    serif: tuple[str, ...] = ()
    sans: tuple[str, ...] = ()
    footer: str = ""
    social: tuple[SocialLink, ...] = ()
    share: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A mail's facts about its sender, and its looks; part of the frozen issue."""

    name: str
    url: str
    public_url: str
    postal_address: str
    brand: Brand = Brand()
