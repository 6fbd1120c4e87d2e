"""The HTTP API (docs/api.md). `app.create_api` makes it; each file holds one group of endpoints, or what they share."""
