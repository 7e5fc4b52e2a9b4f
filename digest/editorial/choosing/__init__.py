"""Stories → what is told to whom, in which place, and why: the rules without an editor's hand.

    eligible → history → popularity → rank → candidates → reader_page → compose → verdicts

Whether two articles are one story is settled before (stories); editors' wishes come in as plain
values of the issue (pins, lead, order), so no overlay may be imported here.
"""
