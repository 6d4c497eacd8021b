"""`msiccp-calls split` and `audio`: a call by itself."""
