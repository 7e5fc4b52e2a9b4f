"""Scenes indoors: kitchens, rooms, tables, shelves."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def kitchen(c: Canvas) -> None:
    """Pans on a stove, a window, a shelf."""
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
    """A chair, a lamp, a plant."""
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


def plants(c: Canvas) -> None:
    """Pots on a shelf by the window."""
    p = c.p
    c.sky()
    for x in range(60, WIDTH, 370):
        c.rect((x, 30, x + 340, 500), mix(p.bottom, p.light, 0.55))
        c.rect((x + 164, 30, x + 176, 500), p.far)
        c.rect((x, 250, x + 340, 260), p.far)
    c.glow(300, 150, 460, p.light, 0.6)
    c.rect((0, 530, WIDTH, 566), p.near)
    c.rect((0, 566, WIDTH, HEIGHT), p.mid)
    kinds = [0, 1, 2, 3, 1]
    c.r.shuffle(kinds)
    for n, kind in enumerate(kinds):
        x, w = 140 + n * 232, c.r.uniform(64, 84)
        leaf = (p.leaf, mix(p.leaf, p.dark, 0.3), mix(p.leaf, p.light, 0.2))[n % 3]
        if kind == 0:
            for k in range(11):
                a = math.radians(190 + k * 16)
                mid = (x + 60 * math.cos(a - 0.2), 430 + 90 * math.sin(a - 0.2))
                c.poly(
                    [
                        (x - 8, 430),
                        mid,
                        (x + 130 * math.cos(a), 430 + 190 * math.sin(a)),
                        (x + 8, 430),
                    ],
                    leaf,
                )
        elif kind == 1:
            for k in range(6):
                y, side = 410 - k * 44, (-1) ** k
                c.disc(x + side * 40, y, 46, leaf, 24)
                c.disc(x - side * 26, y - 20, 38, mix(leaf, p.light, 0.14), 20)
            c.line([(x, 440), (x, 170)], p.dark, 7)
            for k in range(4):
                c.disc(x + (-1) ** k * 44, 390 - k * 52, 17, p.accent)
        elif kind == 2:
            c.rect((x - 42, 230, x + 42, 450), leaf, 42)
            for k in range(-2, 3):
                c.rect((x + k * 16 - 1.5, 250, x + k * 16 + 1.5, 440), mix(leaf, p.light, 0.3))
            c.disc(x, 226, 20, p.accent)
        else:
            for k in range(15):
                sway = c.r.uniform(-100, 100)
                c.line(
                    [(x, 440), (x + sway * 0.4, 330), (x + sway, c.r.uniform(200, 290))], leaf, 9
                )
        pot = (p.accent, p.second, p.light)[n % 3]
        c.poly([(x - w, 420), (x + w, 420), (x + w * 0.72, 532), (x - w * 0.72, 532)], pot)
        c.rect((x - w - 8, 404, x + w + 8, 432), mix(pot, p.dark, 0.15), 5)


def workshop(c: Canvas) -> None:
    """Tools above a bench."""
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
    """Loaves on shelves."""
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


def table(c: Canvas) -> None:
    """A table laid for supper, seen from above."""
    p = c.p
    c.sky(p.mid, p.near)
    c.rect((90, 60, 1110, 640), mix(p.second, p.light, 0.35), 30)
    for y in range(120, 620, 92):
        c.rect((90, y, 1110, y + 3), fade(p.near, 0.18))
    c.rect((90, 290, 1110, 410), p.accent)
    for x in range(90, 1110, 40):
        c.rect((x, 296, x + 20, 304), fade(p.light, 0.6))
        c.rect((x, 396, x + 20, 404), fade(p.light, 0.6))
    for n, (x, y) in enumerate(
        ((270, 165), (600, 165), (930, 165), (270, 535), (600, 535), (930, 535))
    ):
        c.disc(x + 5, y + 8, 96, fade(p.dark, 0.2))
        c.disc(x, y, 94, p.light)
        c.disc(x, y, 66, mix(p.light, p.far, 0.3))
        food = (p.accent, p.near, p.second)[(n + c.r.randint(0, 2)) % 3]
        for _ in range(16):
            a, d = c.r.uniform(0, 6.28), c.r.uniform(0, 44)
            c.disc(
                x + d * math.cos(a),
                y + d * math.sin(a),
                c.r.uniform(7, 15),
                mix(food, p.light, c.r.uniform(0, 0.4)),
            )
        c.rect((x - 124, y - 66, x - 116, y + 66), p.dark, 4)
        c.rect((x + 116, y - 66, x + 124, y + 66), p.dark, 4)
        c.disc(x + 120, y - 62, 9, p.dark, 20)
    for x in (435, 765):
        c.disc(x, 350, 44, p.near)
        c.disc(x, 350, 36, mix(p.near, p.second, 0.6))
        c.disc(x, 350, 14, p.light)
        c.glow(x, 350, 150, p.light, 0.55)
    c.disc(600, 350, 76, p.dark, 52)
    for _ in range(22):
        a, d = c.r.uniform(0, 6.28), c.r.uniform(0, 1)
        c.disc(
            600 + 60 * d * math.cos(a),
            350 + 38 * d * math.sin(a),
            12,
            c.r.choice((p.near, p.mid, p.second)),
        )


def coffee(c: Canvas) -> None:
    """A steaming cup."""
    p = c.p
    c.wall(520)
    x = c.r.choice((470, 640))
    for n in (-60, 0, 60):
        c.line(
            [(x + n + 18 * math.sin(k / 3 + n), 236 - k * 10) for k in range(16)],
            fade(p.light, 0.8),
            13,
        )
    c.shadow(x, 540, 290)
    c.disc(x, 524, 250, p.light, 30)
    c.disc(x, 518, 190, mix(p.light, p.far, 0.35), 20)
    c.ring(x + 178, 360, 72, p.accent, 28)
    c.poly(
        [
            (x - 180, 260),
            (x + 180, 260),
            (x + 150, 440),
            (x + 100, 512),
            (x - 100, 512),
            (x - 150, 440),
        ],
        p.accent,
    )
    c.poly(
        [(x - 150, 282), (x - 112, 282), (x - 88, 480), (x - 108, 470)], mix(p.accent, p.light, 0.4)
    )
    c.disc(x, 260, 180, mix(p.accent, p.light, 0.3), 34)
    c.disc(x, 264, 160, p.dark, 26)
    c.disc(x - 20, 262, 70, mix(p.dark, p.warm, 0.55), 11)
    side = x + 400 if x < 600 else x - 430
    c.shadow(side, 550, 150)
    c.disc(side, 540, 150, p.light, 18)
    c.poly([(side - 110, 534), (side + 110, 534), (side + 110, 440), (side - 110, 470)], p.warm)
    c.poly([(side - 110, 470), (side + 110, 440), (side + 110, 416), (side - 110, 446)], p.near)
    for k in range(4):
        c.disc(side - 70 + k * 48, 452 - k * 7, 15, p.accent)


def glass(c: Canvas) -> None:
    """A glass of water with lemon."""
    p = c.p
    c.wall(530)
    c.shadow(600, 552, 210)
    c.poly([(440, 110), (760, 110), (710, 550), (490, 550)], fade(p.light, 0.55))
    c.poly([(459, 260), (741, 260), (712, 536), (488, 536)], fade(p.water, 0.75))
    c.disc(600, 260, 141, mix(p.water, p.light, 0.45), 22)
    for x, y in ((540, 330), (640, 370), (580, 430)):
        c.poly([(x, y), (x + 76, y - 14), (x + 90, y + 60), (x + 12, y + 74)], fade(p.light, 0.5))
    c.disc(760, 130, 92, p.warm)
    c.disc(760, 130, 76, p.light)
    for n in range(8):
        a = n * math.pi / 4
        c.poly(
            [
                (760 + 8 * math.cos(a), 130 + 8 * math.sin(a)),
                (760 + 68 * math.cos(a + 0.33), 130 + 68 * math.sin(a + 0.33)),
                (760 + 68 * math.cos(a - 0.33), 130 + 68 * math.sin(a - 0.33)),
            ],
            mix(p.warm, p.light, 0.25),
        )
    c.poly([(470, 130), (496, 130), (530, 510), (512, 510)], fade(p.light, 0.7))
    for _ in range(16):
        c.disc(c.r.uniform(500, 700), c.r.uniform(300, 520), c.r.uniform(3, 8), fade(p.light, 0.7))
    for x in (250, 330):
        c.shadow(x, 560, 80)
        c.disc(x, 500, 66, p.warm, 56)
        c.disc(x - 20, 480, 16, mix(p.warm, p.light, 0.5))


def sleep(c: Canvas) -> None:
    """A bed under a moonlit window."""
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
    """Shelves of books."""
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


def letter(c: Canvas) -> None:
    """An envelope and a pen."""
    p = c.p
    c.sky(mix(p.far, p.bottom, 0.3), p.far)
    c.glow(420, 200, 620, p.light, 0.5)
    c.poly([(250, 150), (880, 90), (930, 500), (300, 570)], fade(p.dark, 0.18))
    c.poly([(240, 130), (870, 70), (920, 480), (290, 545)], p.light)
    c.poly([(240, 130), (870, 70), (590, 330)], mix(p.light, p.far, 0.28))
    c.line([(290, 545), (520, 296)], mix(p.far, p.light, 0.3), 4)
    c.line([(920, 480), (650, 290)], mix(p.far, p.light, 0.3), 4)
    c.disc(585, 322, 50, p.accent)
    c.disc(585, 322, 34, mix(p.accent, p.dark, 0.25))
    c.poly([(700, 660), (1060, 300), (1100, 340), (742, 690)], p.dark)
    c.poly([(1020, 340), (1060, 300), (1100, 340), (1062, 378)], p.second)
    c.poly([(1060, 300), (1100, 340), (1150, 250)], mix(p.second, p.light, 0.4))
    c.line([(1084, 316), (1140, 262)], p.dark, 3)
    for n in range(3):
        c.rect((80, 430 + n * 44, 230 - n * 30, 438 + n * 44), fade(p.dark, 0.3), 3)
    c.rect((70, 90, 170, 210), p.second, 6)
    c.rect((82, 102, 158, 198), p.near)
    c.poly([(82, 198), (112, 140), (134, 172), (158, 150), (158, 198)], p.light)


def typewriter(c: Canvas) -> None:
    """A typewriter."""
    p = c.p
    c.wall(540)
    c.rect((440, 60, 760, 330), p.light)
    for n in range(6):
        c.rect((470, 96 + n * 32, 470 + c.r.uniform(150, 250), 104 + n * 32), p.far)
    c.shadow(600, 584, 370)
    c.rect((300, 262, 900, 326), p.dark, 26)
    for x in (280, 900):
        c.rect((x, 270, x + 26, 318), p.second, 6)
    c.poly([(350, 310), (850, 310), (930, 580), (270, 580)], p.accent)
    c.poly([(380, 330), (820, 330), (836, 390), (364, 390)], mix(p.accent, p.dark, 0.4))
    for row in range(4):
        y, half = 424 + row * 36, 232 + row * 18
        for n in range(11):
            x = 600 - half + n * (half * 2 / 10)
            c.disc(x, y + 4, 15, mix(p.accent, p.dark, 0.4))
            c.disc(x, y, 14, p.light)
            c.disc(x, y, 9, mix(p.light, p.far, 0.35))
    c.rect((440, 556, 760, 572), p.light, 8)
    c.poly([(80, 540), (210, 540), (196, 420), (94, 420)], p.second)
    for n in range(5):
        c.line(
            [(110 + n * 20, 424), (90 + n * 28, 310)],
            (p.near, p.dark, p.accent, p.mid, p.near)[n],
            8,
        )


def boardgame(c: Canvas) -> None:
    """Dice and tiles."""
    p = c.p
    c.sky(p.near, p.dark)
    c.glow(600, 330, 680, p.mid, 0.7)
    for row in range(5):
        for column in range(9):
            x, y = 120 + column * 108, 70 + row * 108
            color = (p.far, p.second, p.light, p.accent, p.mid)[(row * 2 + column * 3) % 5]
            c.rect((x + 4, y + 8, x + 102, y + 106), fade(p.dark, 0.4), 12)
            c.rect((x, y, x + 98, y + 98), color, 12)
            kind = c.r.randint(0, 3)
            ink = mix(color, p.dark, 0.55)
            if kind == 0:
                c.arc((x, y + 98, 49), (-90, 0), ink, 13)
            elif kind == 1:
                c.rect((x + 42, y, x + 56, y + 98), ink)
            elif kind == 2:
                c.arc((x + 98, y, 49), (90, 180), ink, 13)
            else:
                c.disc(x + 49, y + 49, 20, ink)
    for x, y, pips in (
        (820, 390, ((0.5, 0.5), (0.25, 0.25), (0.75, 0.75))),
        (960, 480, ((0.28, 0.28), (0.72, 0.28), (0.28, 0.72), (0.72, 0.72))),
    ):
        c.rect((x + 10, y + 16, x + 146, y + 152), fade(p.dark, 0.5), 26)
        c.rect((x, y, x + 136, y + 136), p.light, 26)
        for a, b in pips:
            c.disc(x + 136 * a, y + 136 * b, 13, p.accent)
    for x, y, color in ((260, 500, p.accent), (420, 540, p.second)):
        c.disc(x, y + 62, 52, fade(p.dark, 0.5), 16)
        c.poly([(x - 46, y + 60), (x + 46, y + 60), (x + 16, y - 30), (x - 16, y - 30)], color)
        c.disc(x, y - 46, 34, color)
        c.disc(x - 10, y - 56, 10, mix(color, p.light, 0.5))


def coins(c: Canvas) -> None:
    """Stacks of coins."""
    p = c.p
    c.wall(560)
    for n, count in enumerate((3, 5, 8, 11, 15)):
        x = 220 + n * 190
        c.shadow(x, 584, 100)
        for k in range(count):
            y = 570 - k * 24
            wobble = c.r.uniform(-5, 5)
            tone = p.warm if (k + n) % 5 else p.accent
            c.disc(x + wobble, y, 78, mix(tone, p.dark, 0.3), 20)
            c.rect((x + wobble - 78, y - 16, x + wobble + 78, y), mix(tone, p.dark, 0.3))
            c.disc(x + wobble, y - 16, 78, tone, 20)
            c.disc(x + wobble, y - 16, 54, mix(tone, p.light, 0.35), 13)
    x, y = 980, 184
    c.line([(x, y), (x, y - 62)], p.near, 8)
    c.disc(x - 34, y - 66, 38, p.near, 18)
    c.disc(x + 34, y - 88, 38, mix(p.near, p.mid, 0.5), 18)


SCENES = {
    "kitchen": kitchen,
    "livingroom": livingroom,
    "plants": plants,
    "workshop": workshop,
    "bakery": bakery,
    "table": table,
    "coffee": coffee,
    "glass": glass,
    "sleep": sleep,
    "books": books,
    "letter": letter,
    "typewriter": typewriter,
    "boardgame": boardgame,
    "coins": coins,
}
