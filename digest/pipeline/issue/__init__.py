"""From stored articles to an issue: its slot, its candidates, its history and its overlays.

    slots → policy + history + overlays → composing → editorial → an issue, frozen

`composing` hands plain values to editorial, which decides; `brand` is frozen with the content.
Nothing in here renders, sends or fetches.
"""
