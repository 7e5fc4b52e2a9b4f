"""Documents → clean articles, in processes of their own.

    Parsers (pool) → frames → process → document → frames → ParsedDocument or SourceError

Parsing holds the interpreter, and strangers' bytes may be built to hurt: a process can be killed
when its time is up, and holds no secret. Both directions carry data that is checked against its
type, never pickles. Nothing here fetches.
"""
