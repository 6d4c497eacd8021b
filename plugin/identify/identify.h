/* identify.h
 * Whose is this payload, and which coding is it?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_IDENTIFY_H
#define MSICCP_IDENTIFY_H

#include "identify/foreign.h"
#include "session/session.h"

struct tcpinfo;

typedef enum {
    IDENTIFIED_H225,
    IDENTIFIED_RAS,
    IDENTIFIED_NATIVE,   /* of none of these, and the user has described a layout */
    IDENTIFIED_FOREIGN,  /* another protocol, that is known by name */
    IDENTIFIED_NOT_OURS, /* of a connection from one of our ports to another service */
    IDENTIFIED_LATER,    /* the bytes that follow will tell */
    IDENTIFIED_AS_NONE,  /* ours, and nothing that is known here */
} identified_t;

/* The dissectors that stand at our ports; what ports those are is a preference. */
void identify_handoff(dissector_handle_t tcp_handle, dissector_handle_t udp_handle);

/*
 * What this TCP payload is, by its connection as it is known so far, or by its
 * own bytes. What they tell is kept on the connection.
 */
identified_t identify_tcp(tvbuff_t *tvb, packet_info *pinfo, const struct tcpinfo *tcpinfo,
                          connection_t **connection);

/* The same for a UDP payload. */
identified_t identify_udp(tvbuff_t *tvb, packet_info *pinfo, connection_t **connection);

#endif
