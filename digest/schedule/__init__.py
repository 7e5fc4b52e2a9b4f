"""An edition's slots, the one that is due, and those that were missed. Pure: `now` is handed in.

    (cron, zone) → slots → (slots, now, what was served) → agenda
                   slots                                   agenda

No clock is read here, no store is asked and nothing is sent.
"""

from digest.schedule.agenda import Agenda, MissedSlot, agenda_of
from digest.schedule.slots import due, last_before, next_after, slot_named, slots_between

__all__ = [
    "Agenda",
    "MissedSlot",
    "agenda_of",
    "due",
    "last_before",
    "next_after",
    "slot_named",
    "slots_between",
]
