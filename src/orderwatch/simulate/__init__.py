"""Believable delivery traffic from a seed, and real deliveries from a table. Pure: no clock, no network, no files.

Beside the stages: may import `domain` and `kit`.
"""
