"""The files that start Digest by themselves, and what a runner shows of it.

    ticks      an edition's slots → when a scheduler has to start
    kinds      one recipe a kind: github, gitlab, forgejo, cron, systemd, kubernetes
    writing    recipe + configuration → files; templates/ci holds their text
    checking   what a checkout lacks, before the first run fails for it
    summary    the report of a run as a page of Markdown
    annotations  workflow commands: errors beside their lines, groups, masks

Nothing in here sends, and nothing asks a network.
"""
