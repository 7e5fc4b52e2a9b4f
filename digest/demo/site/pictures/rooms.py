"""Paints rooms and shelves."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import Color, fade, mix


def kitchen(c: Canvas) -> None:
    """Paint pans on a stove, a window, a shelf."""
    p = c.p
    c.sky(mix(p.top, p.bottom, 0.4), p.bottom)
    for x in range(0, WIDTH, 75):
        for y in range(330, 500, 56):
            c.rect(
                (x + 2, y + 2, x + 73, y + 54),
                mix(p.light, p.far, 0.2 + 0.12 * ((x // 75 + y // 56) % 2)),
            )
    w = c.r.choice((110, 790))
    c.rect((w, 60, w + 300, 300), p.light)
    c.rect((w + 14, 74, w + 286, 286), mix(p.top, p.light, 0.2))
    c.disc(w + 210, 140, 40, p.warm)
    c.rect((w + 14, 230, w + 286, 286), p.far)
    c.rect((w + 143, 74, w + 157, 286), p.light)
    s = 520 if w < 400 else 60
    c.rect((s, 190, s + 620, 208), p.near)
    for n in range(7):
        x, h = s + 30 + n * 84, c.r.uniform(46, 92)
        c.rect((x, 190 - h, x + 52, 190), (p.accent, p.light, p.mid, p.warm)[n % 4], 8)
        c.rect((x + 6, 180 - h, x + 46, 192 - h), p.dark, 4)
    c.rect((0, 500, WIDTH, 530), p.dark)
    c.rect((0, 530, WIDTH, HEIGHT), p.near)
    for x in range(40, WIDTH, 290):
        c.rect((x, 552, x + 260, 690), mix(p.near, p.mid, 0.4), 6)
        c.rect((x + 100, 570, x + 160, 580), p.dark, 4)
    for x, half, h, color in ((430, 130, 150, p.accent), (790, 95, 96, p.mid)):
        for n in (-40, 0, 40):
            c.line(
                [(x + n + 12 * math.sin(k / 3 + n), 490 - h - 26 - k * 9) for k in range(12)],
                fade(p.light, 0.75),
                9,
            )
        c.rect((x - half - 44, 500 - h + 28, x + half + 44, 500 - h + 48), p.dark, 9)
        c.rect((x - half, 500 - h, x + half, 500), color, 18)
        c.rect((x - half + 16, 516 - h, x - half + 34, 480), mix(color, p.light, 0.4), 9)
        c.rect((x - half - 8, 488 - h, x + half + 8, 508 - h), mix(color, p.dark, 0.25), 9)
        c.disc(x, 480 - h, 15, p.dark)


def livingroom(c: Canvas) -> None:
    """Paint a chair, a lamp, a plant."""
    p = c.p
    c.sky(mix(p.top, p.bottom, 0.3), p.bottom)
    c.rect((0, 540, WIDTH, HEIGHT), p.mid)
    c.poly([(120, 540), (620, 540), (760, HEIGHT), (10, HEIGHT)], fade(p.light, 0.28))
    c.rect((130, 70, 510, 400), p.light)
    c.rect((146, 86, 494, 384), mix(p.top, p.light, 0.35))
    c.disc(400, 170, 44, p.warm)
    c.poly([(146, 384), (146, 310), (250, 260), (360, 320), (494, 280), (494, 384)], p.far)
    c.rect((312, 86, 328, 384), p.light)
    c.disc(620, 596, 420, mix(p.accent, p.bottom, 0.55), 60)
    flip = c.r.choice((0, 1))
    x = 600 if flip else 560
    c.rect((x, 290, x + 300, 520), p.accent, 50)
    c.rect((x + 30, 310, x + 270, 460), mix(p.accent, p.light, 0.18), 36)
    c.rect((x - 44, 400, x + 40, 560), mix(p.accent, p.dark, 0.18), 34)
    c.rect((x + 260, 400, x + 344, 560), mix(p.accent, p.dark, 0.18), 34)
    c.rect((x + 20, 450, x + 280, 560), mix(p.accent, p.light, 0.08), 20)
    c.rect((x + 80, 370, x + 200, 470), p.warm, 14)
    for leg in (x, x + 290):
        c.line([(leg, 556), (leg - 4, 606)], p.dark, 12)
    c.line([(1010, 600), (1010, 220)], p.dark, 9)
    c.disc(1010, 604, 60, p.dark, 12)
    c.glow(1010, 240, 300, p.warm, 0.5)
    c.poly([(950, 130), (1070, 130), (1110, 240), (910, 240)], p.light)
    c.poly([(60, 520), (190, 520), (172, 640), (78, 640)], p.light)
    for n in range(9):
        a = math.radians(200 + n * 17.5)
        tip = (125 + 170 * math.cos(a), 500 + 190 * math.sin(a))
        c.poly(
            [
                (115, 524),
                tip,
                (135, 524),
                (125 + 90 * math.cos(a + 0.2), 500 + 110 * math.sin(a + 0.2)),
            ],
            p.leaf,
        )


def workshop(c: Canvas) -> None:
    """Paint tools above a bench."""
    p = c.p
    c.sky(p.far, mix(p.far, p.bottom, 0.5))
    c.rect((110, 60, 1090, 400), mix(p.second, p.bottom, 0.35), 12)
    for x in range(140, 1080, 34):
        for y in range(86, 390, 34):
            c.disc(x, y, 3, fade(p.dark, 0.25))
    c.rect((220, 100, 246, 330), p.accent, 8)
    c.rect((180, 90, 300, 136), p.dark, 6)
    c.poly([(390, 110), (560, 300), (520, 330), (372, 130)], p.light)
    c.rect((500, 290, 570, 370), p.accent, 18)
    c.ring(680, 130, 42, p.near, 18)
    c.rect((670, 160, 692, 350), p.near, 8)
    c.poly([(800, 100), (824, 100), (824, 220), (812, 250), (800, 220)], p.light)
    c.rect((794, 100, 830, 180), p.accent, 10)
    c.disc(960, 230, 90, p.accent)
    c.disc(960, 230, 56, mix(p.accent, p.light, 0.5))
    c.disc(960, 230, 22, p.dark)
    c.rect((0, 500, WIDTH, 540), p.near)
    c.rect((0, 540, WIDTH, HEIGHT), p.dark)
    for x in (120, 1010):
        c.rect((x, 540, x + 70, HEIGHT), p.near)
    c.rect((300, 450, 560, 500), p.second, 8)
    for k in range(6):
        c.disc(340 + k * 40, 452, 16, (p.accent, p.light, p.mid)[k % 3])
    c.rect((680, 430, 890, 500), p.accent, 10)
    c.rect((740, 408, 830, 434), p.dark, 10)
    c.rect((752, 418, 818, 434), p.accent)
    c.glow(600, 300, 560, p.light, 0.25)


def bakery(c: Canvas) -> None:
    """Paint loaves on shelves."""
    p = c.p
    c.sky(mix(p.near, p.mid, 0.5), p.mid)
    c.glow(600, 260, 640, p.warm, 0.45)
    crust = mix(p.warm, (150, 84, 38), 0.55)
    for row, y in enumerate((250, 430, 610)):
        c.rect((70, y, 1130, y + 22), p.dark)
        x = 120.0
        while x < 1060:
            kind = c.r.choice(("round", "long", "tin"))
            tone = mix(crust, p.light, c.r.uniform(0, 0.35))
            w = {"round": 74, "long": 120, "tin": 78}[kind]
            if x + w * 2 > 1130:
                break
            if kind == "tin":
                c.rect((x, y - 96, x + w * 2, y), tone, 34)
                c.rect((x, y - 40, x + w * 2, y), tone, 6)
            else:
                high = 112 if kind == "round" else 78
                c.poly(
                    [
                        (
                            x + w + w * math.cos(a / 24 * math.pi),
                            y - high * math.sin(a / 24 * math.pi),
                        )
                        for a in range(25)
                    ],
                    tone,
                )
            for k in (-0.4, 0, 0.4):
                cx = x + w + k * w
                c.line([(cx - 14, y - 38), (cx + 14, y - 66)], mix(tone, p.light, 0.6), 6)
            x += w * 2 + 26
        if row < 2:
            c.rect((70, y + 22, 1130, y + 30), fade(p.dark, 0.3))
    c.rect((50, 90, 74, HEIGHT), p.dark)
    c.rect((1126, 90, 1150, HEIGHT), p.dark)
    for x in range(70, 1130, 106):
        c.poly(
            [(x, 0), (x + 106, 0), (x + 106, 60), (x + 53, 88), (x, 60)],
            p.accent if x // 106 % 2 else p.light,
        )


def sleep(c: Canvas) -> None:
    """Paint a bed under a moonlit window."""
    p = c.p
    c.sky(mix(p.dark, p.near, 0.35), mix(p.near, p.mid, 0.3))
    x = c.r.choice((170, 640))
    c.rect((x - 14, 46, x + 394, 386), p.mid)
    c.rect((x, 60, x + 380, 372), p.dark)
    for _ in range(36):
        c.disc(x + c.r.uniform(10, 370), c.r.uniform(66, 300), c.r.choice((1.4, 2.2)), p.light)
    c.glow(x + 230, 170, 130, p.warm, 0.4)
    c.disc(x + 230, 170, 60, p.light)
    c.disc(x + 256, 156, 52, p.dark)
    c.poly(
        [(x, 372), (x, 320), (x + 120, 280), (x + 250, 330), (x + 380, 296), (x + 380, 372)], p.near
    )
    c.rect((x + 184, 60, x + 196, 372), p.mid)
    c.rect((x, 210, x + 380, 220), p.mid)
    c.poly([(x, 386), (x + 380, 386), (x + 560, HEIGHT), (x + 60, HEIGHT)], fade(p.light, 0.1))
    c.rect((120, 400, 164, 640), p.dark, 10)
    c.rect((150, 500, 1080, 620), p.dark, 12)
    c.rect((1050, 470, 1090, 640), p.dark, 10)
    c.rect((176, 436, 390, 520), p.light, 36)
    c.rect((300, 448, 430, 524), mix(p.light, p.far, 0.3), 32)
    c.rect((370, 470, 1060, 590), p.accent, 34)
    for n in range(7):
        c.line([(430 + n * 96, 480), (410 + n * 96, 586)], mix(p.accent, p.light, 0.22), 10)
    c.rect((356, 468, 470, 594), mix(p.accent, p.light, 0.45), 30)
    c.rect((0, 640, WIDTH, HEIGHT), mix(p.dark, p.near, 0.2))


def books(c: Canvas) -> None:
    """Paint shelves of books."""
    p = c.p
    c.sky(p.near, p.near)
    c.glow(600, 330, 700, p.mid, 0.7)
    colors = [
        p.accent,
        p.second,
        p.light,
        p.far,
        p.mid,
        mix(p.accent, p.dark, 0.35),
        mix(p.second, p.light, 0.5),
    ]
    for y in (215, 430, 645):
        x = 50.0
        while x < 1130:
            w, h = c.r.uniform(26, 62), c.r.uniform(118, 176)
            if c.r.random() < 0.07 and x < 1000:
                c.disc(x + 60, y - 100, 50, p.leaf, 44)
                c.disc(x + 78, y - 116, 26, mix(p.leaf, p.light, 0.25))
                c.poly([(x + 20, y - 70), (x + 100, y - 70), (x + 86, y), (x + 34, y)], p.light)
                x += 130
                continue
            color = c.r.choice(colors)
            lean = c.r.random() < 0.08
            tilt = 34 if lean else 0
            c.poly([(x + tilt, y - h), (x + w + tilt, y - h), (x + w, y), (x, y)], color)
            for band in (0.78, 0.7, 0.2):
                c.rect(
                    (x + 4 + tilt * band, y - h * band, x + w - 4 + tilt * band, y - h * band + 6),
                    mix(color, p.dark, 0.35),
                )
            x += w + tilt + 3
        c.rect((30, y, 1170, y + 20), p.dark)
    c.rect((16, 0, 44, HEIGHT), p.dark)
    c.rect((1156, 0, 1184, HEIGHT), p.dark)


def _spikes(c: Canvas, x: float, leaf: Color) -> None:
    for k in range(11):
        a = math.radians(190 + k * 16)
        middle = (x + 60 * math.cos(a - 0.2), 430 + 90 * math.sin(a - 0.2))
        tip = (x + 130 * math.cos(a), 430 + 190 * math.sin(a))
        c.poly([(x - 8, 430), middle, tip, (x + 8, 430)], leaf)


def _tomato(c: Canvas, x: float, leaf: Color) -> None:
    for k in range(6):
        y, side = 410 - k * 44, (-1) ** k
        c.disc(x + side * 40, y, 46, leaf, 24)
        c.disc(x - side * 26, y - 20, 38, mix(leaf, c.p.light, 0.14), 20)
    c.line([(x, 440), (x, 170)], c.p.dark, 7)
    for k in range(4):
        c.disc(x + (-1) ** k * 44, 390 - k * 52, 17, c.p.accent)


def _cactus(c: Canvas, x: float, leaf: Color) -> None:
    c.rect((x - 42, 230, x + 42, 450), leaf, 42)
    for k in range(-2, 3):
        c.rect((x + k * 16 - 1.5, 250, x + k * 16 + 1.5, 440), mix(leaf, c.p.light, 0.3))
    c.disc(x, 226, 20, c.p.accent)


def _chives(c: Canvas, x: float, leaf: Color) -> None:
    for _ in range(15):
        sway = c.r.uniform(-100, 100)
        c.line([(x, 440), (x + sway * 0.4, 330), (x + sway, c.r.uniform(200, 290))], leaf, 9)


def plants(c: Canvas) -> None:
    """Paint pots on a shelf by the window."""
    p = c.p
    c.sky()
    for x in range(60, WIDTH, 370):
        c.rect((x, 30, x + 340, 500), mix(p.bottom, p.light, 0.55))
        c.rect((x + 164, 30, x + 176, 500), p.far)
        c.rect((x, 250, x + 340, 260), p.far)
    c.glow(300, 150, 460, p.light, 0.6)
    c.rect((0, 530, WIDTH, 566), p.near)
    c.rect((0, 566, WIDTH, HEIGHT), p.mid)
    kinds = [_spikes, _tomato, _cactus, _chives, _tomato]
    c.r.shuffle(kinds)
    for n, grow in enumerate(kinds):
        x, w = 140 + n * 232, c.r.uniform(64, 84)
        grow(c, x, (p.leaf, mix(p.leaf, p.dark, 0.3), mix(p.leaf, p.light, 0.2))[n % 3])
        pot = (p.accent, p.second, p.light)[n % 3]
        c.poly([(x - w, 420), (x + w, 420), (x + w * 0.72, 532), (x - w * 0.72, 532)], pot)
        c.rect((x - w - 8, 404, x + w + 8, 432), mix(pot, p.dark, 0.15), 5)


SCENES = {
    "kitchen": kitchen,
    "livingroom": livingroom,
    "workshop": workshop,
    "bakery": bakery,
    "sleep": sleep,
    "books": books,
    "plants": plants,
}
