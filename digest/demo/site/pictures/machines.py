"""Scenes of technology and science."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def circuit(c: Canvas) -> None:
    """A board of traces around a chip."""
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


def satellite(c: Canvas) -> None:
    """A small satellite above a planet."""
    p = c.p
    c.sky(mix(p.dark, (4, 6, 20), 0.4), p.near)
    c.stars(170, HEIGHT)
    c.glow(500, 980, 780, p.second, 0.55)
    c.disc(500, 1010, 620, p.mid)
    for x, y, w, h in (
        (300, 560, 170, 46),
        (560, 620, 210, 40),
        (760, 570, 90, 26),
        (160, 640, 90, 30),
    ):
        c.disc(x, y, w, mix(p.second, p.near, 0.35), h)
    c.cloud(420, 500, 200, fade(p.light, 0.7))
    c.poly([(760, 300), (480, 640), (700, 660)], fade(p.accent, 0.3))
    c.poly([(700, 190), (800, 160), (850, 270), (750, 306)], p.light)
    c.poly([(800, 160), (826, 150), (878, 262), (850, 270)], p.far)
    for dx, dy in ((-230, 84), (150, -60)):
        quad = [
            (720 + dx, 190 + dy),
            (880 + dx, 132 + dy),
            (914 + dx, 208 + dy),
            (754 + dx, 266 + dy),
        ]
        c.poly(quad, p.accent)
        for n in range(1, 4):
            t = n / 4
            c.line(
                [
                    (
                        quad[0][0] + (quad[1][0] - quad[0][0]) * t,
                        quad[0][1] + (quad[1][1] - quad[0][1]) * t,
                    ),
                    (
                        quad[3][0] + (quad[2][0] - quad[3][0]) * t,
                        quad[3][1] + (quad[2][1] - quad[3][1]) * t,
                    ),
                ],
                p.dark,
                3,
            )
    c.line([(690, 262), (726, 250)], p.light, 8)
    c.disc(776, 300, 34, p.second, 18)
    c.line([(740, 180), (700, 90)], p.light, 5)
    c.disc(700, 90, 9, p.accent)


def dish(c: Canvas) -> None:
    """Dishes under the stars."""
    p = c.p
    c.sky(mix(p.dark, p.near, 0.3), mix(p.mid, p.accent, 0.3))
    c.stars(160, 430)
    for n in range(60):
        t = n / 60
        c.glow(t * WIDTH, 420 - t * 360 + c.r.uniform(-40, 40), c.r.uniform(30, 90), p.far, 0.1)
    c.ridge(520, 110, mix(p.near, p.mid, 0.4), 6)
    c.hill(530, 16, p.near)
    turn = c.r.choice((-1, 1))
    for x, y, s in ((1000, 540, 0.5), (780, 550, 0.62), (200, 556, 0.72), (480, 600, 1.25)):
        x = x if turn > 0 else WIDTH - x
        c.poly(
            [
                (x - 46 * s, y),
                (x + 46 * s, y),
                (x + 14 * s, y - 130 * s),
                (x - 14 * s, y - 130 * s),
            ],
            p.dark,
        )
        a = math.radians(-60 if turn > 0 else -120)
        ux, uy = math.cos(a), math.sin(a)
        px, py = -uy, ux
        cx, cy = x, y - 160 * s
        edge = []
        for n in range(21):
            v = -1 + n / 10
            deep = (v * v - 1) * 62 * s
            edge.append(
                (
                    cx + px * v * 150 * s + ux * (deep + 40 * s),
                    cy + py * v * 150 * s + uy * (deep + 40 * s),
                )
            )
        c.poly(edge, p.light)
        c.line([edge[0], edge[-1]], mix(p.light, p.far, 0.5), 10 * s)
        tip = (cx + ux * 150 * s, cy + uy * 150 * s)
        for end in (edge[2], edge[-3]):
            c.line([end, tip], p.far, 4 * s)
        c.disc(*tip, 13 * s, p.accent)
    c.hill(620, 12, p.dark)


def phone(c: Canvas) -> None:
    """A telephone in layers."""
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


def map_(c: Canvas) -> None:
    """A folded map with a route."""
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
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
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


def robot(c: Canvas) -> None:
    """An arm lifting a box."""
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


def lock(c: Canvas) -> None:
    """A padlock before lines of code."""
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
    """Racks above a pool."""
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
        c.curve(lambda v, y=y: y + 6 * math.sin(v / 34 + y), fade(p.light, 0.45), 4)


def drone(c: Canvas) -> None:
    """A drone over a flock."""
    p = c.p
    c.sky()
    c.sun(220, 150, 56)
    c.hill(400, 36, p.far)
    c.hill(470, 28, p.mid)
    c.poly([(690, 250), (350, HEIGHT), (1030, HEIGHT)], fade(p.light, 0.2))
    c.hill(560, 20, fade(p.near, 0.85))
    for _ in range(30):
        x, y = c.r.uniform(40, 1160), c.r.uniform(470, 650)
        s = 9 + (y - 460) * 0.09
        for leg in (-0.7, 0.7):
            c.rect((x + leg * s - 2, y, x + leg * s + 2, y + s * 1.2), p.dark)
        c.disc(x, y, s * 1.5, p.light, s)
        c.disc(x + s * 1.4, y - s * 0.4, s * 0.55, p.dark)
    for x, y in ((540, 176), (840, 176)):
        c.line([(690, 214), (x, y + 20)], p.dark, 15)
        c.rect((x - 9, y - 12, x + 9, y + 26), p.dark, 4)
        c.disc(x, y - 14, 110, fade(p.dark, 0.3), 10)
        c.rect((x - 100, y - 17, x + 100, y - 11), p.dark, 3)
    c.rect((600, 180, 780, 250), p.accent, 34)
    c.rect((600, 206, 780, 220), p.light)
    c.disc(690, 258, 28, p.dark)
    c.disc(690, 260, 13, p.second)
    for x in (620, 760):
        c.line([(x, 246), (x - 12, 300)], p.dark, 7)


def solarhouse(c: Canvas) -> None:
    """A house with a roof that makes power."""
    p = c.p
    c.sky()
    c.sun(940, 150, 74, p.warm)
    for n in range(12):
        a = n * math.pi / 6
        c.line(
            [
                (940 + 100 * math.cos(a), 150 + 100 * math.sin(a)),
                (940 + 130 * math.cos(a), 150 + 130 * math.sin(a)),
            ],
            p.warm,
            7,
        )
    c.cloud(250, 130, 240)
    c.hill(480, 28, p.far)
    c.hill(560, 18, p.mid)
    c.rect((320, 340, 780, 590), p.light)
    c.poly([(260, 350), (380, 160), (800, 160), (860, 350)], p.dark)
    for row in range(4):
        for column in range(8):
            t0, t1 = row / 4 + 0.03, (row + 1) / 4 - 0.03

            def at(t: float, k: float) -> tuple[float, float]:
                left, right = 392 - 112 * t, 792 + 52 * t
                return (left + (right - left) * k, 172 + 166 * t)

            k0, k1 = column / 8 + 0.008, (column + 1) / 8 - 0.008
            tone = (
                p.accent
                if (row, column) == (1, 5)
                else mix(p.near, p.warm, c.r.uniform(0.05, 0.35))
            )
            c.poly([at(t0, k0), at(t0, k1), at(t1, k1), at(t1, k0)], tone)
    c.rect((520, 440, 600, 590), p.accent, 4)
    c.disc(588, 520, 6, p.light)
    for x in (370, 650):
        c.rect((x, 410, x + 100, 510), p.near, 4)
        c.rect((x + 46, 410, x + 54, 510), p.light)
        c.rect((x, 456, x + 100, 463), p.light)
    c.rect((0, 588, WIDTH, HEIGHT), p.near)
    c.rect((890, 520, 1120, 580), p.accent, 24)
    c.rect((930, 474, 1070, 530), p.accent, 22)
    c.rect((944, 486, 1056, 522), p.light, 12)
    for x in (940, 1070):
        c.disc(x, 582, 26, p.dark)
        c.disc(x, 582, 10, p.far)
    c.line([(780, 500), (850, 540), (896, 540)], p.dark, 5)
    for x in (80, 190):
        c.tree(x, 600, 230, mix(p.near, p.mid, 0.4))


def pulse(c: Canvas) -> None:
    """A heart and its pulse."""
    p = c.p
    c.sky()
    for x in range(0, WIDTH, 50):
        c.rect((x, 0, x + 2, HEIGHT), fade(p.mid, 0.18))
    for y in range(0, HEIGHT, 50):
        c.rect((0, y, WIDTH, y + 2), fade(p.mid, 0.18))
    c.glow(600, 320, 480, p.light, 0.7)
    heart = []
    for n in range(120):
        t = n / 120 * 2 * math.pi
        x = 16 * math.sin(t) ** 3
        y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        heart.append((600 + x * 15.5, 320 - y * 15.5))
    c.poly([(x + 12, y + 18) for x, y in heart], fade(p.dark, 0.2))
    c.poly(heart, p.accent)
    c.disc(485, 210, 62, mix(p.accent, p.light, 0.35), 46)
    line = [
        (-10, 350),
        (270, 350),
        (310, 320),
        (350, 350),
        (420, 350),
        (450, 380),
        (500, 170),
        (560, 500),
        (600, 310),
        (640, 350),
        (760, 350),
        (800, 300),
        (850, 350),
        (1210, 350),
    ]
    c.line(line, p.dark, 19)
    c.line(line, p.light, 11)
    c.disc(1080, 350, 20, p.second)
    c.glow(1080, 350, 90, p.second, 0.6)


def lab(c: Canvas) -> None:
    """Flasks and a microscope."""
    p = c.p
    c.wall(550)
    for x, w, fill, color in ((210, 96, 0.5, p.accent), (420, 70, 0.64, p.second)):
        c.shadow(x, 566, w * 1.3)
        c.poly(
            [
                (x - 22, 190),
                (x + 22, 190),
                (x + 22, 320),
                (x + w, 530),
                (x + w - 14, 556),
                (x - w + 14, 556),
                (x - w, 530),
                (x - 22, 320),
            ],
            fade(p.far, 0.6),
        )
        level = 556 - 236 * fill
        half = 22 + (w - 22) * (level - 320) / 210
        c.poly(
            [
                (x - half + 6, level),
                (x + half - 6, level),
                (x + w - 12, 530),
                (x + w - 22, 548),
                (x - w + 22, 548),
                (x - w + 12, 530),
            ],
            color,
        )
        c.rect((x - 30, 178, x + 30, 196), p.light, 7)
        for _ in range(9):
            c.disc(
                x + c.r.uniform(-40, 40),
                c.r.uniform(level + 16, 540),
                c.r.uniform(4, 10),
                fade(p.light, 0.6),
            )
        for n in range(3):
            c.disc(x + c.r.uniform(-14, 14), 150 - n * 36, 9 + n * 4, fade(color, 0.6))
    c.shadow(860, 570, 250)
    c.rect((690, 530, 1040, 566), p.dark, 14)
    c.arc((840, 360, 170), (-60, 80), p.dark, 42)
    c.rect((720, 430, 900, 452), p.dark, 6)
    c.rect((760, 416, 850, 432), p.second, 3)
    c.line([(800, 150), (800, 350)], p.light, 66)
    c.line([(800, 320), (800, 390)], p.mid, 40)
    c.line([(800, 120), (800, 170)], p.dark, 52)
    c.rect((766, 230, 834, 250), p.accent)
    c.line([(810, 210), (916, 214)], p.dark, 36)
    c.disc(1010, 330, 30, p.accent)
    c.rect((540, 430, 660, 556), p.near, 6)
    for k in range(3):
        c.rect((552 + k * 36, 330, 576 + k * 36, 520), fade(p.light, 0.85), 12)
        c.rect((552 + k * 36, 400 + k * 24, 576 + k * 36, 520), (p.second, p.accent, p.mid)[k], 12)


def bulb(c: Canvas) -> None:
    """A bulb above rising bars."""
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


SCENES = {
    "circuit": circuit,
    "satellite": satellite,
    "dish": dish,
    "phone": phone,
    "map": map_,
    "robot": robot,
    "lock": lock,
    "servers": servers,
    "drone": drone,
    "solarhouse": solarhouse,
    "pulse": pulse,
    "lab": lab,
    "bulb": bulb,
}
