"""Paints science and energy."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def satellite(c: Canvas) -> None:
    """Paint a small satellite above a planet."""
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
    """Paint dishes under the stars."""
    p = c.p
    c.sky(mix(p.dark, p.near, 0.3), mix(p.mid, p.accent, 0.3))
    c.stars(160, 430)
    for n in range(60):
        t = n / 60
        c.glow(t * WIDTH, 420 - t * 360 + c.r.uniform(-40, 40), c.r.uniform(30, 90), p.far, 0.1)
    c.ridge(520, 110, mix(p.near, p.mid, 0.4), 6)
    c.hill(530, 16, p.near)
    turn = c.r.choice((-1, 1))
    for place, y, s in ((1000, 540, 0.5), (780, 550, 0.62), (200, 556, 0.72), (480, 600, 1.25)):
        x = place if turn > 0 else WIDTH - place
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


def drone(c: Canvas) -> None:
    """Paint a drone over a flock."""
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
    """Paint a house with a roof that makes power."""
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
    """Paint a heart and its pulse."""
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
        across = 16 * math.sin(t) ** 3
        up = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        heart.append((600 + across * 15.5, 320 - up * 15.5))
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
    """Paint flasks and a microscope."""
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


SCENES = {
    "satellite": satellite,
    "dish": dish,
    "drone": drone,
    "solarhouse": solarhouse,
    "pulse": pulse,
    "lab": lab,
}
