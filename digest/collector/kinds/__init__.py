"""Kinds of sources: each recognises its documents and parses them into items.

    FetchedPage → recognises, parse → ParsedPage (items, and further addresses to read)

One module a kind, with a `KIND`; one line a kind in `registry`. No kind fetches, cleans or knows
other kinds. Readers that several kinds share stand beside them: XML (`xml_outline`), JSON
(`json_document`), web pages (`html_page`, `site_menu`), WordPress' addresses (`wordpress_api`).
"""
