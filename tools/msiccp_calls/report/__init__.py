"""`msiccp-calls report` and `sql`: what the database says, for people and programs."""
