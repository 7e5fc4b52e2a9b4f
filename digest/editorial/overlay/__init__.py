"""The editors' file for an issue: TOML text → wishes → the stories they mean, with every fault.

    file → wishes → names → match → what has no effect (ineffective_wishes)

A file is never opened here: its text and its name are handed in. A wish never vanishes without a
sentence that names its file and line.
"""
