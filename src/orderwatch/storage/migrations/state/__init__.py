"""Migrations of the state, one file each."""
