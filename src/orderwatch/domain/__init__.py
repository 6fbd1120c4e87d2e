"""What the business talks about: events, orders, sources, receipts, notifications, errors.

Frozen values, no I/O, no clock, no logging. May import `kit` only.
"""
