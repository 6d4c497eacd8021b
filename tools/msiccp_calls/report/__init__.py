# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls report` and `sql`: what the database says, for people and programs."""
