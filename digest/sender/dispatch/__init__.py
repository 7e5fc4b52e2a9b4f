"""One issue to everybody who is due: claims in, outcomes out, over several connections at once.

    ledger → claim_window → connection_worker → transport
    receipt → server_load (fewer connections, a pause, a stop) → group_commit → ledger

`dispatch` makes the rounds and joins the parts; `rate`, `backoff` and `circuit_breaker` decide
without a clock or the network. Nothing in here knows which transport it sends over, or which
database the ledger is in.
"""
