"""The site's own illustrations, and the script that draws them (`draw.py`, which needs Pillow)."""
