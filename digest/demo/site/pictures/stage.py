"""Paints stage, screen and music."""

from __future__ import annotations

import math

from digest.demo.site.pictures.canvas import HEIGHT, WIDTH, Canvas
from digest.demo.site.pictures.palette import fade, mix


def theatre(c: Canvas) -> None:
    """Paint a curtain above a lit stage."""
    p = c.p
    c.sky(p.dark, mix(p.near, p.mid, 0.4))
    c.glow(600, 380, 520, p.warm, 0.6)
    c.poly([(600, -20), (300, 560), (900, 560)], fade(p.light, 0.18))
    for n in range(12):
        for side in (-1, 1):
            x = 600 + side * (620 - n * 30)
            tone = mix(p.accent, p.dark, 0.15 + 0.45 * (n % 2))
            reach = 30 + (n * 26 if n > 6 else 0)
            c.poly(
                [
                    (x - 18, 0),
                    (x + 18, 0),
                    (x + 18 + side * reach, 590),
                    (x - 18 + side * reach, 590),
                ],
                tone,
            )
    c.rect((0, 0, WIDTH, 96), mix(p.accent, p.dark, 0.3))
    for x in range(0, WIDTH, 100):
        c.disc(x + 50, 96, 52, mix(p.accent, p.dark, 0.12), 44)
        c.arc((x + 50, 92, 46), (10, 170), p.warm, 7)
    c.rect((0, 560, WIDTH, HEIGHT), p.dark)
    c.poly([(180, 560), (1020, 560), (1130, 612), (70, 612)], mix(p.warm, p.near, 0.4))
    c.disc(600, 582, 220, fade(p.light, 0.5), 20)
    for x in range(110, 1130, 92):
        c.disc(x, 626, 26, p.warm, 18)
        c.glow(x, 610, 90, p.warm, 0.4)
    for n in range(13):
        c.disc(50 + n * 92, 690, 42, mix(p.dark, p.near, 0.35), 50)


def film(c: Canvas) -> None:
    """Paint a projector and its beam."""
    p = c.p
    c.sky(p.dark, p.near)
    for spread, alpha in ((240, 0.16), (170, 0.2), (90, 0.25)):
        c.poly([(480, 350), (1260, 350 - spread), (1260, 350 + spread)], fade(p.warm, alpha))
    for _ in range(50):
        x = c.r.uniform(520, 1200)
        c.disc(
            x, 350 + c.r.uniform(-1, 1) * (x - 480) * 0.26, c.r.uniform(1.5, 4), fade(p.light, 0.6)
        )
    for x, y, r, turn in ((190, 190, 130, 0.2), (400, 210, 100, 0.7)):
        c.disc(x, y, r, p.accent)
        c.ring(x, y, r, mix(p.accent, p.dark, 0.4), 12)
        for n in range(5):
            a = turn + n * 2 * math.pi / 5
            c.disc(x + r * 0.55 * math.cos(a), y + r * 0.55 * math.sin(a), r * 0.23, p.dark)
        c.disc(x, y, r * 0.14, p.light)
    c.rect((120, 300, 440, 470), mix(p.mid, p.far, 0.3), 18)
    c.rect((150, 330, 290, 440), p.mid, 10)
    c.rect((430, 320, 500, 384), p.warm, 8)
    c.disc(500, 352, 34, p.light)
    c.glow(500, 352, 150, p.light, 0.8)
    for n in range(3):
        c.disc(330 + n * 34, 430, 11, (p.accent, p.warm, p.light)[n])
    c.poly([(200, 470), (360, 470), (420, HEIGHT), (140, HEIGHT)], p.dark)
    for n in range(9):
        x = 560 + n * 78
        c.disc(x, 690, 48, p.dark, 90)
        c.disc(x, 596, 28, p.dark)


def tv(c: Canvas) -> None:
    """Paint a screen glowing in the dark."""
    p = c.p
    c.sky(p.near, p.mid)
    c.glow(600, 290, 680, p.warm, 0.6)
    c.rect((250, 70, 950, 480), p.dark, 16)
    c.rect((268, 88, 932, 462), p.mid, 8)
    c.rect((268, 88, 932, 340), p.bottom)
    c.disc(760, 200, 54, p.light)
    c.poly(
        [
            (268, 330),
            (420, 230),
            (520, 300),
            (660, 200),
            (800, 310),
            (932, 260),
            (932, 462),
            (268, 462),
        ],
        p.near,
    )
    c.rect((268, 370, 932, 462), p.dark)
    c.poly([(500, 400), (516, 300), (560, 290), (590, 310), (600, 462), (490, 462)], p.accent)
    c.disc(545, 262, 34, p.second)
    c.poly([(496, 250), (594, 250), (574, 212), (516, 212)], p.dark)
    c.rect((160, 500, 1040, 540), p.near)
    c.rect((200, 540, 240, HEIGHT), p.near)
    c.rect((960, 540, 1000, HEIGHT), p.near)
    c.disc(330, 690, 100, p.dark, 130)
    c.disc(330, 560, 52, p.dark)
    c.disc(560, 700, 96, p.dark, 120)
    c.disc(560, 580, 48, p.dark)
    c.rect((700, 600, 1120, 700), mix(p.accent, p.dark, 0.5), 40)
    c.poly([(1040, 440), (1130, 440), (1116, 500), (1054, 500)], p.accent)
    for n in range(7):
        a = math.radians(205 + n * 22)
        c.line([(1085, 440), (1085 + 90 * math.cos(a), 430 + 100 * math.sin(a))], p.mid, 9)


_MASTS = (140, 420, 780, 1060)


def stadium(c: Canvas) -> None:
    """Paint a stadium of small lights."""
    p = c.p
    c.sky(p.dark, p.near)
    c.stars(60, 180)
    for mast in _MASTS:
        c.poly([(mast, 100), (mast - 150, 600), (mast + 150, 600)], fade(p.light, 0.08))
    c.disc(600, 470, 660, mix(p.near, p.mid, 0.6), 270)
    for row in range(9):
        ry, rx = 258 - row * 21, 640 - row * 42
        for n in range(170 - row * 11):
            a = n / (170 - row * 11) * 2 * math.pi + row
            x, y = 600 + rx * math.cos(a), 470 + ry * math.sin(a)
            if c.r.random() < 0.72:
                c.disc(x, y, 2.6, c.r.choice((p.warm, p.light, p.accent)))
    c.disc(600, 482, 260, mix(p.mid, p.far, 0.4), 84)
    c.rect((520, 440, 680, 500), p.dark, 6)
    c.glow(600, 450, 190, p.light, 0.8)
    for mast in _MASTS:
        c.line([(mast, 80), (mast, 300)], p.dark, 7)
        c.rect((mast - 46, 66, mast + 46, 108), p.dark, 6)
        c.windows((mast - 44, 70, mast + 44, 104), (5, 2), p.light)
        c.glow(mast, 88, 110, p.light, 0.6)
    for _ in range(44):
        x, y = c.r.uniform(60, 1140), c.r.uniform(130, 400)
        c.glow(x, y, 26, p.warm, 0.5)
        c.rect((x - 5, y - 7, x + 5, y + 7), p.warm, 3)


def piano(c: Canvas) -> None:
    """Paint a grand piano in a spotlight."""
    p = c.p
    c.sky(p.dark, p.near)
    c.glow(600, 330, 560, p.mid, 0.9)
    c.poly([(560, -20), (640, -20), (1060, 580), (140, 580)], fade(p.warm, 0.35))
    c.rect((0, 560, WIDTH, HEIGHT), mix(p.near, p.accent, 0.35))
    c.disc(600, 590, 440, fade(p.warm, 0.4), 46)
    c.poly([(330, 330), (860, 110), (890, 130), (880, 330)], p.accent)
    c.line([(760, 170), (740, 340)], p.warm, 8)
    c.poly([(300, 330), (890, 330), (930, 370), (900, 430), (300, 430)], p.dark)
    c.rect((260, 400, 520, 440), p.dark, 8)
    c.rect((270, 400, 470, 418), p.light)
    for n in range(14):
        if n % 7 not in {2, 6}:
            c.rect((280 + n * 13.6, 400, 287 + n * 13.6, 410), p.dark)
    c.rect((300, 300, 420, 334), p.light)
    for x in (330, 600, 850):
        c.poly([(x - 14, 430), (x + 14, 430), (x + 8, 590), (x - 8, 590)], p.dark)
        c.disc(x, 592, 12, p.warm)
    c.rect((150, 470, 270, 496), p.accent, 8)
    for x in (166, 254):
        c.line([(x, 496), (x, 596)], p.dark, 9)
    for n in range(5):
        x, y = 420 + n * 110, 230 - n * 36
        c.disc(x, y, 14, p.warm, 11)
        c.line([(x + 13, y), (x + 13, y - 56)], p.warm, 5)


def mic(c: Canvas) -> None:
    """Paint a microphone and its sound."""
    p = c.p
    c.sky(p.near, p.mid)
    c.glow(600, 280, 520, p.second, 0.5)
    phase = c.r.uniform(0, 6)
    for n in range(46):
        x = 22 + n * 26
        h = 24 + 150 * abs(math.sin(n / 3.4 + phase)) * abs(math.sin(n / 9))
        color = mix(p.far, p.accent, abs(math.sin(n / 7 + phase)))
        c.rect((x - 7, 300 - h, x + 7, 300 + h), fade(color, 0.8), 7)
    c.arc((600, 300, 196), (20, 160), p.dark, 18)
    c.line([(600, 496), (600, 620)], p.dark, 22)
    c.disc(600, 636, 170, p.dark, 26)
    c.rect((470, 66, 730, 452), p.dark, 130)
    c.rect((484, 80, 716, 438), mix(p.light, p.far, 0.35), 116)
    for y in range(110, 260, 20):
        c.rect((500, y, 700, y + 8), p.near, 4)
    c.rect((484, 268, 716, 300), p.accent)
    c.rect((506, 320, 540, 410), fade(p.light, 0.7), 17)
    c.disc(600, 360, 20, p.accent)


def guitar(c: Canvas) -> None:
    """Paint a guitar against a wall."""
    p = c.p
    c.wall(600)
    wood = mix(p.warm, (150, 80, 36), 0.4)
    c.shadow(610, 624, 240)
    c.poly([(580, 60), (626, 60), (622, 330), (584, 330)], p.dark)
    c.rect((566, -10, 640, 74), p.near, 12)
    for y in (8, 32, 56):
        c.disc(558, y, 11, p.light)
        c.disc(648, y, 11, p.light)
    for tone, grow in ((mix(wood, p.dark, 0.5), 10), (wood, 0)):
        c.disc(603, 352, 118 + grow, tone, 104 + grow)
        c.disc(603, 500, 158 + grow, tone, 126 + grow)
        c.rect((510 - grow, 360, 696 + grow, 480), tone, 40)
    c.disc(603, 400, 54, mix(wood, p.dark, 0.6))
    c.ring(603, 400, 62, p.light, 5)
    c.rect((548, 520, 658, 544), p.dark, 6)
    c.poly([(582, 60), (624, 60), (622, 346), (585, 346)], p.dark)
    for n in range(9):
        c.rect((582, 86 + n * 30, 624, 89 + n * 30), p.far)
    for n in range(6):
        c.line([(589 + n * 5.6, 60), (589 + n * 5.6, 530)], fade(p.light, 0.85), 1.6)
    c.disc(540, 460, 40, fade(p.light, 0.22), 60)
    for x, y in ((300, 240), (920, 180), (980, 390)):
        c.disc(x, y, 24, p.accent, 19)
        c.line([(x + 22, y), (x + 22, y - 96), (x + 62, y - 76)], p.accent, 8)
    c.rect((90, 430, 310, 612), p.near, 14)
    c.disc(200, 530, 66, p.dark)
    c.disc(200, 530, 26, p.mid)


def vinyl(c: Canvas) -> None:
    """Paint a record on a turntable."""
    p = c.p
    c.sky(p.mid, p.near)
    c.rect((130, 60, 1070, 630), fade(p.dark, 0.4), 36)
    c.rect((120, 46, 1060, 612), mix(p.second, p.light, 0.25), 36)
    c.disc(500, 330, 262, mix(p.dark, p.near, 0.3))
    c.disc(500, 330, 250, p.dark)
    for r in range(120, 246, 13):
        c.ring(500, 330, r, mix(p.dark, p.mid, 0.45), 1.6)
    for a in (-0.7, 2.44):
        c.poly(
            [
                (500, 330),
                (500 + 244 * math.cos(a), 330 + 244 * math.sin(a)),
                (500 + 244 * math.cos(a + 0.32), 330 + 244 * math.sin(a + 0.32)),
            ],
            fade(p.light, 0.13),
        )
    c.disc(500, 330, 92, p.accent)
    c.disc(500, 330, 66, mix(p.accent, p.light, 0.3))
    c.disc(500, 330, 9, p.dark)
    c.disc(920, 150, 62, p.near)
    c.disc(920, 150, 36, p.light)
    c.line([(920, 150), (900, 400), (730, 480)], p.light, 15)
    c.poly([(742, 462), (756, 492), (690, 518), (680, 494)], p.dark)
    for n in range(2):
        c.disc(860 + n * 100, 548, 30, p.near)
        c.line([(860 + n * 100, 548), (872 + n * 100, 528)], p.light, 5)


SCENES = {
    "theatre": theatre,
    "film": film,
    "tv": tv,
    "stadium": stadium,
    "piano": piano,
    "mic": mic,
    "guitar": guitar,
    "vinyl": vinyl,
}
