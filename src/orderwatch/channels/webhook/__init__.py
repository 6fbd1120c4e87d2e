"""Posts to an address of the user's, signed as Standard Webhooks 1.0.0 says."""
