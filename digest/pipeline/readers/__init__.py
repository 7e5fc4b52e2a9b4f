"""The readers' own acts: ask, confirm, choose, move, leave; and the mails that answer them.

request → signup → single mail (queued once) → postman → transport
choices, own_data, archive: what the pages show and change
"""
