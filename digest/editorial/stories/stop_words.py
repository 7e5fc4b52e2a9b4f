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
_COMMON_ENGLISH = """accused according agency american announce announced announces another
attack attacks british business called campaign charged charges children chinese claims companies
company country countries court decision department during economic economy election elections
european evening expected faces facing family father federal financial foreign former forces
global government health helped hospital important including industry injured international judge
killed launch launches leader leaders likely markets market members million billion meeting
military minister ministers mother morning national officials official opening people planned
police possible premier president prices program project public pushed record return returns
revealed reveals russian school schools season second security service services several states
students support system thousands hundreds tomorrow tonight united urges warning warns weekend
without women workers world years yesterday"""
_COMMON_GERMAN = """bundesregierung deutsche deutschen deutschland ehemalige ehemaliger fruhere
fruherer gestern heute kinder manner menschen millionen milliarden minister ministerin polizei
prasident prozent regierung schwere stadt tote unternehmen verletzte woche zwischen"""
_COMMON_ROMANCE = """ancien ancienne annonce annuncia anuncia apres bambini brasil brasileira
brasileiro cidade citta ciudad contra contre contro criancas depois despues donne dopo durante
enfants entre espana espanol espanola femmes feridos feriti france francais francaise gobierno
gouvernement governo heridos hombres homens hommes italia italiana italiano milhoes milioni
milliards millions millones ministra ministre ministro mondial mondiale morti mortos muertos
mujeres mulheres mundial ninos nouveau nouvelle nueva nuevo nuova nuovo persone personas personnes
pessoas policia polizia presidente primeira primeiro primera primero segundo secondo semana
semaine settimana uomini ville"""
COMMON_WORDS = frozenset(f"{_COMMON_ENGLISH} {_COMMON_GERMAN} {_COMMON_ROMANCE}".split())
"""Words of six languages that many headlines have, as `words` returns them: they tell least of what
an event is, so that names and rare words decide which headlines are compared."""

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
