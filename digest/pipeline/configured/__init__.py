"""From a name in digest.toml to the thing, with its own keys and its secrets.

`loading` reads digest.toml, and has every registry check the names and keys that are its own;
`transports`, `counters` and `sources` return the things as the stages take them. Every other room
of the pipeline may ask here; nothing here knows an issue, a reader or the store.
"""
