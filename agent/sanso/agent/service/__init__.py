"""The agent as a service: one process that stays, and a local socket for those who speak to it."""
