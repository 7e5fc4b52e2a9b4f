"""The colours of each section: three moods of nine colours, so that a page hangs together."""

from __future__ import annotations

from typing import NamedTuple

Color = tuple[int, ...]


class Palette(NamedTuple):
    """Sky from `top` to `bottom`; planes from `far` to `dark`; paper, and two accents."""

    top: Color
    bottom: Color
    far: Color
    mid: Color
    near: Color
    dark: Color
    light: Color
    accent: Color
    second: Color

    @property
    def warm(self) -> Color:
        """What must never be blue or green: suns, lamps, bread, brass."""
        red, green, blue = self.second
        return self.second if red > green > blue else mix((243, 186, 78), self.light, 0.12)

    @property
    def leaf(self) -> Color:
        """A green that belongs to this mood."""
        return mix((70, 128, 88), self.near, 0.25)

    @property
    def water(self) -> Color:
        """A blue that belongs to this mood."""
        return mix((72, 150, 186), self.far, 0.25)


def mix(one: Color, other: Color, share: float) -> Color:
    """Blend: 0 is `one`, 1 is `other`."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one[:3], other[:3], strict=True))


def fade(color: Color, alpha: float) -> Color:
    """Return the colour with an opacity from 0 to 1."""
    return (*color[:3], round(255 * alpha))


def _palette(text: str) -> Palette:
    return Palette(*(tuple(bytes.fromhex(one)) for one in text.split()))


# top bottom far mid near dark light accent second
_MOODS = {
    "world-news": (
        "8fb8c4 f6e7c8 9fbcc0 5f8c98 2f6173 16384a fff6e2 d9572e eba93f",
        "243b61 f0a06b 7a7197 4b5581 2c3c64 131f3b ffe9c8 f0603f f6bd5f",
        "d9c9a3 faf1dc b9b08e 84906f 4c6a5f 21403f fffaf0 c8502c 3d7f96",
    ),
    "travel-culture": (
        "78c3bd fdeccb 8fcabf 4fa09a 23756f 0f4548 fff8e6 f07a52 f7c354",
        "35305f f59b7c 8a6a97 5d4b82 3a3369 1d1b42 ffeed6 ff7a5c ffc861",
        "f5c9a6 fff0da d9a98c b37a68 7c5054 41303f fff7ea d8563f 2f8f8b",
    ),
    "lifestyle-tips": (
        "f3d48e fdf3d9 e0bd7c bd8f55 8b6440 4a3427 fffaee d0643c 6d8f6b",
        "c9d8bb f7f2dc a9c09a 7a9b76 4e7357 29443a fffbef d9783f e9b949",
        "eebfa5 fdeee0 d79a80 b0705f 7d4a4b 432b35 fff6ec c4553f 5d8790",
    ),
    "uk-updates": (
        "a9bfd0 f2e9dc 9fb2be 6b8799 3d5d75 1c3349 fdf7ec b3263a e2a33d",
        "39415f e7a48f 84768f 58557a 373a5e 191d38 ffeedd d94353 f2b663",
        "b5c7b4 f4efdb 97ad95 64866f 375f54 183a3a fcf8ea b53b2f d99a35",
    ),
    "us-canada": (
        "f0a765 fbe3bd d99a72 ad6a58 743f4b 37223a fff1da d9432f 3f6fa0",
        "8db7dd f5ecdb 94b1cd 5a83ad 2f5887 142f57 fff9ec d9472f efb04a",
        "2b3f6e ef9a78 7d6f98 4f5488 303a69 141b3d ffe8cf ff6a4a f7bf62",
    ),
    "tech-trends": (
        "3b2f78 c58fd6 7d64b8 5747a0 37307e 171642 f6efff ff7d6b 5ad1c8",
        "12274d 3f8fb5 2f6b99 21507f 163a66 0a1b38 e8fbff ffb454 5fe0d0",
        "c9c2ee f5effa aaa0da 7b70bd 4d4694 252257 fffdff f0705f 2fa8a6",
    ),
    "health-wellness": (
        "a6d6b8 f6f4d8 93c4a1 5c9f7e 2f7560 12473f fffcec ee7b58 f3c14f",
        "f3b98c fdeed2 dd9f85 a97872 6d5463 37304a fff6e6 d9563f 4f9a86",
        "9dcbdc f1f5ea 8bb8c8 55909f 2b6878 113e4f fdfdf3 ef7d64 f2c45a",
    ),
    "entertainment": (
        "5a1f4f e0657a a23a68 7c2a5c 551e4d 290f30 fff0e0 ff9f45 ffd36b",
        "1d2350 a35a9c 5f4389 43367a 2c2a62 11123a ffeef2 ff5f7e ffc45c",
        "f4a99a fde5cf d98180 b3566c 78365b 3c1d40 fff5e8 d63a57 f2b04c",
    ),
}

PALETTES = {section: tuple(_palette(text) for text in moods) for section, moods in _MOODS.items()}
