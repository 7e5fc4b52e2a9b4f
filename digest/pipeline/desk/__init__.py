"""The coming issue, or one that was planned, for the people who make it.

    composed issue → linting | explaining | building | backtesting → a report

Nothing in here sends or changes the ledger; sending uses `linting` as a gate, and keeps the
explanation with the plan.
"""
