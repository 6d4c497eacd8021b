# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls scan`: work is given to a pool, results are stored as they come."""
