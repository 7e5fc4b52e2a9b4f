"""An editor's word for one hash: what was seen is what goes out.

    clearance  may an issue go, and with which content?
    approving  the word itself
    files      words that are committed with the newsroom's files
    notice     the mail to the editors

`approving.approve_issue` is how every approval is given: by the command, and by a page.
"""
