# SPDX-License-Identifier: GPL-2.0-or-later
"""Archives of calls: captures in, a database of calls out, and what one does with calls.

One way through it; each wing uses those on its left only:

    common ─► decode ─► store ─► scan, report, calls ─► cli
    words,    tshark    tables,  a subcommand each      arguments,
    needs     alone     rows,                           exit statuses
              decodes   views

What is in a capture is told by tshark with the plugin; nothing here reads a packet. The keys of its
call records are known to store/rows.py only.
"""

VERSION = "0.1.0"
