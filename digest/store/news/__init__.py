"""The news as collected: articles with changes, sources with health, pages as last read.

    collected → article_saving (merged with what is known) → articles, read back by edition and time

Values in, values out; nothing in here fetches, parses or chooses.
"""
