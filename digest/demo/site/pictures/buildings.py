"""Paints public buildings and what belongs to them."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def parliament(c: Canvas) -> None:
    """Paint a domed building with flags."""
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
    """Paint columns, a pediment and scales."""
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


def hospital(c: Canvas) -> None:
    """Paint a hospital behind its garden."""
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
        bed = c.r.choice((c.r.uniform(0, 290), c.r.uniform(680, 1200)))
        c.disc(
            bed, c.r.uniform(600, 670), c.r.uniform(5, 10), c.r.choice((p.accent, p.warm, p.light))
        )
    c.rect((740, 590, 900, 604), p.dark, 4)
    for x in (760, 880):
        c.rect((x - 5, 600, x + 5, 640), p.dark)


def bells(c: Canvas) -> None:
    """Paint bells in an open frame above a valley."""
    p = c.p
    c.sky()
    c.sun(600, 360, 90, mix(p.light, p.warm, 0.4))
    c.ridge(520, 230, mix(p.far, p.bottom, 0.35), 5)
    c.ridge(560, 150, p.far, 6)
    c.hill(570, 24, p.mid)
    for x in (110, 1060):
        c.rect((x, 60, x + 34, HEIGHT), p.dark)
    c.rect((70, 70, 1130, 112), p.dark, 6)
    c.poly([(30, 70), (1170, 70), (600, -110)], p.near)
    for n, s in enumerate((0.66, 0.86, 1.2, 0.94, 0.74)):
        x, top = 230 + n * 186, 112
        tone = mix(p.warm, (140, 84, 36), 0.25 + 0.12 * (n % 3))
        c.rect((x - 22 * s, top, x + 22 * s, top + 26 * s), p.dark, 6)
        y = top + 24 * s
        c.disc(x, y + 214 * s, 19 * s, p.dark)
        c.poly(
            [
                (x - 48 * s, y + 22 * s),
                (x - 34 * s, y),
                (x + 34 * s, y),
                (x + 48 * s, y + 22 * s),
                (x + 58 * s, y + 120 * s),
                (x + 96 * s, y + 200 * s),
                (x - 96 * s, y + 200 * s),
                (x - 58 * s, y + 120 * s),
            ],
            tone,
        )
        c.poly(
            [
                (x - 40 * s, y + 26 * s),
                (x - 20 * s, y + 26 * s),
                (x - 34 * s, y + 180 * s),
                (x - 66 * s, y + 180 * s),
            ],
            mix(tone, p.light, 0.4),
        )
        c.rect((x - 98 * s, y + 184 * s, x + 98 * s, y + 206 * s), mix(tone, p.dark, 0.25), 10 * s)
        c.rect((x - 56 * s, y + 96 * s, x + 56 * s, y + 104 * s), mix(tone, p.dark, 0.25))
    c.hill(640, 12, p.near)


def museum(c: Canvas) -> None:
    """Paint frames on a gallery wall."""
    p = c.p
    c.sky(mix(p.bottom, p.far, 0.25), p.bottom)
    c.rect((0, 548, WIDTH, HEIGHT), p.mid)
    c.rect((0, 536, WIDTH, 552), p.light)
    boxes = [(90, 110, 390, 410), (450, 70, 800, 330), (860, 130, 1110, 440)]
    for n, (x0, y0, x1, y1) in enumerate(boxes):
        c.poly([((x0 + x1) / 2, -40), (x0 - 60, 540), (x1 + 60, 540)], fade(p.light, 0.3))
        c.rect((x0 + 8, y0 + 12, x1 + 8, y1 + 12), fade(p.dark, 0.25))
        c.rect((x0, y0, x1, y1), p.second)
        c.rect((x0 + 14, y0 + 14, x1 - 14, y1 - 14), p.light)
        inner = (x0 + 34, y0 + 34, x1 - 34, y1 - 34)
        c.rect(inner, (p.near, p.far, p.accent)[n])
        a, b, d, e = inner
        kind = c.r.randint(0, 2)
        if kind == 0:
            c.poly([(a, e), (a, e - 60), ((a + d) / 2, b + 60), (d, e - 40), (d, e)], p.dark)
            c.disc(d - 50, b + 46, 26, p.second)
        elif kind == 1:
            for k in range(5):
                c.rect(
                    (
                        a + 12 + k * (d - a - 24) / 5,
                        b + 14 + k * 10,
                        a + 2 + (k + 1) * (d - a - 24) / 5,
                        e - 14,
                    ),
                    (p.second, p.light, p.dark, p.accent, p.mid)[k],
                )
        else:
            c.disc((a + d) / 2, (b + e) / 2, 62, p.light)
            c.disc((a + d) / 2 + 22, (b + e) / 2 - 12, 40, p.dark)
    c.rect((560, 450, 690, 610), p.light)
    c.rect((548, 436, 702, 456), p.near)
    c.disc(625, 340, 13, p.warm)
    c.poly(
        [(574, 436), (676, 436), (656, 408), (650, 366), (625, 346), (600, 366), (594, 408)], p.warm
    )
    c.rect((586, 418, 664, 424), mix(p.warm, p.dark, 0.35))
    c.shadow(625, 612, 110)
    c.rect((190, 590, 420, 612), p.dark, 6)
    for x in (210, 392):
        c.rect((x, 610, x + 10, 652), p.dark)


def ballot(c: Canvas) -> None:
    """Paint a ballot box."""
    p = c.p
    c.wall(560)
    c.poly([(470, 60), (690, 40), (720, 270), (500, 280)], p.light)
    for n in range(3):
        y = 96 + n * 52
        c.rect((510, y, 540, y + 30), p.far)
        c.rect((556, y + 8, 664, y + 20), p.far)
    c.line([(512, 158), (524, 176), (548, 136)], p.accent, 9)
    c.shadow(600, 590, 340)
    c.poly([(330, 250), (870, 250), (930, 300), (270, 300)], mix(p.near, p.far, 0.3))
    c.rect((450, 264, 750, 282), p.dark, 8)
    c.rect((270, 300, 930, 590), p.near, 8)
    c.rect((270, 300, 930, 330), p.dark)
    c.disc(600, 446, 84, p.second)
    c.disc(600, 446, 66, p.light)
    c.line([(562, 448), (590, 478), (644, 412)], p.accent, 18)
    for x in (300, 880):
        c.disc(x, 360, 9, p.second)
        c.disc(x, 560, 9, p.second)
    c.poly([(860, 600), (1130, 540), (1140, 552), (866, 616)], p.second)
    c.poly([(860, 600), (866, 616), (836, 616)], p.dark)


SCENES = {
    "parliament": parliament,
    "court": court,
    "hospital": hospital,
    "bells": bells,
    "museum": museum,
    "ballot": ballot,
}
