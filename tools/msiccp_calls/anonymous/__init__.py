"""`msiccp-calls anonymise`: a call without those who had it."""
