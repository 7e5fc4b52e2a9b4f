"""The editors' desk: the coming issue as readers will see it, changed, tested and approved.

    backend (pipeline) → view (what is shown, in plain words) → application (pages and changes)

A change is a form that is sent back; it ends in the overlay's file, never in the desk's memory. The
same pages without the right to change are the preview.
"""
