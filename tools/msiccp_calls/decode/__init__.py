"""Captures, and the tshark that decodes them. It knows no database."""
