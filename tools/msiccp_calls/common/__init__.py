# SPDX-License-Identifier: GPL-2.0-or-later
"""What every wing may use; it knows none of them."""
