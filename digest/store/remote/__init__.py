"""A ledger that outlives its machine: an SQLite file kept, sealed, in a place that others can see.

    replica → sealed parts (pages, sealed_box) → a remote: git_branch | s3_bucket
                                                 contract: what every remote can do

A remote knows names and bytes, and one promise: it changes only for who knows its present version
(compare and swap). What the bytes mean, and when they are pushed, is the replica's. No mail, issue
or reader is known here; what a window of readers is, is the ledger's (ledger/windowed.py).
"""
