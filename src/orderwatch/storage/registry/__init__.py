"""What people decided: sources, channels, routes, users, tokens, sessions, invites, commands, and the audit of it.

Serves the command line, the receiver and the worker alike. Start at `registry.Registry`.
"""
