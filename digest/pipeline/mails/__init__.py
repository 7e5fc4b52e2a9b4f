"""From an issue to the mail of one recipient.

    rendering (every variant at once) → budget (what Gmail would clip) → compiled → joined, signed

`rehearsal` keeps what was rendered while an issue is being planned; `theming` and `sample` serve
the theme commands. Two readers of a variant differ in `rendering.Values`, and nothing else
per reader enters here.
"""
