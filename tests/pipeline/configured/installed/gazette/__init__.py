"""A package of others: one thing of each sort, as an installed package brings them to Digest."""
