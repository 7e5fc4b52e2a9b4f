"""The demo: a local news site, a mail server and an inbox to look at. Nothing else may need it."""
