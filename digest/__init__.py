"""Digest: newsletter digests for news sites, one good mail a reader, exactly once."""

__version__ = "0.1.0"
