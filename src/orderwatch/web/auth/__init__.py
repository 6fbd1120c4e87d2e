"""Who asks: bearer tokens, sessions in cookies, and the guards around both."""
