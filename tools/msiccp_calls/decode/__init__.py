# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures, and the tshark that decodes them. It knows no database."""
