"""Paints land and sky."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def mountains(c: Canvas) -> None:
    """Paint ridges behind a lake."""
    p = c.p
    c.sky()
    c.sun(c.r.randint(250, 950), 190, 62)
    c.ridge(400, 190, mix(p.far, p.bottom, 0.45), 6)
    for x, y in c.ridge(430, 250, p.far, 4):
        c.poly(
            [(x, y), (x - 34, y + 46), (x - 8, y + 36), (x + 12, y + 54), (x + 36, y + 44)], p.light
        )
    c.ridge(450, 120, p.mid, 8)
    c.water(440, mix(p.mid, p.bottom, 0.35), p.light)
    c.hill(590, 22, p.near)
    for _ in range(22):
        c.pine(c.r.uniform(0, WIDTH), c.r.uniform(600, 690), c.r.uniform(70, 150), p.dark)


def forest(c: Canvas) -> None:
    """Paint pines in smoke."""
    p = c.p
    c.sky(mix(p.accent, p.top, 0.45), mix(p.bottom, p.accent, 0.25))
    c.sun(820, 210, 74, mix(p.light, p.accent, 0.35))
    for depth, color in enumerate((mix(p.far, p.bottom, 0.5), p.far, p.mid, p.near)):
        base = 400 + depth * 70
        c.hill(base - 20, 18, color)
        for _ in range(26 - depth * 4):
            c.pine(c.r.uniform(-20, 1220), base + c.r.uniform(-10, 30), 90 + depth * 50, color)
        c.glow(c.r.uniform(200, 1000), base - 20, 420, mix(p.bottom, p.accent, 0.2), 0.35)
    for x in (60, 210, 990, 1130):
        c.pine(x + c.r.uniform(-20, 20), 700, c.r.uniform(430, 560), p.dark)


def fields(c: Canvas) -> None:
    """Paint furrows running to the horizon."""
    p = c.p
    c.sky()
    c.sun(c.r.randint(300, 900), 250, 80, p.warm)
    for x in (200, 620, 980):
        c.cloud(x + c.r.uniform(-80, 80), c.r.uniform(80, 170), c.r.uniform(150, 260))
    c.hill(340, 20, p.far)
    for x in range(40, WIDTH, 130):
        c.tree(x + c.r.uniform(-30, 30), 372, c.r.uniform(46, 80), p.mid)
    c.rect((0, 366, WIDTH, HEIGHT), p.warm)
    middle = c.r.randint(380, 820)
    for n in range(-16, 17):
        color = p.mid if n % 2 else mix(p.warm, p.light, 0.35)
        near, wide = middle + n * 170, 88
        c.poly(
            [
                (middle + n * 22 - 11, 372),
                (middle + n * 22 + 11, 372),
                (near + wide, HEIGHT),
                (near - wide, HEIGHT),
            ],
            color,
        )
    c.rect((0, 362, WIDTH, 376), p.near)
    c.house((middle + 180, 310, middle + 270, 372), p.accent, p.dark, p.light)


def canyon(c: Canvas) -> None:
    """Paint mesas and a bus on a road."""
    p = c.p
    c.sky()
    c.sun(330, 230, 70)
    for x, w, top, color in (
        (150, 240, 250, p.far),
        (860, 330, 210, p.far),
        (480, 200, 300, p.mid),
        (1110, 260, 270, p.mid),
    ):
        c.poly(
            [
                (x - w * 0.5, top),
                (x + w * 0.5, top),
                (x + w * 0.56, top + 70),
                (x + w * 0.5, top + 80),
                (x + w * 0.9, 470),
                (x - w * 0.9, 470),
                (x - w * 0.5, top + 80),
                (x - w * 0.56, top + 70),
            ],
            color,
        )
        c.rect((x - w * 0.5, top + 26, x + w * 0.5, top + 38), mix(color, p.light, 0.25))
    c.rect((0, 462, WIDTH, HEIGHT), mix(p.near, p.accent, 0.4))
    c.hill(500, 14, p.near)
    c.poly([(640, 470), (666, 470), (860, HEIGHT), (420, HEIGHT)], p.dark)
    for y, w in ((500, 2), (540, 4), (590, 6), (645, 8)):
        c.rect((652 - w, y, 652 + w, y + w * 5), p.second)
    c.rect((700, 430, 850, 496), p.light, 10)
    c.rect((700, 468, 850, 480), p.accent)
    c.windows((708, 438, 842, 466), (5, 1), p.dark)
    for x in (730, 820):
        c.disc(x, 496, 14, p.dark)
    for x, h in ((90, 150), (1060, 120)):
        c.line([(x, 640), (x, 640 - h)], p.dark, 22)
        c.line([(x, 590), (x + 44, 590), (x + 44, 540)], p.dark, 16)
        c.line([(x, 570), (x - 40, 570), (x - 40, 530)], p.dark, 16)


def aurora(c: Canvas) -> None:
    """Paint curtains of light above snow."""
    p = c.p
    c.sky(mix(p.dark, p.near, 0.2), mix(p.near, p.mid, 0.6))
    c.stars(140, 420)
    for n, color in enumerate(
        (mix(p.second, (90, 230, 170), 0.7), (90, 230, 170), mix(p.far, (90, 230, 170), 0.4))
    ):
        shift = c.r.uniform(0, 6)
        for x in range(-20, WIDTH + 20, 7):
            y = 250 + n * 40 + 60 * math.sin(x / 170 + shift) + 20 * math.sin(x / 53 + shift)
            tall = 150 + 70 * math.sin(x / 61 + shift * 2)
            for part in range(5):
                c.rect((x, y - tall * (5 - part) / 5, x + 8, y), fade(color, 0.05))
    c.ridge(520, 150, p.near, 6)
    c.hill(530, 22, mix(p.far, p.light, 0.6))
    c.house((560, 520, 660, 580), p.accent, mix(p.light, p.far, 0.2), p.second)
    c.glow(610, 550, 120, p.second, 0.4)
    c.hill(590, 16, mix(p.light, p.far, 0.25))
    for x in (90, 170, 260, 900, 1010, 1100):
        c.pine(x, c.r.uniform(600, 660), c.r.uniform(110, 190), p.dark)


def orchard(c: Canvas) -> None:
    """Paint rows of fruit trees on a slope."""
    p = c.p
    c.sky()
    c.sun(c.r.randint(200, 1000), 150, 58)
    c.ridge(330, 130, mix(p.far, p.bottom, 0.5), 6)
    c.hill(330, 26, p.far)
    c.hill(400, 24, mix(p.far, p.mid, 0.6))
    crowns = [p.accent, p.warm, mix(p.leaf, p.light, 0.15), p.leaf]
    for row in range(4):
        y, size = 420 + row * 78, 90 + row * 46
        c.hill(y - 14, 10, mix(p.mid, p.second, 0.16 * row))
        for x in range(-20 + row * 30, WIDTH + 60, 120 + row * 44):
            here = x + c.r.uniform(-14, 14)
            c.shadow(here, y + 8, size * 0.3)
            c.tree(here, y + 8, size, crowns[row])
            for _ in range(5 * (row > 1)):
                c.disc(
                    here + c.r.uniform(-1, 1) * size * 0.2,
                    y - size * c.r.uniform(0.45, 0.85),
                    size * 0.034,
                    p.accent if row == 3 else p.light,
                )


def road(c: Canvas) -> None:
    """Paint a road winding through hills."""
    p = c.p
    c.sky()
    c.sun(c.r.choice((250, 940)), 170, 60)
    c.ridge(360, 170, mix(p.far, p.bottom, 0.4), 5)
    c.hill(350, 34, p.far)
    c.hill(420, 22, p.mid)
    sway, phase = c.r.choice((150, -150)), c.r.uniform(-0.4, 0.4)
    left, right, centre = [], [], []
    for n in range(41):
        t = n / 40
        y = 404 + (HEIGHT + 10 - 404) * t**1.5
        x = 600 + sway * math.sin(t * 6 + phase) * (0.35 + t)
        half = 6 + 130 * t**1.8
        left.append((x - half, y))
        right.append((x + half, y))
        centre.append((x, y, half))
    c.poly([(0, 440), (WIDTH, 440), (WIDTH, HEIGHT), (0, HEIGHT)], p.near)
    c.hill(430, 12, p.near)
    c.poly([*left, *reversed(right)], p.dark)
    for n in range(4, 40, 4):
        (x0, y0, w), (x1, y1, _) = centre[n], centre[n + 1]
        c.line([(x0, y0), (x1, y1)], p.second, max(1.5, w * 0.07))
    for _ in range(26):
        x, y = c.r.uniform(0, WIDTH), c.r.uniform(430, 660)
        if abs(x - 600) > 200 + (y - 430):
            c.pine(x, y, 50 + (y - 420) * 0.5, mix(p.dark, p.near, 0.25))


def turbines(c: Canvas) -> None:
    """Paint wind turbines on hills."""
    p = c.p
    c.sky()
    c.sun(c.r.choice((200, 1000)), 210, 72, mix(p.light, p.warm, 0.3))
    c.cloud(600, 110, 260)
    c.hill(420, 34, p.far)
    spots = [(180, 470, 250), (430, 480, 330), (760, 500, 350), (1020, 470, 280), (600, 450, 190)]
    for x, y, h in sorted(spots, key=lambda spot: spot[2]):
        c.poly(
            [(x - h * 0.022, y), (x + h * 0.022, y), (x + h * 0.01, y - h), (x - h * 0.01, y - h)],
            p.light,
        )
        turn = c.r.uniform(0, 2)
        for blade in range(3):
            a = turn + blade * 2.094
            tip = (x + h * 0.46 * math.cos(a), y - h + h * 0.46 * math.sin(a))
            side = (x + h * 0.1 * math.cos(a + 0.34), y - h + h * 0.1 * math.sin(a + 0.34))
            c.poly([(x, y - h), side, tip], p.light)
        c.disc(x, y - h, h * 0.028, p.accent)
    c.hill(480, 26, p.mid)
    c.hill(560, 24, mix(p.mid, p.warm, 0.5))
    c.hill(610, 18, p.near)
    for _ in range(40):
        c.disc(c.r.uniform(0, WIDTH), c.r.uniform(640, 672), c.r.uniform(5, 14), p.dark)


def balloons(c: Canvas) -> None:
    """Paint hot-air balloons over a valley."""
    p = c.p
    c.sky()
    c.sun(960, 300, 54)
    c.ridge(470, 120, mix(p.far, p.bottom, 0.4), 6)
    c.hill(470, 30, p.far)
    c.hill(540, 30, p.mid)
    c.hill(610, 26, p.near)
    for x, y, r, color in (
        (330, 220, 140, p.accent),
        (720, 150, 88, p.second),
        (930, 400, 48, p.near),
        (540, 400, 40, p.accent),
        (1080, 160, 40, p.mid),
    ):
        for n, share in enumerate((1.0, 0.66, 0.3)):
            c.disc(x, y, r * share, (color, p.light, color)[n], r)
        c.poly(
            [
                (x - r * 0.62, y + r * 0.78),
                (x + r * 0.62, y + r * 0.78),
                (x + r * 0.16, y + r * 1.35),
                (x - r * 0.16, y + r * 1.35),
            ],
            color,
        )
        c.poly(
            [
                (x - r * 0.2, y + r * 0.9),
                (x + r * 0.2, y + r * 0.9),
                (x + r * 0.06, y + r * 1.35),
                (x - r * 0.06, y + r * 1.35),
            ],
            mix(color, p.light, 0.5),
        )
        c.rect((x - r * 0.15, y + r * 1.45, x + r * 0.15, y + r * 1.66), p.dark, r * 0.04)


def runners(c: Canvas) -> None:
    """Paint runners at sunrise."""
    p = c.p
    c.sky()
    c.sun(600, 330, 150, mix(p.light, p.warm, 0.5))
    c.ridge(430, 130, mix(p.far, p.bottom, 0.3), 6)
    c.hill(450, 24, p.far)
    c.hill(520, 18, p.mid)
    c.rect((0, 590, WIDTH, HEIGHT), p.near)
    c.rect((0, 586, WIDTH, 596), p.light)
    for n, (x, shirt) in enumerate(
        ((250, p.accent), (500, p.dark), (740, p.warm), (970, p.accent))
    ):
        y, s = 590, 0.94 + 0.08 * (n % 2)
        skin = mix(p.dark, p.warm, 0.25 + 0.2 * (n % 3))

        def at(dx: float, dy: float, x: int = x, y: int = y, s: float = s) -> tuple[float, float]:
            return (x + dx * s, y - dy * s)

        c.shadow(x, 604, 80)
        c.line([at(0, 130), at(-44, 84), at(-104, 96)], p.dark, 24 * s)
        c.line([at(0, 130), at(54, 92), at(38, 12)], p.dark, 24 * s)
        c.line([at(38, 10), at(66, 8)], p.light, 17 * s)
        c.line([at(-104, 96), at(-112, 72)], p.light, 17 * s)
        c.line([at(14, 214), at(-34, 186), at(-64, 222)], skin, 17 * s)
        c.line([at(0, 134), at(18, 220)], shirt, 56 * s)
        c.line([at(20, 214), at(62, 178), at(92, 214)], skin, 17 * s)
        c.disc(*at(38, 282), 30 * s, skin)
        c.disc(*at(28, 294), 27 * s, p.dark, 20 * s)


def _street(c: Canvas) -> None:
    p = c.p
    c.rect((0, 0, WIDTH, 540), mix(p.far, p.bottom, 0.35))
    for y in range(20, 540, 44):
        for x in range(-60 + (y // 44 % 2) * 50, WIDTH, 100):
            if c.r.random() < 0.25:
                c.rect((x, y, x + 92, y + 36), fade(p.mid, 0.35), 4)
    c.rect((120, 70, 340, 380), p.light)
    c.rect((136, 86, 324, 364), p.near)
    c.rect((222, 86, 238, 364), p.light)
    c.rect((110, 380, 350, 420), p.accent)
    for n in range(9):
        c.disc(126 + n * 26, 372 - (n % 2) * 16, 22, (p.second, p.light, p.mid)[n % 3])


def _path(c: Canvas) -> None:
    p = c.p
    c.sun(930, 160, 60)
    c.ridge(420, 120, mix(p.far, p.bottom, 0.4), 6)
    c.hill(430, 24, p.far)
    for x in (60, 230, 1000, 1140):
        c.tree(x, 560, c.r.uniform(300, 420), p.mid)


def bicycle(c: Canvas) -> None:
    """Paint a bicycle in a street or on a path."""
    p = c.p
    c.sky()
    c.r.choice((_street, _path))(c)
    c.rect((0, 540, WIDTH, HEIGHT), p.near)
    c.rect((0, 540, WIDTH, 550), p.mid)
    for x in (450, 810):
        c.ring(x, 470, 128, p.dark, 15)
        c.ring(x, 470, 114, p.light, 4)
        for n in range(12):
            a = n * math.pi / 6
            c.line(
                [(x, 470), (x + 112 * math.cos(a), 470 + 112 * math.sin(a))], fade(p.dark, 0.5), 2
            )
        c.disc(x, 470, 13, p.dark)
    frame = p.accent
    for start, end in (
        ((450, 470), (540, 300)),
        ((540, 300), (610, 470)),
        ((450, 470), (610, 470)),
        ((610, 470), (755, 300)),
        ((545, 312), (752, 300)),
        ((810, 470), (745, 262)),
    ):
        c.line([start, end], frame, 15)
    c.line([(540, 300), (528, 262)], p.dark, 12)
    c.rect((478, 244, 572, 266), p.dark, 11)
    c.line([(745, 264), (734, 230), (800, 222), (826, 250)], p.dark, 12)
    c.disc(610, 470, 32, p.dark)
    c.disc(610, 470, 18, p.second)
    c.line([(610, 470), (642, 520)], p.dark, 9)
    c.rect((620, 516, 668, 528), p.dark, 4)
    c.poly([(770, 268), (896, 268), (880, 350), (786, 350)], p.second)
    for n in range(3):
        c.disc(800 + n * 32, 262, 22, (p.light, p.accent, p.light)[n])


SCENES = {
    "mountains": mountains,
    "forest": forest,
    "fields": fields,
    "canyon": canyon,
    "aurora": aurora,
    "orchard": orchard,
    "road": road,
    "turbines": turbines,
    "balloons": balloons,
    "runners": runners,
    "bicycle": bicycle,
}
