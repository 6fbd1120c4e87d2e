"""Proposes a mapping for a sample payload: by the names of its keys, by what stands around them, by their values.

Imports from the rest of `normalise` only what reads values.
"""
