"""Scenes of land, sky and sea."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def mountains(c: Canvas) -> None:
    """Ridges behind a lake."""
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
    """Pines in smoke."""
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
    """Furrows running to the horizon."""
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
    """Mesas and a bus on a road."""
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
    """Curtains of light above snow."""
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


def balloons(c: Canvas) -> None:
    """Hot-air balloons over a valley."""
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


def orchard(c: Canvas) -> None:
    """Rows of fruit trees on a slope."""
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


def sails(c: Canvas) -> None:
    """Sailing ships on a calm sea."""
    p = c.p
    c.sky()
    c.sun(c.r.randint(300, 900), 300, 84, mix(p.light, p.warm, 0.4))
    c.ridge(400, 60, mix(p.far, p.bottom, 0.3), 5)
    c.water(390, p.mid, p.light)
    flip = c.r.choice((1, -1))
    for x, y, s, color in (
        (250, 420, 0.5, p.far),
        (930, 440, 0.62, p.near),
        (560, 520, 1.35, p.dark),
    ):
        for n, place in enumerate((-70, 0, 70)):
            sail = (p.light, mix(p.light, p.warm, 0.35), p.accent)[n] if s > 1 else p.light
            m = x + place * s
            c.line([(m, y - 20 * s), (m, y - 236 * s)], color, 4 * s)
            c.poly(
                [
                    (m + 5 * flip * s, y - 228 * s),
                    (m + 60 * flip * s, y - 50 * s),
                    (m + 5 * flip * s, y - 44 * s),
                ],
                sail,
            )
        c.poly(
            [
                (x - 135 * s, y - 26 * s),
                (x + 145 * s, y - 26 * s),
                (x + 112 * s, y + 18 * s),
                (x - 112 * s, y + 18 * s),
            ],
            color,
        )
        c.rect((x - 112 * s, y + 18 * s, x + 112 * s, y + 22 * s), p.accent)
    c.curve(lambda x: 610 + 8 * math.sin(x / 60), fade(p.light, 0.35), 5)


def undersea(c: Canvas) -> None:
    """A cable on the sea bed."""
    p = c.p
    c.sky(mix(p.mid, p.water, 0.7), p.dark)
    for x in (160, 420, 760, 1020):
        c.poly([(x, -10), (x + 90, -10), (x + 10, HEIGHT), (x - 210, HEIGHT)], fade(p.light, 0.06))
    c.ridge(560, 170, mix(p.near, p.dark, 0.3), 5)
    c.hill(540, 26, mix(p.dark, p.near, 0.35))
    phase = c.r.uniform(0, 6)
    for color, width in ((p.dark, 40), (p.accent, 28), (mix(p.accent, p.light, 0.45), 7)):
        shift = 7 if width < 10 else 0
        c.curve(lambda x, s=shift: 520 - s + 34 * math.sin(x / 150 + phase), color, width)
    for x in range(60, WIDTH, 150):
        c.disc(x, 520 + 34 * math.sin(x / 150 + phase), 22, p.second)
        c.disc(x, 520 + 34 * math.sin(x / 150 + phase), 9, p.dark)
    for _ in range(15):
        x, y, s = c.r.uniform(60, 1140), c.r.uniform(80, 410), c.r.uniform(16, 42)
        color = c.r.choice((p.second, p.light, p.accent, p.far))
        c.disc(x, y, s, color, s * 0.52)
        c.poly([(x + s * 0.8, y), (x + s * 1.5, y - s * 0.5), (x + s * 1.5, y + s * 0.5)], color)
        c.disc(x - s * 0.5, y - s * 0.12, s * 0.1, p.dark)
    for x in range(20, WIDTH, 60):
        h = c.r.uniform(30, 100)
        c.line(
            [(x, 690), (x + c.r.uniform(-18, 18), 660 - h / 2), (x + 6, 660 - h)],
            mix(p.second, p.near, 0.6),
            9,
        )


def road(c: Canvas) -> None:
    """A road winding through hills."""
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


SCENES = {
    "mountains": mountains,
    "forest": forest,
    "fields": fields,
    "canyon": canyon,
    "aurora": aurora,
    "balloons": balloons,
    "orchard": orchard,
    "sails": sails,
    "undersea": undersea,
    "road": road,
}
