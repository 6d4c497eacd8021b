# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls anonymise`: a call without those who had it."""
