"""From the configured sources to articles in the store.

    collecting → visit (is it due, what is asked) → the collector → saving → report

`write_behind` saves in a thread of its own while the network goes on; `source_health` reads back
how each source is doing, `popularity` how often articles are read. One broken source never stops
the others. No article is chosen or dropped here for what it says.
"""
