"""How fast, beside named peers in the same run: ``make bench``. Ratios, not absolute figures, are the result."""
