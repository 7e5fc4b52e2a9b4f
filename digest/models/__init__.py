"""Frozen values handed from stage to stage: no behaviour beyond naming, no input or output.

    fetched bytes → Article → Story   → Issue  → Composition → Rendered → Message → Receipt
                    articles  stories   issues   compositions             mails     deliveries

`site` and `editors` hold what an issue says beside its stories, `limits` how much collecting may
cost. Import each value from its own module. All times are aware and in UTC unless a docstring says
otherwise.
"""
