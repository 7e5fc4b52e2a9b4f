"""Files of readers, in and out.

    in    opening → strict_csv or json_lines → recognising (formats/) → people → rows
    out   exporting, with cells that are safe in spreadsheets

A foreign format is one file in `formats/` and one line in its registry. A cell that may say that
somebody left is never guessed at (standings.py).
"""
