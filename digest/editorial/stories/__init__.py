"""Articles → stories: reports of one event become one story, told by the best of them.

    headline → words as letters (wording, lexicon) → candidates (neighbours)
        → pairs that may report one event (evidence, same_event), weighed by rare words (rarity)
        → groups (linkage) → stories

The answer depends on the articles alone. Sections, scores, editors' wishes and what was told before
may not enter, and a pair that is in doubt stays apart: a wrong merge hides news.
"""
