/* registration.h
 * Endpoints at their gatekeepers: found, registered, refused, kept alive, gone (ITU-T H.225.0
 * sections 7.8 to 7.10).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_REGISTRATION_H
#define MSICCP_REGISTRATION_H

#include "session/call.h"

/* What became of a search for a gatekeeper. */
typedef enum {
    DISCOVERY_NOT_ASKED,
    DISCOVERY_UNANSWERED,
    DISCOVERY_CONFIRMED,
    DISCOVERY_REJECTED,
} discovery_t;

typedef enum {
    BY_NOBODY,
    BY_ENDPOINT,
    BY_GATEKEEPER,
} unregistered_by_t;

/* An endpoint at a gatekeeper, in file scope. Written in the first pass only. */
typedef struct {
    uint32_t number; /* 1, 2, 3, ... by first frame */
    address endpoint;
    address gatekeeper; /* AT_NONE: none has answered, or been asked by its own address */
    uint16_t endpoint_port;
    uint16_t gatekeeper_port;
    const char *alias;           /* the first; NULL: none */
    const char *product;         /* NULL: not told */
    const char *gatekeeper_name; /* gatekeeperIdentifier; NULL: none */
    const char *endpoint_name;   /* endpointIdentifier, which the gatekeeper gives; NULL: none */

    moment_t start;
    discovery_t discovery;
    const char *discovery_refusal; /* static; NULL: none */

    registration_state_t state;
    const char *reason;  /* why it is refused, or over; static; NULL: none is given */
    moment_t registered; /* since; frame 0: never */
    moment_t ended;      /* refused or unregistered */
    unregistered_by_t ended_by;
    uint32_t time_to_live; /* s; 0: not told */
    uint32_t requests;     /* that are no keep-alives, repeated ones left out */
    uint32_t keep_alives;
    uint32_t waiting; /* requests since the last answer */
} registration_t;

/* What a message has said of one. */
typedef struct {
    registration_t *registration;
    registration_state_t state; /* as of it; not told: it is no answer */
} registration_told_t;

void registration_register(void);

/* First pass only: what a message of RAS does; request: that which it answers, or NULL. */
void registration_take_in(const step_t *step, const step_t *request, const packet_info *pinfo,
                          const message_t *message);

/* First pass only: a message that has been seen before says nothing more. */
void registration_again(const step_t *step, const step_t *original);

/* What its message has said of a registration; NULL: nothing. */
const registration_told_t *registration_told(const step_t *step);

/* How it stands at the end of the capture; a sentence of it, to be freed with g_free(). */
registration_state_t registration_by_now(const registration_t *registration);
char *registration_explain(const registration_t *registration);

#endif
