# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests share: running tshark, reading what it says, and captures made for a test.

    tshark    runs the real tshark and sharkd, with the plugin and without it
    files     the project's captures, and folders that tshark can write to
    view      a capture as rows of values, a frame each
    reports   what the statistics say: call records, call table, counts, RTP streams
    traffic   captures that a test makes, packet by packet
    edited    captures made of recorded ones
"""
