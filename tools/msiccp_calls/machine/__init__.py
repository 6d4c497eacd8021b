"""`msiccp-calls whats-on`: this machine, rather than a capture."""
