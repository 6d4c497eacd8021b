"""`msiccp-calls watch`: calls while they go on, from packets that come while they come."""
