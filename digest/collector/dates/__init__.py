"""Dates as newsrooms write them → aware UTC, in any order, language, calendar, clock and zone.

    convention → reading → calendars · day_halves · month_names · month_phrases · time_zones

`reading` reads one date by a convention, `convention` learns it from all dates of a feed. Pure: the
moment of reading is handed in.
"""
