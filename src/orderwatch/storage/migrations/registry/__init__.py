"""Migrations of the registry, one file each."""
