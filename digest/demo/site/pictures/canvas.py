"""A canvas of 1200 by 675 logical pixels with the few shapes that every scene is made of.

Drawn at twice that size and reduced, so that edges are smooth.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from digest.demo.site.pictures.palette import Color, Palette, fade, mix

WIDTH = 1200
HEIGHT = 675
_SCALE = 2

Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Canvas:
    """Where one scene is painted; `c.p` are its colours and `c.r` its dice."""

    def __init__(self, palette: Palette, seed: str) -> None:
        self.p = palette
        self.r = random.Random(seed)  # noqa: S311 - dice for a drawing, not a secret
        self.image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), palette.bottom)
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def finish(self) -> Image.Image:
        """Return the picture at its final size."""
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    # Plain shapes

    def rect(self, box: Box, color: Color, radius: float = 0) -> None:
        """Fill a box, with rounded corners if `radius` is given."""
        x0, y0, x1, y1 = (value * _SCALE for value in box)
        self._draw.rounded_rectangle((x0, y0, x1, y1), radius * _SCALE, fill=color)

    def disc(self, x: float, y: float, rx: float, color: Color, ry: float | None = None) -> None:
        """Fill a circle, or an ellipse when `ry` is given."""
        ry = rx if ry is None else ry
        box = (x - rx, y - ry, x + rx, y + ry)
        self._draw.ellipse(tuple(value * _SCALE for value in box), fill=color)

    def ring(self, x: float, y: float, r: float, color: Color, width: float) -> None:
        """Draw a circle of some width."""
        box = tuple(value * _SCALE for value in (x - r, y - r, x + r, y + r))
        self._draw.ellipse(box, outline=color, width=round(width * _SCALE))

    def poly(self, points: Sequence[Point], color: Color) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=color)

    def line(self, points: Sequence[Point], color: Color, width: float) -> None:
        """Draw a line with round joints."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=color, width=round(width * _SCALE), joint="curve")
        radius = width * _SCALE / 2
        if len(color) == 3:
            for x, y in (scaled[0], scaled[-1]):
                self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)

    def arc(
        self, circle: tuple[float, float, float], ends: Point, color: Color, width: float
    ) -> None:
        """Draw a part of a circle (x, y, r) between two angles in degrees, clockwise from three."""
        x, y, r = circle
        first, last = ends
        steps = max(8, int(abs(last - first) / 4))
        angles = [math.radians(first + (last - first) * n / steps) for n in range(steps + 1)]
        self.line([(x + r * math.cos(a), y + r * math.sin(a)) for a in angles], color, width)

    def curve(self, f: Callable[[float], float], color: Color, width: float) -> None:
        """Draw y = f(x) across the whole width."""
        self.line([(x, f(x)) for x in range(-20, WIDTH + 21, 8)], color, width)

    def wave(
        self, shape: tuple[float, float, float], color: Color, width: float, phase: float
    ) -> None:
        """Draw a wave across the whole width; its shape is level, height and length."""
        level, height, length = shape
        self.curve(lambda x: level + height * math.sin(x / length + phase), color, width)

    # Light

    def sky(self, top: Color | None = None, bottom: Color | None = None) -> None:
        """Fill the whole canvas with a gradient from top to bottom."""
        shade = Image.linear_gradient("L").resize(self.image.size)
        low = Image.new("RGB", self.image.size, bottom or self.p.bottom)
        high = Image.new("RGB", self.image.size, top or self.p.top)
        self.image.paste(Image.composite(low, high, shade))

    def glow(self, x: float, y: float, r: float, color: Color, strength: float = 0.6) -> None:
        """Lay a soft round light over what is there."""
        size = int(2 * r * _SCALE)
        mask = Image.radial_gradient("L").resize((size, size))
        peak = 255 * strength
        # The gradient's corner is 255; at its edge it is 181 (255 / √2), which must be nothing.
        mask = mask.point([round(max(0.0, 1 - value / 181) ** 1.6 * peak) for value in range(256)])
        corner = (int((x - r) * _SCALE), int((y - r) * _SCALE))
        self.image.paste(Image.new("RGB", (size, size), color[:3]), corner, mask)

    def sun(self, x: float, y: float, r: float, color: Color | None = None) -> None:
        """Set a sun or a moon with its light around it."""
        color = color or self.p.light
        self.glow(x, y, r * 4, color, 0.55)
        self.disc(x, y, r, color)

    def stars(self, count: int, lowest: float = 380) -> None:
        """Scatter stars above `lowest`."""
        for _ in range(count):
            x, y = self.r.uniform(0, WIDTH), self.r.uniform(0, lowest)
            self.disc(x, y, self.r.choice((1.1, 1.5, 2.4)), fade(self.p.light, 0.85))

    def cloud(self, x: float, y: float, w: float, color: Color | None = None) -> None:
        """Float a cloud of width `w`."""
        color = color or mix(self.p.bottom, self.p.light, 0.6)
        h = w * 0.13
        self.rect((x - w / 2, y - h, x + w / 2, y + h), color, h)
        self.disc(x - w * 0.14, y - h, w * 0.15, color)
        self.disc(x + w * 0.1, y - h * 0.9, w * 0.2, color)

    def shadow(self, x: float, y: float, w: float) -> None:
        """Lay a flat shadow on the ground."""
        self.disc(x, y, w, fade(self.p.dark, 0.22), w * 0.09)

    # Land

    def hill(self, y: float, amp: float, color: Color) -> None:
        """Roll a plane of land from `y` down to the lower edge."""
        phase, length = self.r.uniform(0, 6.28), self.r.uniform(300, 520)
        second = self.r.uniform(0, 6.28)
        points: list[Point] = [
            (x, y + amp * math.sin(x / length * 2 + phase) + amp * 0.4 * math.sin(x / 97 + second))
            for x in range(-10, WIDTH + 20, 10)
        ]
        self.poly([*points, (WIDTH + 20, HEIGHT), (-10, HEIGHT)], color)

    def ridge(self, y: float, amp: float, color: Color, steps: int = 7) -> list[Point]:
        """Raise a chain of peaks; gives their tops."""
        tops: list[Point] = []
        points: list[Point] = [(-60, y)]
        width = (WIDTH + 120) / steps
        for number in range(steps):
            x = -60 + width * (number + self.r.uniform(0.35, 0.65))
            top = (x, y - amp * self.r.uniform(0.55, 1.0))
            tops.append(top)
            dip = (-60 + width * (number + 1), y - amp * self.r.uniform(0.05, 0.3))
            points += [top, dip]
        self.poly([*points, (WIDTH + 60, HEIGHT), (-60, HEIGHT)], color)
        return tops

    def pine(self, x: float, y: float, h: float, color: Color) -> None:
        """Plant a pine of height `h` on (x, y)."""
        self.rect((x - h * 0.03, y - h * 0.2, x + h * 0.03, y), mix(color, self.p.dark, 0.5))
        for level in range(3):
            base = y - h * (0.12 + 0.26 * level)
            half = h * (0.25 - 0.055 * level)
            self.poly([(x - half, base), (x + half, base), (x, base - h * 0.42)], color)

    def tree(self, x: float, y: float, h: float, crown: Color) -> None:
        """Plant a round tree of height `h` on (x, y)."""
        self.line([(x, y), (x, y - h * 0.55)], mix(self.p.dark, crown, 0.2), h * 0.06)
        self.disc(x, y - h * 0.66, h * 0.3, crown, h * 0.34)
        self.disc(x - h * 0.09, y - h * 0.76, h * 0.15, mix(crown, self.p.light, 0.16))

    # Made by hands

    def house(self, box: Box, wall: Color, roof: Color, lit: Color) -> None:
        """Build a house in the box; its roof stands on top of it."""
        x0, y0, x1, _ = box
        w = x1 - x0
        self.rect(box, wall)
        self.poly([(x0 - w * 0.08, y0), (x1 + w * 0.08, y0), ((x0 + x1) / 2, y0 - w * 0.48)], roof)
        for n in (0.2, 0.6):
            self.rect((x0 + w * n, y0 + w * 0.15, x0 + w * (n + 0.2), y0 + w * 0.4), lit)

    def windows(self, box: Box, grid: tuple[int, int], color: Color, chance: float = 1.0) -> None:
        """Put columns by rows of windows into a wall; each is there with `chance`."""
        x0, y0, x1, y1 = box
        columns, rows = grid
        w, h = (x1 - x0) / columns, (y1 - y0) / rows
        for column in range(columns):
            for row in range(rows):
                if self.r.random() < chance:
                    x, y = x0 + w * column, y0 + h * row
                    self.rect((x + w * 0.22, y + h * 0.2, x + w * 0.78, y + h * 0.8), color)

    def wall(self, table: float = 540) -> None:
        """Set the stage of a still life: a lit wall, a large disc, a table top."""
        self.sky(mix(self.p.top, self.p.bottom, 0.35), self.p.bottom)
        x = self.r.choice((430, 600, 770))
        self.disc(x, 300, 265, mix(self.p.bottom, self.p.light, 0.55))
        self.glow(x - 60, 220, 420, self.p.light, 0.4)
        self.rect((0, table, WIDTH, HEIGHT), self.p.near)
        self.rect((0, table, WIDTH, table + 12), self.p.mid)

    def water(self, y: float, color: Color, shine: Color) -> None:
        """Fill with water below `y` and let light lie on it."""
        self.rect((0, y, WIDTH, HEIGHT), color)
        depth = HEIGHT - y
        for number in range(26):
            share = (number + 1) / 26
            x, w = self.r.uniform(0, WIDTH), self.r.uniform(30, 130) * (0.4 + share)
            level = y + 8 + share * (depth - 16)
            self.rect((x - w, level, x + w, level + 2 + 3 * share), fade(shine, 0.3), 2)
