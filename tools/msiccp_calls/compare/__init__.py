# SPDX-License-Identifier: GPL-2.0-or-later
"""Two captures of one call: `msiccp-calls compare`.

Downwards only: a side is read (fields, segments, spool, side), the calls of both are paired, their clocks
set (pairing, clock), packets matched (connections, messages, streams), and what follows is said (findings,
sentences, document).
"""
