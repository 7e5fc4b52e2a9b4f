"""The form in other people's pages: an HTML form, and a JSON endpoint for scripts.

markup.py       what `digest embed` prints, to be pasted into any page
endpoint.py     /api/editions and /api/subscribe, with CORS for the origins of [readers]
description.py  the same as OpenAPI, at /api/openapi.json
"""
