"""Paints the sea, the coast and what stands at the water."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import Color, fade, mix


def sails(c: Canvas) -> None:
    """Paint sailing ships on a calm sea."""
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
    """Paint a cable on the sea bed."""
    p = c.p
    c.sky(mix(p.mid, p.water, 0.7), p.dark)
    for x in (160.0, 420.0, 760.0, 1020.0):
        c.poly([(x, -10), (x + 90, -10), (x + 10, HEIGHT), (x - 210, HEIGHT)], fade(p.light, 0.06))
    c.ridge(560, 170, mix(p.near, p.dark, 0.3), 5)
    c.hill(540, 26, mix(p.dark, p.near, 0.35))
    phase = c.r.uniform(0, 6)
    for color, width in ((p.dark, 40), (p.accent, 28), (mix(p.accent, p.light, 0.45), 7)):
        shift = 7 if width < 10 else 0
        c.wave((520 - shift, 34, 150), color, width, phase)
    for knot in range(60, WIDTH, 150):
        c.disc(knot, 520 + 34 * math.sin(knot / 150 + phase), 22, p.second)
        c.disc(knot, 520 + 34 * math.sin(knot / 150 + phase), 9, p.dark)
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


def harbour(c: Canvas) -> None:
    """Paint a ferry leaving, cranes on the quay."""
    p = c.p
    c.sky()
    c.sun(880, 210, 70, mix(p.light, p.warm, 0.3))
    c.cloud(260, 130, 240)
    c.ridge(410, 90, mix(p.far, p.bottom, 0.4), 6)
    c.water(410, p.mid, p.light)
    for x in (70, 220):
        c.line([(x, 430), (x + 20, 190), (x + 150, 150)], p.near, 12)
        c.line([(x + 50, 430), (x + 24, 190)], p.near, 12)
        c.line([(x + 132, 156), (x + 132, 270)], p.dark, 3)
        c.rect((x + 114, 270, x + 150, 294), p.accent)
    for n in range(8):
        c.rect((10 + n * 48, 402, 54 + n * 48, 436), (p.accent, p.warm, p.near, p.far)[n % 4])
    c.rect((0, 436, 410, 470), p.dark)
    c.poly([(470, 440), (1090, 440), (1040, 540), (520, 540)], p.dark)
    c.rect((505, 516, 1052, 526), p.accent)
    c.rect((540, 370, 1010, 440), p.light, 6)
    c.rect((590, 318, 960, 372), p.light, 6)
    c.windows((556, 386, 994, 424), (14, 1), p.near)
    c.windows((606, 330, 944, 362), (10, 1), p.near)
    c.poly([(800, 318), (880, 318), (868, 240), (812, 240)], p.accent)
    c.rect((812, 256, 868, 270), p.light)
    c.glow(840, 210, 70, p.light, 0.5)
    c.curve(lambda x: 560 + 7 * math.sin(x / 40), fade(p.light, 0.45), 5)
    c.curve(lambda x: 620 + 9 * math.sin(x / 55 + 2), fade(p.light, 0.3), 6)


def lighthouse(c: Canvas) -> None:
    """Paint a striped tower on a headland."""
    p = c.p
    c.sky()
    x = c.r.choice((360, 820))
    out = 1 if x < 600 else -1
    c.stars(30, 200)
    for spread, alpha in ((150, 0.22), (70, 0.3)):
        c.poly(
            [(x, 158), (x + out * 1000, 158 - spread), (x + out * 1000, 158 + spread)],
            fade(p.warm, alpha),
        )
    c.ridge(430, 60, mix(p.far, p.bottom, 0.4), 5)
    c.water(430, p.mid, p.light)
    c.poly(
        [
            (x - out * 500, 460),
            (x - out * 120, 400),
            (x + out * 130, 410),
            (x + out * 230, 520),
            (x + out * 300, HEIGHT),
            (x - out * 500, HEIGHT),
        ],
        p.dark,
    )
    c.poly(
        [
            (x - out * 500, 450),
            (x - out * 120, 394),
            (x + out * 130, 404),
            (x + out * 60, 440),
            (x - out * 500, 500),
        ],
        p.near,
    )
    for n in range(5):
        top, low = 190 + n * 44, 234 + n * 44
        a, b = 34 + n * 5, 39 + n * 5
        c.poly(
            [(x - a, top), (x + a, top), (x + b, low), (x - b, low)], p.accent if n % 2 else p.light
        )
    c.rect((x - 46, 180, x + 46, 192), p.dark)
    c.rect((x - 26, 136, x + 26, 182), p.warm)
    c.poly([(x - 36, 138), (x + 36, 138), (x, 100)], p.accent)
    c.glow(x, 158, 130, p.light, 0.7)
    c.house((x - out * 200 - 60, 366, x - out * 200 + 60, 424), p.light, p.accent, p.warm)
    for y in (560, 610, 655):
        c.wave((y, 8, 50), fade(p.light, 0.35), 5, phase=y)


def bridge(c: Canvas) -> None:
    """Paint a suspension bridge."""
    p = c.p
    c.sky()
    c.sun(c.r.randint(200, 1000), 220, 70)
    c.ridge(430, 150, mix(p.far, p.bottom, 0.4), 5)
    c.hill(420, 14, p.far)
    c.water(440, p.mid, p.light)
    towers = (310, 890)
    for y0, half in ((400, -290), (400, 290)):
        for tower in towers:
            far = tower + half
            for n in range(15):
                t = n / 14
                x = tower + (far - tower) * t
                y = 130 + (390 - 130) * (1 - (1 - t) ** 2)
                c.line([(x, y), (x, y0)], p.near, 2)
    for tower in towers:
        for half in (-290, 290):
            points = [
                (tower + half * n / 20, 130 + 260 * (1 - (1 - n / 20) ** 2)) for n in range(21)
            ]
            c.line(points, p.accent, 9)
        c.rect((tower - 26, 110, tower - 10, 560), p.accent)
        c.rect((tower + 10, 110, tower + 26, 560), p.accent)
        for y in (130, 220, 310):
            c.rect((tower - 20, y, tower + 20, y + 14), p.accent)
        c.rect((tower - 46, 540, tower + 46, 580), p.dark, 6)
    c.rect((0, 396, WIDTH, 416), p.accent)
    c.rect((0, 416, WIDTH, 424), p.dark)
    for n in range(9):
        c.rect((n * 140 + c.r.uniform(0, 60), 384, n * 140 + 96, 397), p.dark, 4)
    c.hill(640, 12, p.dark)


def oldtown(c: Canvas) -> None:
    """Paint narrow houses on a canal."""
    p = c.p
    c.sky()
    c.sun(980, 130, 50)
    colors = [
        p.accent,
        p.second,
        p.far,
        p.mid,
        mix(p.accent, p.light, 0.4),
        mix(p.second, p.light, 0.4),
        p.near,
    ]
    tones: list[tuple[float, float, Color]] = []
    x = 0.0
    while x < WIDTH:
        w, h = c.r.uniform(96, 140), c.r.uniform(210, 320)
        color = colors[len(tones) % len(colors)]
        tones.append((x, w, color))
        c.rect((x, 450 - h, x + w, 450), color)
        c.poly(
            [
                (x, 450 - h),
                (x + w * 0.25, 410 - h),
                (x + w * 0.25, 390 - h),
                (x + w * 0.75, 390 - h),
                (x + w * 0.75, 410 - h),
                (x + w, 450 - h),
            ],
            color,
        )
        c.windows((x + 10, 460 - h, x + w - 10, 400), (3, 4), p.light, 1)
        c.rect((x + w * 0.4, 404, x + w * 0.6, 450), p.dark)
        x += w + 3
    c.rect((0, 450, WIDTH, 474), p.dark)
    c.water(474, p.near, p.light)
    for x, w, color in tones:
        c.rect((x + 6, 480, x + w - 6, 620), fade(color, 0.25))
    c.disc(600, 520, 210, p.dark, 120)
    c.disc(600, 560, 160, mix(p.near, p.mid, 0.3), 112)
    c.rect((0, 560, WIDTH, HEIGHT), mix(p.near, p.mid, 0.3))
    for y in (580, 610, 645):
        c.wave((y, 4, 38), fade(p.light, 0.35), 4, phase=y)
    c.poly([(170, 560), (440, 560), (400, 610), (210, 610)], p.accent)
    c.rect((250, 530, 340, 562), p.light, 5)


def factory(c: Canvas) -> None:
    """Paint a mill by a river at the end of the day."""
    p = c.p
    c.sky()
    c.sun(260, 300, 78, mix(p.light, p.warm, 0.4))
    c.hill(430, 30, p.far)
    for x, h in ((760, 330), (850, 280)):
        c.poly([(x - 22, 480 - h), (x + 22, 480 - h), (x + 32, 480), (x - 32, 480)], p.accent)
        c.rect((x - 24, 500 - h, x + 24, 516 - h), p.light)
    for n in range(5):
        x = 300 + n * 120
        c.poly([(x, 380), (x, 320), (x + 120, 380)], p.near)
        c.poly(
            [(x + 8, 376), (x + 8, 336), (x + 60, 362), (x + 60, 376)], mix(p.warm, p.light, 0.3)
        )
    c.rect((300, 380, 1000, 510), p.near)
    c.windows((320, 400, 980, 490), (12, 2), p.warm, 0.6)
    c.rect((1000, 420, 1140, 510), p.mid)
    for row in range(3):
        for n in range(5 - row):
            c.disc(70 + n * 46 + row * 23, 500 - row * 40, 22, p.warm)
            c.disc(70 + n * 46 + row * 23, 500 - row * 40, 12, p.accent)
    c.rect((0, 510, WIDTH, 532), p.dark)
    c.water(532, p.mid, p.light)
    for x, h in ((760, 100), (850, 80)):
        c.rect((x - 26, 540, x + 26, 540 + h), fade(p.accent, 0.4))


SCENES = {
    "sails": sails,
    "undersea": undersea,
    "harbour": harbour,
    "lighthouse": lighthouse,
    "bridge": bridge,
    "oldtown": oldtown,
    "factory": factory,
}
