"""Paints towns, trains and streets."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def skyline(c: Canvas) -> None:
    """Paint a city in haze."""
    p = c.p
    c.sky(mix(p.top, p.accent, 0.6), mix(p.bottom, p.accent, 0.3))
    c.sun(760, 230, 86, mix(p.accent, p.light, 0.45))
    for depth, color in enumerate((mix(p.far, p.bottom, 0.4), p.far, p.mid, p.near)):
        x = -30.0
        while x < WIDTH:
            w, h = c.r.uniform(60, 120), c.r.uniform(120, 330) - depth * 28
            base = 520 + depth * 40
            c.rect((x, base - h, x + w, HEIGHT), color)
            if c.r.random() < 0.3:
                c.line([(x + w / 2, base - h), (x + w / 2, base - h - 46)], color, 5)
            if depth > 1:
                c.windows(
                    (x + 8, base - h + 14, x + w - 8, base), (4, 8), fade(p.second, 0.75), 0.4
                )
            x += w + c.r.uniform(2, 18)
        c.glow(c.r.uniform(100, 1100), 450 + depth * 40, 560, mix(p.bottom, p.accent, 0.4), 0.6)
    c.rect((0, 640, WIDTH, HEIGHT), p.dark)


def train(c: Canvas) -> None:
    """Paint a train on a viaduct."""
    p = c.p
    c.sky()
    c.sun(c.r.randint(180, 1020), 170, 66)
    c.ridge(440, 230, mix(p.far, p.bottom, 0.4), 5)
    c.ridge(480, 140, p.far, 6)
    c.hill(520, 30, p.mid)
    c.rect((0, 366, WIDTH, 400), p.near)
    for x in range(-60, WIDTH + 100, 170):
        c.rect((x, 390, x + 44, HEIGHT), p.near)
        c.rect((x + 44, 396, x + 170, 480), p.near)
        c.disc(x + 107, 486, 63, mix(p.mid, p.far, 0.35), 78)
        c.rect((x + 44, 484, x + 170, HEIGHT), mix(p.mid, p.far, 0.35))
    c.rect((0, 362, WIDTH, 372), p.dark)
    start = c.r.choice((-150, -60, 10))
    for n in range(5):
        x = start + n * 212
        c.rect((x, 286, x + 204, 356), p.accent, 10)
        c.rect((x, 334, x + 204, 346), p.light)
        c.windows(
            (x + 12, 296, x + 192, 328), (5, 1), p.warm if n % 2 else mix(p.light, p.warm, 0.5)
        )
        for wheel in (36, 168):
            c.disc(x + wheel, 358, 12, p.dark)
    nose = start + 5 * 212 - 8
    c.poly([(nose, 286), (nose + 70, 300), (nose + 110, 356), (nose, 356)], p.accent)
    c.poly([(nose + 20, 300), (nose + 62, 308), (nose + 76, 326), (nose + 20, 326)], p.dark)
    c.hill(630, 16, p.dark)
    for _ in range(12):
        c.tree(c.r.uniform(0, WIDTH), 660, c.r.uniform(60, 120), mix(p.dark, p.near, 0.35))


def sleeper(c: Canvas) -> None:
    """Paint the window of a sleeping compartment at night."""
    p = c.p
    c.sky(p.accent, mix(p.accent, p.dark, 0.35))
    for x in range(0, WIDTH, 120):
        c.rect((x, 0, x + 4, HEIGHT), fade(p.dark, 0.25))
    c.rect((220, 50, 980, 470), p.warm, 46)
    c.rect((240, 70, 960, 450), p.dark, 34)
    for _ in range(70):
        spot = (c.r.uniform(260, 940), c.r.uniform(86, 300))
        c.disc(*spot, c.r.choice((1.4, 2.2)), p.light)
    c.glow(720, 180, 150, p.light, 0.5)
    c.disc(720, 180, 52, p.light)
    c.poly(
        [
            (240, 400),
            (330, 290),
            (420, 350),
            (560, 240),
            (690, 350),
            (800, 300),
            (960, 390),
            (960, 420),
            (240, 420),
        ],
        mix(p.dark, p.mid, 0.45),
    )
    c.poly(
        [
            (240, 410),
            (420, 370),
            (640, 400),
            (960, 360),
            (960, 430),
            (944, 450),
            (256, 450),
            (240, 430),
        ],
        mix(p.dark, p.near, 0.5),
    )
    for x, y in ((360, 398), (384, 402), (640, 412), (872, 388)):
        c.rect((x, y, x + 8, y + 10), p.warm)
    for side in (-1, 1):
        for n in range(5):
            x = 600 + side * (392 - n * 30)
            c.poly(
                [(x - 17, 56), (x + 17, 56), (x + 17 + side * 20, 470), (x - 17 + side * 20, 470)],
                mix(p.light, p.far, 0.15 + 0.25 * (n % 2)),
            )
    c.rect((180, 40, 1020, 62), p.dark, 10)
    c.rect((330, 520, 870, 548), p.warm, 8)
    c.rect((590, 548, 610, HEIGHT), p.dark)
    c.poly([(470, 430), (560, 430), (548, 516), (482, 516)], p.light)
    c.ring(566, 466, 24, p.light, 9)
    c.poly([(690, 440), (790, 440), (768, 392), (712, 392)], mix(p.warm, p.light, 0.4))
    c.rect((734, 440, 746, 510), p.dark)
    c.rect((704, 508, 776, 522), p.dark, 6)
    c.glow(740, 440, 200, p.warm, 0.55)
    c.rect((-40, 560, 300, 720), mix(p.light, p.far, 0.2), 40)
    c.rect((900, 560, 1240, 720), mix(p.light, p.far, 0.2), 40)


def tram(c: Canvas) -> None:
    """Paint a tram in front of town houses."""
    p = c.p
    c.sky()
    for depth, x in enumerate(range(-20, WIDTH, 150)):
        h = c.r.uniform(230, 340)
        color = (p.far, p.mid, mix(p.far, p.warm, 0.35), mix(p.mid, p.accent, 0.25))[depth % 4]
        c.rect((x, 520 - h, x + 146, 540), color)
        c.poly([(x - 4, 520 - h), (x + 150, 520 - h), (x + 73, 520 - h - 60)], p.near)
        c.windows((x + 12, 536 - h, x + 134, 500), (3, 4), fade(p.light, 0.9), 0.85)
    c.line([(0, 236), (WIDTH, 224)], p.dark, 3)
    c.rect((0, 540, WIDTH, HEIGHT), p.near)
    x = c.r.choice((240, 380))
    c.line([(x + 270, 330), (x + 330, 280), (x + 300, 232)], p.dark, 5)
    c.rect((x, 326, x + 580, 560), p.accent, 26)
    c.rect((x, 470, x + 580, 492), p.light)
    c.windows((x + 16, 346, x + 564, 462), (6, 1), mix(p.light, p.warm, 0.35))
    c.rect((x + 250, 350, x + 330, 552), p.dark, 6)
    c.rect((x + 258, 358, x + 287, 544), mix(p.light, p.warm, 0.35))
    c.rect((x + 293, 358, x + 322, 544), mix(p.light, p.warm, 0.35))
    for wheel in (110, 170, 410, 470):
        c.disc(x + wheel, 562, 22, p.dark)
        c.disc(x + wheel, 562, 8, p.far)
    for y in (590, 622):
        c.rect((0, y, WIDTH, y + 6), p.dark)


def snowtown(c: Canvas) -> None:
    """Paint houses in snow at night."""
    p = c.p
    c.sky(p.dark, mix(p.near, p.mid, 0.6))
    c.stars(90, 300)
    c.sun(930, 130, 46)
    c.ridge(400, 130, mix(p.near, p.mid, 0.4), 6)
    snow = mix(p.light, p.far, 0.25)
    c.hill(420, 24, mix(p.far, p.light, 0.35))
    for row, y in enumerate((440, 540)):
        for x in range(40 + row * 70, WIDTH, 215):
            w = 110 + row * 34
            c.house(
                (x, y - 60 - row * 14, x + w, y + 20),
                (p.accent, p.mid, p.near)[x % 3],
                snow,
                p.warm,
            )
            c.glow(x + w / 2, y - 20, 110, p.warm, 0.35)
        c.hill(y + 22, 14, mix(snow, p.light, 0.3 * row))
    for x in (20, 330, 740, 1170):
        c.pine(x, 640, c.r.uniform(150, 230), p.dark)
    c.hill(640, 10, p.light)
    for _ in range(140):
        c.disc(
            c.r.uniform(0, WIDTH), c.r.uniform(0, HEIGHT), c.r.uniform(1.5, 4), fade(p.light, 0.8)
        )


def market(c: Canvas) -> None:
    """Paint stalls under striped awnings."""
    p = c.p
    c.sky()
    for x in range(0, WIDTH, 200):
        c.rect(
            (x, c.r.uniform(60, 130), x + 196, 560),
            (p.far, mix(p.far, p.bottom, 0.4))[x // 200 % 2],
        )
        c.windows((x + 16, 140, x + 180, 250), (3, 1), mix(p.bottom, p.light, 0.5))
    c.rect((0, 560, WIDTH, HEIGHT), p.mid)
    for n in range(3):
        x, color = 30 + n * 390, (p.accent, p.near, p.second)[n]
        c.rect((x + 14, 330, x + 26, 600), p.dark)
        c.rect((x + 334, 330, x + 346, 600), p.dark)
        c.rect((x + 24, 360, x + 336, 460), p.dark)
        for stripe in range(8):
            shade = p.light if stripe % 2 else color
            x0 = x + stripe * 45
            inner = x + 22 + stripe * 39.5
            c.poly([(inner, 250), (inner + 39.5, 250), (x0 + 45, 350), (x0, 350)], shade)
            c.disc(x0 + 22.5, 350, 22.5, shade)
        c.rect((x + 6, 466, x + 354, 600), p.near)
        for crate in range(3):
            x0 = x + 16 + crate * 112
            c.rect((x0, 446, x0 + 104, 486), p.second if n != 2 else p.accent, 4)
            fruit = (p.accent, p.light, p.far, p.second)[(crate + n) % 4]
            for k in range(5):
                c.disc(x0 + 14 + k * 19, 444 - (k % 2) * 12, 13, fruit)
            c.disc(x0 + 52, 422, 13, fruit)
    c.rect((0, 600, WIDTH, 612), p.near)


def lanterns(c: Canvas) -> None:
    """Paint a street of paper lanterns."""
    p = c.p
    c.sky(p.dark, mix(p.near, p.accent, 0.4))
    for wall in range(-20, WIDTH, 130):
        c.rect(
            (wall, c.r.uniform(140, 280), wall + 126, HEIGHT),
            mix(p.dark, p.near, c.r.uniform(0.2, 0.7)),
        )
        c.windows((wall + 12, 300, wall + 114, 470), (3, 3), fade(p.warm, 0.8), 0.4)
    for row, y in enumerate((70, 150, 250)):
        sag = 60 + row * 14
        shift = c.r.uniform(-40, 40)
        c.line(
            [(x, y + sag * math.sin(x / WIDTH * math.pi)) for x in range(0, WIDTH + 1, 20)],
            p.dark,
            4,
        )
        for n in range(7):
            x = 60 + n * 180 + shift
            top = y + sag * math.sin(x / WIDTH * math.pi)
            s = 26 + row * 9
            color = c.r.choice((p.accent, p.warm, mix(p.accent, p.light, 0.3)))
            c.glow(x, top + s, s * 3.2, color, 0.5)
            c.disc(x, top + s + 6, s, color, s * 0.86)
            c.disc(x, top + s + 6, s * 0.45, mix(color, p.light, 0.5), s * 0.8)
            c.rect((x - s * 0.35, top + 4, x + s * 0.35, top + 12), p.dark)
    for x in (60.0, 480.0, 880.0):
        c.rect((x, 500, x + 280, HEIGHT), p.near)
        c.poly([(x - 20, 500), (x + 300, 500), (x + 270, 440), (x + 10, 440)], p.accent)
        c.rect((x + 20, 530, x + 260, 580), p.warm)
        for k in range(4):
            c.disc(x + 50 + k * 60, 580, 24, p.light, 16)
        c.glow(x + 140, 540, 180, p.warm, 0.35)


def rain(c: Canvas) -> None:
    """Paint umbrellas in the rain."""
    p = c.p
    c.sky(mix(p.near, p.mid, 0.4), mix(p.far, p.bottom, 0.4))
    for wall in range(-20, WIDTH, 170):
        c.rect(
            (wall, c.r.uniform(90, 200), wall + 150, 500), mix(p.mid, p.far, c.r.uniform(0, 0.8))
        )
        c.windows((wall + 14, 220, wall + 136, 460), (3, 4), fade(p.warm, 0.8), 0.45)
    c.rect((0, 490, WIDTH, HEIGHT), p.near)
    for _ in range(26):
        x, y = c.r.uniform(0, WIDTH), c.r.uniform(520, 670)
        c.disc(x, y, c.r.uniform(30, 90), fade(p.far, 0.3), 6)
    colors = [p.accent, p.warm, p.light, p.far, p.accent]
    c.r.shuffle(colors)
    for n, color in enumerate(colors):
        x, y = 130 + n * 235 + c.r.uniform(-30, 30), c.r.uniform(330, 370)
        c.poly([(x - 46, y + 90), (x + 46, y + 90), (x + 62, 580), (x - 62, 580)], p.dark)
        c.rect((x - 34, 570, x - 10, 640), p.dark)
        c.rect((x + 10, 570, x + 34, 640), p.dark)
        c.disc(x, y + 66, 30, mix(p.warm, p.near, 0.5))
        c.poly(
            [
                (x + 124 * math.cos(a / 20 * math.pi), y + 40 - 116 * math.sin(a / 20 * math.pi))
                for a in range(21)
            ],
            color,
        )
        c.poly([(x, y - 76), (x - 40, y + 40), (x + 40, y + 40)], mix(color, p.dark, 0.14))
        for k in (-83, 0, 83):
            c.disc(x + k, y + 42, 41, mix(p.mid, p.near, 0.5), 14)
        c.line([(x, y - 92), (x, y - 70)], p.dark, 5)
    for _ in range(170):
        x, y = c.r.uniform(-20, WIDTH), c.r.uniform(-20, HEIGHT)
        c.line([(x, y), (x - 7, y + 26)], fade(p.light, 0.35), 2)


SCENES = {
    "skyline": skyline,
    "train": train,
    "sleeper": sleeper,
    "tram": tram,
    "snowtown": snowtown,
    "market": market,
    "lanterns": lanterns,
    "rain": rain,
}
