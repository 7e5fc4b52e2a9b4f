"""One file an e-mail API, pure: a call to a request, a response to receipts, its table and secrets.

A provider is added by its file here and a line in `digest.sender.registry`. What is waited for,
repeated or halved is decided in `digest.sender.api`. No network and no clock enter here.
"""
