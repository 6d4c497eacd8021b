"""`msiccp-calls scan`: work is given to a pool, results are stored as they come."""
