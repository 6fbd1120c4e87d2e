"""How well outages are found: made outages in real deliveries."""
