"""Runs that a scheduler starts: what is due, what was missed, and serving it.

    schedule (pure) + store → agenda → collect if due → send → report
                              agenda                    run      report

Nothing here composes, renders or delivers: `gathering` and `sending` do.
"""
