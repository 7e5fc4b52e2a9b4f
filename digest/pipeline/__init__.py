"""The stages joined into what Digest does; what cli, web and demo call.

    configured  digest.toml → settings, and its names → transports, counters and sources
    gathering   sources → articles in the store, with the health of each source
    issue       articles, history and overlays → an issue, and which slot it is for
    mails       an issue → its rendered variants → the mail of one recipient
    desk        the coming issue for editors: lint, explain, build, backtest; nothing is sent
    approval    an editor's word for one hash, and the mail that asks for it
    sending     an issue to its readers: gates, plan, dispatch, closing report; and test mails
    feedback    what providers report later → events, recorded
    operator    orders by a person: subscribers, pause, resume, resolve, correct, reconcile
    schedule    what a scheduler starts: the slots that are due or were missed, one run for all
    watching    pings and alerts around a run; the daemon that starts runs
    setup       a site's address → a configuration; `digest doctor`; lists of feeds

    configured → gathering → issue → mails → desk → approval → sending → schedule → watching
    operator is used by sending (orders, the ledger's guard) and by the commands

Every room takes settings, an open store and `now`. Nothing in here prints or asks: callers pass a
callback for progress. SQL is the store's, HTTP the collector's, and no room decides what a stage
decides.
"""
