# SPDX-License-Identifier: GPL-2.0-or-later
"""The database: tables, views, migrations, and how a call record becomes rows."""
