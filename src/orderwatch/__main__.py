"""Lets ``python -m orderwatch`` be the same as ``orderwatch``."""

from orderwatch.cli import main

if __name__ == "__main__":
    main()
