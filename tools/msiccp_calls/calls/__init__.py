# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls split` and `audio`: a call by itself."""
