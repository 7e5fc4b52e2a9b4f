"""Paints things on a table."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import Canvas
from digest.demo.site.pictures.palette import fade, mix


def table(c: Canvas) -> None:
    """Paint a table laid for supper, seen from above."""
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
    """Paint a steaming cup."""
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
    """Paint a glass of water with lemon."""
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


def letter(c: Canvas) -> None:
    """Paint an envelope and a pen."""
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
    """Paint a typewriter."""
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
            key = 600 - half + n * (half * 2 / 10)
            c.disc(key, y + 4, 15, mix(p.accent, p.dark, 0.4))
            c.disc(key, y, 14, p.light)
            c.disc(key, y, 9, mix(p.light, p.far, 0.35))
    c.rect((440, 556, 760, 572), p.light, 8)
    c.poly([(80, 540), (210, 540), (196, 420), (94, 420)], p.second)
    for n in range(5):
        c.line(
            [(110 + n * 20, 424), (90 + n * 28, 310)],
            (p.near, p.dark, p.accent, p.mid, p.near)[n],
            8,
        )


def boardgame(c: Canvas) -> None:
    """Paint dice and tiles."""
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
    """Paint stacks of coins."""
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


def radio(c: Canvas) -> None:
    """Paint an old radio on a shelf."""
    p = c.p
    c.wall(550)
    c.line([(860, 180), (1010, 30)], p.dark, 7)
    c.disc(1010, 30, 11, p.accent)
    c.shadow(600, 572, 380)
    c.rect((270, 170, 930, 560), mix(p.accent, p.dark, 0.35), 60)
    c.rect((290, 190, 910, 540), p.accent, 46)
    c.disc(460, 365, 140, p.dark)
    c.disc(460, 365, 126, p.near)
    for y in range(250, 490, 20):
        half = math.sqrt(max(0, 120**2 - (y - 365) ** 2))
        c.rect((460 - half, y, 460 + half, y + 8), p.far, 4)
    c.rect((640, 230, 870, 340), p.light, 12)
    for n in range(12):
        c.rect((656 + n * 17, 250, 660 + n * 17, 280 + (n % 3 == 0) * 18), p.near)
    c.rect((744, 240, 750, 330), p.accent)
    for x in (690, 820):
        c.disc(x, 436, 52, p.second)
        c.disc(x, 436, 34, mix(p.second, p.light, 0.4))
        c.line([(x, 436), (x + 18, 412)], p.dark, 7)
    for n in (1, 2, 3):
        c.arc((140, 300, 40 + n * 34), (120, 240), fade(p.near, 0.7), 9)
    c.rect((980, 470, 1120, 552), p.near, 8)
    c.rect((996, 430, 1104, 474), p.second, 6)


SCENES = {
    "table": table,
    "coffee": coffee,
    "glass": glass,
    "letter": letter,
    "typewriter": typewriter,
    "boardgame": boardgame,
    "coins": coins,
    "radio": radio,
}
