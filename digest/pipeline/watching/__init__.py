"""What looks after runs: pings, alerts, and the daemon that starts them.

    alerts   a run's report → what to tell, once
    status   how things stand, on one screen
    telling  to a dead-man's switch, a webhook, mailboxes; bounded in time
    watched  one run with all of that around it
    daemon   the same again and again, without cron

A run is never later for any of it: who watches may be away.
"""
