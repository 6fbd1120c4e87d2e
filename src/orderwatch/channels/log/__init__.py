"""Writes a line into the server's log: the tutorial's ``send_notification``, without any set-up."""
