/* settled.h
 * Of whom a stream of RTP was last found to be, so that its next packet need not be looked for.
 * First pass only: what later passes find depends on the frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SETTLED_H
#define MSICCP_SETTLED_H

#include "media/joined.h"

void settled_register(void);

/*
 * What the last packet from that port to that address was; NULL: it is to be found, since there
 * was none, or others have taken its slot, or the address has been announced again.
 */
const joined_t *settled_find(const packet_info *pinfo);
void settled_keep(const packet_info *pinfo, const joined_t *joined);

/* Of which stream of that session the packet was: that is asked first for the next one. */
void settled_stream(const packet_info *pinfo, const session_t *session, watched_stream_t *stream);

/* Whose this address is has changed. */
void settled_forget(const address *addr, uint32_t port);

#endif
