"""What SQLite does its own way."""
