"""Things that a stage knows by name: source kinds, popularity counters, transports, lint rules.

A thing is one module with one value, and one line in its stage's `Registry`. Beside it stand its
own keys of digest.toml (a `Table`) and the `Secret`s that it reads from the environment. A package
of others adds a thing by an entry point, without a line here (docs/extending.md).

The stages import this room, and so does the configuration; it imports errors alone.
"""
