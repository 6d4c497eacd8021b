# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls whats-on`: this machine, rather than a capture."""
