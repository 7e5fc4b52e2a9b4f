"""The readers' pages: subscribe, confirm, preferences, leave, own data, view in browser, archive.

A GET changes nothing, because scanners open every link of a mail (invariant 11). The token in the
address is the only key: no cookie, no login, no script.

    contract (what pages ask for) ← backend (store and configuration)
    desk (what every page shares) → one module a group of pages → application
"""
