"""Issues: what one edition says in one slot, frozen with every rendering, and never changed then.

    content and renderings → frozen and planned in one transaction → read back to send and to show

`reviews` keeps what editors saw and approved; `tellings` reads back what earlier issues told
whom; `correction_plan` plans an issue for exactly the readers of one story; `slots` keeps what
became of a slot that has no issue. Nothing in here composes or renders.
"""
