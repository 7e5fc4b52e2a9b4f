"""Subscribers: people, what they subscribed to, and who must not be written to.

A leaf: it knows nothing of `digest`, and could serve another sender as well.

    address/     what an address is, which two are the same, which are mistyped or a role's
    consent      when, by which way and by which words somebody asked, confirmed or left
    lifecycle    which way a subscription may go; an import only ever lowers
    lists/       files of readers, from anywhere: recognised, read strictly, written safely
    tokens       readers' links, signed
    pseudonyms   keyed hashes: of an address that was erased, of a network
    store/       the tables, and the only queries that touch them

A list is read into rows by `lists`, and a row is taken in by `store`, which asks `lifecycle`.
"""
