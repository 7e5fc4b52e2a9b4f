"""The ledger: one row per issue and reader, and every way that row may move.

    planning → claiming (under a lease, with a fence) → settling → finish
    operator: what a person moves · canaries, allowances, shared_rate: what makes claims wait

`transitions` is the one table of who may move a row from which state to which. `ledger_mark` and
`exclusive_run` are for runs that must recognise the ledger, or be alone with an issue. No decision
about content enters here, and no clock: `now` is handed in.
"""
