"""A site's address → the sections it offers, its name and its looks.

    explore → categories | html_page and site_menu (kinds) | usual addresses → sections

Only `digest init` asks. `explore` fetches through `http`; everything else is pure. Nothing here
reads articles beyond what tells one way of reading a section from another (`category_source`).
"""
