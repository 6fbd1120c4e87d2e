"""How the three parts of the store come from one version's shape to the next: a folder of migrations for each part.

A part that is up to date or fresh never gets here: see `storage.schema`. docs/adr/0009-migrations.md tells the rules.
"""
