"""`python -m digest` is the command `digest`."""

from digest.cli.app import main

main()
