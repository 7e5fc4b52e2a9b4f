"""The command line: one module a command group, commands of a few lines.

Everything heavy is imported inside a command, so that `digest --help` answers at once.
"""
