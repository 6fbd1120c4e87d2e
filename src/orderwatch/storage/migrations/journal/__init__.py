"""Migrations of the journal, one file each."""
