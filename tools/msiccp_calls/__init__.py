# SPDX-License-Identifier: GPL-2.0-or-later
"""Archives of calls: captures in, a database of calls out, and what one does with calls.

One way through it; each wing uses those on its left only:

    common ─► decode ─► store ─► scan, report, calls, machine, watch ─► cli
    words,    tshark    tables,  a subcommand each               arguments,
    needs,    alone     rows,                                    exit statuses
    files     decodes   views

What is in a capture is told by tshark with the plugin; only anonymous/, of calls, reads packets
itself, to rewrite them where tshark says that somebody is named. The keys of call records become
columns in store/rows.py only.
"""

VERSION = "1.0.0"
