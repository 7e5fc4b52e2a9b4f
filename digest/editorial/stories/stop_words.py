"""Words that say little of what a story is about, and words that turn it into its opposite.

A word may be missing here without harm: a stop word too few costs a missed merge, not a wrong one.
"""

from __future__ import annotations

_ENGLISH = """a an and are as at be been but by can could for from had has have he her him his how
if in into is it its just may might more most new no not now of off on one or our out over said say
says she should so some than that the their them then there these they this to up us was we were
what when where which while who why will with would you your after before about amid also live
latest huge major massive update updates video watch photos news report reports breaking exclusive
vs via"""
_GERMAN = """aber als am an auch auf aus bei bis das dass dem den der des die durch ein eine einem
einen einer er es für haben hat ich im in ist man mehr mit nach nicht noch nur oder sein sich sie
sind so um und vom von vor war was wegen wenn werden wie wird zu zum zur über"""
_ROMANCE = """al aux avec aussi come como con dans de degli dei del della delle des di du e el elle
en entre esta est et gli ha han hay il ils je la las le les lo los mais más más me muy na não ne nel
no nos o os ou où para pas per più plus por pour que qui se ses si sin sobre son sono su sul sur
também tra una un uma une un y ya à à às è"""
_OTHERS = """bir bu da de için ile mi ve ve voor van het een is op te dat niet zijn met aan om ook
och att det som för den på är av till har inte på til og er ikke w z na do się nie to że jest od za
po dla przez ze oraz a i o u s k v se že je na si и в во не на что с со по из за как от у о об для
это его до при но же к а в من في على إلى أن عن مع التي الذي هذا"""  # noqa: RUF001 - Cyrillic is meant
STOP_WORDS = frozenset(f"{_ENGLISH} {_GERMAN} {_ROMANCE} {_OTHERS}".split())

_UP = """rise rises rising rose raise raises raised gain gains gained climb climbs jump jumps soar
soars surge surges up higher increase increases increased"""
_DOWN = """fall falls falling fell cut cuts cutting drop drops dropped slip slips slide slides sink
sinks tumble tumbles plunge plunges dip dips decline declines down lower decrease decreases"""
_NO = """reject rejects rejected deny denies denied block blocks blocked refuse refuses oppose
opposes veto vetoes"""

# Each string is one side; a headline on one side is never merged with one on another.
_GROUPS: dict[str, tuple[str, ...]] = {
    "direction": (_UP, _DOWN, "hold holds held keep keeps unchanged"),
    "result": ("win wins won beat beats defeat defeats", "lose loses lost", "draw draws drew"),
    "answer": ("accept accepts accepted approve approves approved back backs backed", _NO),
    "verdict": ("guilty convicted", "acquitted cleared innocent"),
    "course": ("start starts started begin begins began", "end ends ended stop stops stopped"),
    "weekday": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "month": (
        *("january", "february", "march", "april", "june", "july", "august"),
        *("september", "october", "november", "december"),
    ),
    "rank": ("first", "second", "third", "fourth", "fifth"),
}
OPPOSITES: dict[str, tuple[str, str]] = {
    word: (group, side.split()[0])
    for group, sides in _GROUPS.items()
    for side in sides
    for word in side.split()
}
