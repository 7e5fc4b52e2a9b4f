"""An issue to its readers, once; and test mails, which touch no ledger.

    sending → gates → planning (rechecking, frozen and planned) → delivering → closing_report

`delivering` makes rounds of the dispatch; `next_round` says when there is another, `canary` whether
the first readers let it go on, `rate_limits` and `exclusive` what other runs leave to this one.
Which transport there is, is known in `transports` alone. No SMTP and no SQL enter here.
"""
