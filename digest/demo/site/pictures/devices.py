"""Paints devices and data."""

from __future__ import annotations

import math
from itertools import pairwise

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def circuit(c: Canvas) -> None:
    """Paint a board of traces around a chip."""
    p = c.p
    c.sky(p.near, p.dark)
    c.glow(600, 330, 560, p.mid, 0.8)
    for n in range(12):
        offset = -165 + n * 30
        bend = 90 + abs(n - 5.5) * 34 + c.r.uniform(0, 60)
        out = offset * 1.85
        color = (p.second, p.far, p.accent)[n % 3]
        for side in (-1, 1):
            points = [
                (600 + side * 150, 337 + offset),
                (600 + side * (150 + bend), 337 + offset),
                (600 + side * (150 + bend + abs(out - offset)), 337 + out),
                (600 + side * 640, 337 + out),
            ]
            c.line(points, fade(color, 0.9), 6)
            c.disc(*points[1], 6, color)
        points = [
            (600 + offset, 187 if n % 2 else 487),
            (600 + offset, 120 if n % 2 else 560),
            (600 + out, 60 if n % 2 else 620),
            (600 + out, -10 if n % 2 else 690),
        ]
        c.line(points, fade(color, 0.7), 6)
    c.rect((440, 177, 760, 497), p.dark, 22)
    c.rect((456, 193, 744, 481), mix(p.near, p.far, 0.3), 16)
    c.rect((510, 247, 690, 427), p.dark, 12)
    c.glow(600, 337, 150, p.second, 0.8)
    for n in range(9):
        h = 16 + 52 * abs(math.sin(n * 1.1 + c.r.uniform(0, 0.4)))
        c.rect((532 + n * 16, 337 - h, 541 + n * 16, 337 + h), p.light, 4)


def phone(c: Canvas) -> None:
    """Paint a telephone in layers."""
    p = c.p
    c.sky(mix(p.top, p.mid, 0.3), p.bottom)
    c.glow(600, 330, 560, p.light, 0.4)
    layers = [(p.dark, 0), (p.mid, 1), (p.second, 2), (p.light, 3)]
    for color, n in layers:
        x, y = 330 + n * 130, 210 - n * 36
        quad = [(x, y + 60), (x + 190, y), (x + 190, y + 400), (x, y + 460)]
        c.poly([(a + 16, b + 22) for a, b in quad], fade(p.dark, 0.22))
        c.poly(quad, color)
        c.line([*quad, quad[0]], mix(color, p.dark, 0.3), 5)
        if n == 1:
            c.poly(
                [(x + 24, y + 120), (x + 166, y + 76), (x + 166, y + 270), (x + 24, y + 314)],
                p.accent,
            )
            c.line([(x + 60, y + 230), (x + 130, y + 160)], p.light, 8)
        if n == 2:
            for k in range(5):
                c.line(
                    [
                        (x + 26, y + 110 + k * 66),
                        (x + 100, y + 86 + k * 66),
                        (x + 160, y + 110 + k * 60),
                    ],
                    p.near,
                    5,
                )
                c.disc(x + 100, y + 86 + k * 66, 9, p.near)
        if n == 3:
            c.poly(
                [(x + 16, y + 80), (x + 174, y + 30), (x + 174, y + 380), (x + 16, y + 430)], p.near
            )
            for k in range(3):
                for j in range(3):
                    c.rect(
                        (
                            x + 36 + j * 46,
                            y + 120 + k * 70 - j * 14,
                            x + 66 + j * 46,
                            y + 150 + k * 70 - j * 14,
                        ),
                        (p.accent, p.second, p.far)[(j + k) % 3],
                        8,
                    )
    for n in range(8):
        x, y = 120 + (n % 4) * 46, 470 + n // 4 * 60
        c.disc(x, y, 13, p.far)
        c.line([(x - 6, y - 6), (x + 6, y + 6)], p.dark, 3)
    c.line([(960, 620), (1080, 500)], p.accent, 30)
    c.line([(1080, 500), (1150, 430)], p.dark, 9)


def lock(c: Canvas) -> None:
    """Paint a padlock before lines of code."""
    p = c.p
    c.sky(p.near, p.dark)
    for row in range(15):
        x = 60.0
        while x < 1140:
            w = c.r.uniform(30, 130)
            c.rect(
                (x, 44 + row * 42, min(x + w, 1150), 58 + row * 42),
                fade(c.r.choice((p.far, p.mid, p.second, p.accent)), 0.45),
                7,
            )
            x += w + 22
            if c.r.random() < 0.16:
                break
    c.glow(600, 360, 460, p.dark, 0.9)
    c.arc((600, 280, 116), (180, 360), p.light, 40)
    c.rect((464, 280, 504, 360), p.light)
    c.rect((696, 280, 736, 360), p.light)
    c.rect((420, 330, 780, 610), p.accent, 34)
    c.rect((420, 330, 780, 384), mix(p.accent, p.light, 0.25), 34)
    c.rect((420, 360, 780, 384), p.accent)
    c.disc(600, 450, 42, p.dark)
    c.poly([(582, 460), (618, 460), (632, 550), (568, 550)], p.dark)
    c.rect((446, 400, 466, 580), fade(p.light, 0.4), 10)


def servers(c: Canvas) -> None:
    """Paint racks above a pool."""
    p = c.p
    c.sky(p.dark, p.near)
    for n in range(6):
        x = 60 + n * 182
        c.rect((x, 50, x + 168, 430), mix(p.dark, p.near, 0.5), 8)
        c.rect((x + 8, 58, x + 160, 422), mix(p.near, p.mid, 0.3), 4)
        for row in range(12):
            y = 66 + row * 29.5
            c.rect((x + 14, y, x + 154, y + 23), p.dark, 3)
            for k in range(6):
                if c.r.random() < 0.7:
                    c.disc(
                        x + 28 + k * 13,
                        y + 11,
                        3.6,
                        c.r.choice((p.second, p.second, p.accent, p.light)),
                    )
            c.rect((x + 112, y + 7, x + 146, y + 15), p.mid, 3)
    c.glow(600, 240, 600, p.second, 0.22)
    c.rect((0, 450, WIDTH, 480), p.light)
    for x in range(0, WIDTH, 60):
        c.rect((x, 450, x + 56, 478), mix(p.light, p.far, 0.3))
    c.water(480, mix(p.second, p.mid, 0.45), p.light)
    for x in (300, 600, 900):
        c.poly(
            [
                (x - 4, 480),
                (x + 4, 480),
                (x + (x - 600) * 0.5 + 14, HEIGHT),
                (x + (x - 600) * 0.5 - 14, HEIGHT),
            ],
            fade(p.accent, 0.6),
        )
    c.disc(460, 560, 30, p.accent)
    c.disc(460, 540, 26, p.light)
    for y in (520, 570, 625):
        c.wave((y, 6, 34), fade(p.light, 0.45), 4, phase=y)


def bulb(c: Canvas) -> None:
    """Paint a bulb above rising bars."""
    p = c.p
    c.sky(mix(p.near, p.mid, 0.3), p.mid)
    for n in range(12):
        h = 60 + 26 * (n % 5) + c.r.uniform(0, 90)
        c.rect(
            (70 + n * 90, 640 - h, 130 + n * 90, HEIGHT),
            fade((p.far, p.warm, p.accent)[n % 3], 0.75),
            8,
        )
    c.glow(600, 270, 470, p.warm, 0.85)
    for n in range(12):
        a = n * math.pi / 6 + 0.26
        if math.sin(a) < 0.7:
            c.line(
                [
                    (600 + 240 * math.cos(a), 250 + 240 * math.sin(a)),
                    (600 + 290 * math.cos(a), 250 + 290 * math.sin(a)),
                ],
                p.light,
                12,
            )
    c.disc(600, 250, 180, mix(p.warm, p.light, 0.45))
    c.poly([(450, 340), (750, 340), (672, 470), (528, 470)], mix(p.warm, p.light, 0.45))
    c.disc(540, 190, 52, fade(p.light, 0.75), 66)
    c.line(
        [(560, 466), (540, 300), (576, 336), (600, 290), (624, 336), (660, 300), (640, 466)],
        p.accent,
        9,
    )
    for n in range(4):
        c.rect(
            (530 + n * 5, 470 + n * 28, 670 - n * 5, 494 + n * 28),
            p.dark if n % 2 else mix(p.far, p.light, 0.3),
            10,
        )
    c.disc(600, 588, 34, p.dark, 16)


def robot(c: Canvas) -> None:
    """Paint an arm lifting a box."""
    p = c.p
    c.sky(p.near, p.mid)
    for y in (120, 300, 480):
        c.rect((560, y + 90, WIDTH, y + 106), p.dark)
        x = 590.0
        while x < 1160:
            w = c.r.uniform(60, 120)
            h = c.r.uniform(40, 84)
            c.rect(
                (x, y + 90 - h, x + w, y + 90),
                c.r.choice((mix(p.second, p.dark, 0.2), p.far, mix(p.far, p.light, 0.3), p.mid)),
                4,
            )
            x += w + 16
    for x in (570, 870, 1170):
        c.rect((x, 60, x + 14, HEIGHT), p.dark)
    c.rect((0, 600, WIDTH, HEIGHT), p.dark)
    c.rect((130, 540, 370, 610), p.light, 12)
    for a, b, w in (
        ((250, 540), (250, 440), 84),
        ((250, 430), (380, 220), 62),
        ((380, 220), (640, 250), 50),
    ):
        c.line([a, b], p.accent, w)
    for x, y, r in ((250, 430, 52), (380, 220, 42), (640, 250, 34)):
        c.disc(x, y, r, p.light)
        c.disc(x, y, r * 0.5, p.dark)
    c.line([(640, 250), (650, 340)], p.far, 26)
    c.line([(536, 450), (536, 362), (764, 362), (764, 450)], p.dark, 18)
    c.rect((548, 388, 752, 540), p.second, 6)
    c.rect((638, 388, 662, 540), mix(p.second, p.light, 0.5))
    c.rect((580, 490, 626, 512), p.dark, 3)
    c.glow(640, 320, 320, p.light, 0.25)


def map_(c: Canvas) -> None:
    """Paint a folded map with a route."""
    p = c.p
    c.sky(p.mid, p.near)
    for n in range(4):
        x, lift = 150 + n * 225, 40 * (n % 2)
        tone = p.light if n % 2 else mix(p.light, p.far, 0.22)
        c.poly(
            [(x, 90 + lift), (x + 225, 130 - lift), (x + 225, 620 - lift), (x, 580 + lift)], tone
        )
    for n in range(9):
        y = 150 + n * 50
        c.line(
            [(150, y), (375, y + 14), (600, y - 10), (825, y + 14), (1050, y - 4)],
            fade(p.mid, 0.3),
            3,
        )
    for n in range(13):
        x = 190 + n * 66
        c.line([(x, 130), (x + c.r.uniform(-30, 30), 580)], fade(p.mid, 0.3), 3)
    river = [(150, 470), (300, 420), (420, 470), (560, 400), (700, 450), (860, 360), (1050, 390)]
    c.line(river, p.far, 34)
    for x, y, w, h in ((240, 180, 110, 80), (660, 190, 120, 90), (880, 470, 110, 90)):
        c.rect((x, y, x + w, y + h), fade(p.second, 0.55), 14)
    points = [(250, 540), (360, 520), (400, 350), (560, 330), (620, 240), (800, 270)]
    for (x0, y0), (x1, y1) in pairwise(points):
        for k in range(7):
            t = (k + 0.2) / 7
            c.line(
                [
                    (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t),
                    (x0 + (x1 - x0) * (t + 0.07), y0 + (y1 - y0) * (t + 0.07)),
                ],
                p.accent,
                9,
            )
    c.disc(250, 540, 18, p.accent)
    c.disc(800, 290, 40, fade(p.dark, 0.3), 12)
    c.poly([(760, 190), (840, 190), (800, 288)], p.accent)
    c.disc(800, 172, 50, p.accent)
    c.disc(800, 172, 20, p.light)


SCENES = {
    "circuit": circuit,
    "phone": phone,
    "lock": lock,
    "servers": servers,
    "bulb": bulb,
    "robot": robot,
    "map": map_,
}
