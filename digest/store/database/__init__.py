"""The database underneath: tables, engine, migrations, and statements for both dialects.

    engine → prepared and batch statements → rows → the values that leave the store

The other rooms of the store build on this one; nothing in here knows what a table's rows mean.
`faults` turns every exception of a driver into a StoreError.
"""
