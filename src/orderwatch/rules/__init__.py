"""Looks at orders, counts and clocks, and finds what is wrong. Pure.

A stage: may import `domain` and `kit`, never another stage.
"""
