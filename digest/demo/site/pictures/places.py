"""Scenes of towns, harbours, railways and public buildings."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def harbour(c: Canvas) -> None:
    """A ferry leaving, cranes on the quay."""
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
    """A striped tower on a headland."""
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
        c.curve(lambda v, y=y: y + 8 * math.sin(v / 50 + y), fade(p.light, 0.35), 5)


def skyline(c: Canvas) -> None:
    """A city in haze."""
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
    """A train on a viaduct."""
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


def tram(c: Canvas) -> None:
    """A tram in front of town houses."""
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


def bridge(c: Canvas) -> None:
    """A suspension bridge."""
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


def parliament(c: Canvas) -> None:
    """A domed building with flags."""
    p = c.p
    c.sky()
    c.sun(c.r.choice((240, 960)), 190, 60)
    c.cloud(c.r.randint(150, 400), 110, 210)
    c.cloud(c.r.randint(800, 1050), 150, 170)
    c.hill(470, 16, p.far)
    c.rect((170, 370, 1030, 540), p.light)
    c.rect((150, 352, 1050, 374), mix(p.light, p.far, 0.4))
    for x in range(200, 1010, 54):
        if not 460 < x + 12 < 740:
            c.rect((x, 392, x + 26, 530), mix(p.far, p.mid, 0.4), 12)
    c.poly([(430, 340), (770, 340), (600, 262)], mix(p.light, p.far, 0.25))
    c.rect((440, 340, 760, 540), mix(p.light, p.second, 0.12))
    for x in range(460, 750, 48):
        c.rect((x, 352, x + 22, 530), p.light)
        c.rect((x + 22, 352, x + 30, 530), mix(p.far, p.mid, 0.5))
    c.rect((500, 214, 700, 276), p.light)
    for x in range(512, 690, 30):
        c.rect((x, 224, x + 14, 268), p.mid, 7)
    c.poly(
        [
            (600 + 100 * math.cos(n / 24 * math.pi), 218 - 122 * math.sin(n / 24 * math.pi))
            for n in range(25)
        ],
        p.accent,
    )
    c.rect((490, 214, 710, 228), p.light)
    for turn in (-52, 0, 52):
        c.line(
            [(600 + turn, 214), (600 + turn * 0.72, 150), (600 + turn * 0.1, 100)],
            mix(p.accent, p.light, 0.3),
            4,
        )
    c.rect((588, 64, 612, 108), p.light)
    for x, y in ((600, 20), (240, 270), (960, 270)):
        c.line([(x, y), (x, y + 90)], p.dark, 4)
        c.poly([(x, y), (x + 60, y + 12), (x, y + 32)], p.second)
    for n in range(4):
        c.rect(
            (120 - n * 40, 540 + n * 24, 1080 + n * 40, 566 + n * 24), mix(p.far, p.mid, 0.2 * n)
        )
    c.rect((0, 634, WIDTH, HEIGHT), p.near)
    for x in (60, 130, 1070, 1140):
        c.tree(x, 640, 170, p.near)


def court(c: Canvas) -> None:
    """Columns, a pediment and scales."""
    p = c.p
    c.sky()
    c.glow(600, 300, 560, p.light, 0.5)
    c.poly([(200, 250), (1000, 250), (600, 90)], p.mid)
    c.poly([(290, 236), (910, 236), (600, 116)], mix(p.light, p.far, 0.3))
    c.line([(600, 140), (600, 222)], p.accent, 8)
    c.line([(520, 164), (680, 164)], p.accent, 7)
    for x in (520, 680):
        c.line([(x, 164), (x - 26, 206), (x + 26, 206), (x, 164)], p.accent, 3)
        c.poly([(x - 32, 204), (x + 32, 204), (x + 16, 222), (x - 16, 222)], p.accent)
    c.rect((190, 250, 1010, 286), p.light)
    c.rect((220, 286, 980, 560), p.near)
    c.rect((540, 350, 660, 560), p.dark, 4)
    c.rect((560, 370, 596, 550), p.accent)
    c.rect((604, 370, 640, 550), p.accent)
    for x in (240, 360, 480, 670, 790, 910):
        c.rect((x, 300, x + 52, 548), p.light)
        c.rect((x + 36, 300, x + 52, 548), mix(p.light, p.far, 0.5))
        c.rect((x - 10, 286, x + 62, 304), mix(p.light, p.second, 0.25))
        c.rect((x - 10, 544, x + 62, 562), mix(p.light, p.second, 0.25))
    for n in range(4):
        c.rect(
            (170 - n * 50, 560 + n * 30, 1030 + n * 50, 592 + n * 30), mix(p.far, p.mid, 0.25 * n)
        )
    for x in (70, 1130):
        c.tree(x, 600, 240, p.near)


def oldtown(c: Canvas) -> None:
    """Narrow houses on a canal."""
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
    tones, x = [], 0.0
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
        c.curve(lambda v, y=y: y + 4 * math.sin(v / 38 + y), fade(p.light, 0.35), 4)
    c.poly([(170, 560), (440, 560), (400, 610), (210, 610)], p.accent)
    c.rect((250, 530, 340, 562), p.light, 5)


def snowtown(c: Canvas) -> None:
    """Houses in snow at night."""
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


def factory(c: Canvas) -> None:
    """A mill by a river at the end of the day."""
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


def hospital(c: Canvas) -> None:
    """A hospital behind its garden."""
    p = c.p
    c.sky()
    c.cloud(220, 120, 240)
    c.cloud(1010, 90, 180)
    c.sun(880, 150, 50, p.warm)
    c.hill(470, 18, p.far)
    c.rect((260, 210, 700, 560), p.light)
    c.rect((700, 320, 980, 560), mix(p.light, p.far, 0.3))
    c.windows((280, 320, 680, 540), (7, 4), p.mid)
    c.windows((716, 346, 964, 540), (5, 3), p.mid)
    c.disc(480, 264, 42, p.accent)
    c.rect((470, 238, 490, 290), p.light)
    c.rect((454, 254, 506, 274), p.light)
    c.rect((430, 470, 530, 560), p.near, 4)
    c.rect((0, 558, WIDTH, HEIGHT), mix(p.mid, p.warm, 0.2))
    c.poly([(430, 558), (530, 558), (640, HEIGHT), (320, HEIGHT)], p.bottom)
    for x, h in ((80, 260), (190, 190), (1040, 230), (1130, 290), (770, 150)):
        c.tree(x, 600, h, p.near)
    for _ in range(60):
        x = c.r.choice((c.r.uniform(0, 290), c.r.uniform(680, 1200)))
        c.disc(
            x, c.r.uniform(600, 670), c.r.uniform(5, 10), c.r.choice((p.accent, p.warm, p.light))
        )
    c.rect((740, 590, 900, 604), p.dark, 4)
    for x in (760, 880):
        c.rect((x - 5, 600, x + 5, 640), p.dark)


def turbines(c: Canvas) -> None:
    """Wind turbines on hills."""
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


def market(c: Canvas) -> None:
    """Stalls under striped awnings."""
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
    """A street of paper lanterns."""
    p = c.p
    c.sky(p.dark, mix(p.near, p.accent, 0.4))
    for x in range(-20, WIDTH, 130):
        c.rect(
            (x, c.r.uniform(140, 280), x + 126, HEIGHT), mix(p.dark, p.near, c.r.uniform(0.2, 0.7))
        )
        c.windows((x + 12, 300, x + 114, 470), (3, 3), fade(p.warm, 0.8), 0.4)
    for row, y in enumerate((70, 150, 250)):
        sag = 60 + row * 14
        shift = c.r.uniform(-40, 40)
        c.curve(
            lambda x, y=y, s=sag: y + s * math.sin(max(0, min(1, x / WIDTH)) * math.pi), p.dark, 4
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
    for x in (60, 480, 880):
        c.rect((x, 500, x + 280, HEIGHT), p.near)
        c.poly([(x - 20, 500), (x + 300, 500), (x + 270, 440), (x + 10, 440)], p.accent)
        c.rect((x + 20, 530, x + 260, 580), p.warm)
        for k in range(4):
            c.disc(x + 50 + k * 60, 580, 24, p.light, 16)
        c.glow(x + 140, 540, 180, p.warm, 0.35)


def rain(c: Canvas) -> None:
    """Umbrellas in the rain."""
    p = c.p
    c.sky(mix(p.near, p.mid, 0.4), mix(p.far, p.bottom, 0.4))
    for x in range(-20, WIDTH, 170):
        c.rect((x, c.r.uniform(90, 200), x + 150, 500), mix(p.mid, p.far, c.r.uniform(0, 0.8)))
        c.windows((x + 14, 220, x + 136, 460), (3, 4), fade(p.warm, 0.8), 0.45)
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
    "harbour": harbour,
    "lighthouse": lighthouse,
    "skyline": skyline,
    "train": train,
    "tram": tram,
    "bridge": bridge,
    "parliament": parliament,
    "court": court,
    "oldtown": oldtown,
    "snowtown": snowtown,
    "factory": factory,
    "hospital": hospital,
    "turbines": turbines,
    "market": market,
    "lanterns": lanterns,
    "rain": rain,
}
