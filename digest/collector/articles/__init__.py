"""Items as sources write them → Articles: plain text, absolute addresses, one identity.

    Item → clean → Article       text · excerpt · excerpt_html · pictures · language · urls

`clean` alone makes Articles; each other module cleans one part of an item, and `collector.dates`
reads its dates. Pure: nothing here fetches, reads a clock or knows which kind of source an item
came from. A source's text is data: no markup of it leaves but the marks that `excerpt_html` writes
anew and proves.
"""
