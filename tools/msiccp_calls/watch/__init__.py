# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls watch`: calls while they go on, from packets that come while they come."""
