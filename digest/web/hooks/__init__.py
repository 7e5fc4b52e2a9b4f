"""Reports of e-mail providers: /hooks/<provider>.

    POST → proof over the raw body → events recorded → 204

Nothing in here is shown to a reader, and nothing in a report is trusted before its proof.
"""
