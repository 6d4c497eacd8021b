/* attempts.c
 *
 * How long a SYN is repeated and what refuses it: RFC 9293 sections 3.8.1 and 3.10.7.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/attempts.h"

#include "common/hash.h"
#include "common/ports.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/to_str.h>

/* tcp.completeness */
#define COMPLETENESS_SYN 0x01
#define COMPLETENESS_ACK 0x04
#define COMPLETENESS_RST 0x20

/* After so long without an answer to a SYN that was repeated, s. */
#define UNANSWERED_AFTER 3

/* What follows so closely on what failed is the same attempt, s: programs try again by themselves.
 */
#define SAME_ATTEMPT 10

/* A connection of which no more than the opener's SYNs have been seen. */
typedef struct {
    uint32_t client_port;
    moment_t syn; /* the first */
    uint32_t syns;
    session_t *missed_by; /* whose finding it is that they are not answered; NULL: nobody's yet */
} opening_t;

/* What failed, as a record of its own. */
typedef struct {
    session_t *session;
    nstime_t latest; /* when it was last tried */
} failure_t;

static wmem_map_t *openings; /* conversation_t -> opening_t; file scope */
static wmem_map_t *failures; /* asking_t -> failure_t, the latest; file scope */

static unsigned
asking_hash(const void *key)
{
    const asking_t *asking = key;

    return hash_ends(&asking->client, asking->transport, &asking->server, asking->port);
}

static gboolean
asking_equal(const void *a, const void *b)
{
    const asking_t *one = a;
    const asking_t *other = b;

    return one->port == other->port && one->transport == other->transport &&
           addresses_equal(&one->client, &other->client) &&
           addresses_equal(&one->server, &other->server);
}

void
attempts_register(void)
{
    openings =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
    failures =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), asking_hash, asking_equal);
}

static double
seconds_since(const packet_info *pinfo, const nstime_t *then)
{
    nstime_t span;

    nstime_delta(&span, &pinfo->abs_ts, then);
    return nstime_to_sec(&span);
}

static failure_t *
failure_of(const asking_t *asking)
{
    failure_t *failure = wmem_map_lookup(failures, asking);
    asking_t *kept;

    if (failure)
        return failure;
    kept = wmem_new(wmem_file_scope(), asking_t);
    copy_address_wmem(wmem_file_scope(), &kept->client, &asking->client);
    copy_address_wmem(wmem_file_scope(), &kept->server, &asking->server);
    kept->port = asking->port;
    kept->transport = asking->transport;
    failure = wmem_new0(wmem_file_scope(), failure_t);
    wmem_map_insert(failures, kept, failure);
    return failure;
}

/* The attempt that this is a part of. */
static session_t *
attempt_of(const asking_t *asking, const packet_info *pinfo, const moment_t *begin)
{
    failure_t *failure = failure_of(asking);

    if (!failure->session || seconds_since(pinfo, &failure->latest) >= SAME_ATTEMPT)
        failure->session = session_attempt(begin, asking->transport, &asking->client,
                                           &asking->server, asking->port);
    failure->latest = pinfo->abs_ts;
    return failure->session;
}

/* The packet goes from the one who asks to the one who is asked; otherwise it is the answer. */
static asking_t
asking_of(const packet_info *pinfo, bool is_answer)
{
    return is_answer ? (asking_t){OVER_TCP, pinfo->dst, pinfo->src, pinfo->srcport}
                     : (asking_t){OVER_TCP, pinfo->src, pinfo->dst, pinfo->destport};
}

/* "10.73.1.20 refused the H.245 connection to port 12030" */
static const char *
text_of(const asking_t *asking, const char *did, bool is_h245)
{
    char *server = address_to_str(NULL, &asking->server);
    char *text = wmem_strdup_printf(wmem_file_scope(), "%s %s the %sconnection to port %u", server,
                                    did, is_h245 ? "H.245 " : "", asking->port);

    wmem_free(NULL, server);
    return text;
}

static void
note(session_t *session, finding_t finding, side_t asked, uint32_t before, packet_info *pinfo,
     const char *seen)
{
    /* An attempt that fails over and over has failed once. */
    bool has_failed = session->evidence.first != NULL;
    evidence_t *evidence;

    evidence_add(&session->evidence, finding, asked, before, seen);
    evidence = evidence_add(&session->evidence, finding, asked, pinfo->num, seen);
    evidence_keep(pinfo, session, evidence)->tells_verdict = session->is_attempt && !has_failed;
}

/* A control connection has no session of its own: what failed becomes a record of its own. */
static void
refuse(const opening_t *opening, session_t *h245, side_t asked, packet_info *pinfo)
{
    const asking_t asking = asking_of(pinfo, true);
    session_t *session = h245 ? h245 : attempt_of(&asking, pinfo, &opening->syn);
    finding_t finding = h245 ? FINDING_H245_REFUSED : FINDING_CONTROL_REFUSED;
    const char *seen = NULL;

    if (evidence_is_new(&session->evidence, finding, asked))
        seen = text_of(&asking, "refused", h245 != NULL);
    note(session, finding, asked, opening->syn.frame, pinfo, seen);
}

static finding_t
unanswered(const session_t *session)
{
    return session->is_attempt ? FINDING_CONTROL_UNANSWERED : FINDING_H245_UNANSWERED;
}

static void
miss_answer(opening_t *opening, session_t *h245, side_t asked, packet_info *pinfo)
{
    const asking_t asking = asking_of(pinfo, false);
    session_t *session = h245 ? h245 : attempt_of(&asking, pinfo, &opening->syn);
    const char *seen = NULL;

    if (evidence_is_new(&session->evidence, unanswered(session), asked))
        seen = text_of(&asking, "did not answer", h245 != NULL);
    opening->missed_by = session;
    note(session, unanswered(session), asked, opening->syn.frame, pinfo, seen);
}

/* It has been answered late. */
static void
miss_no_more(const opening_t *opening, side_t asked)
{
    if (opening->missed_by)
        evidence_withdraw(&opening->missed_by->evidence, unanswered(opening->missed_by), asked);
}

static opening_t *
opening_of(conversation_t *conversation, const packet_info *pinfo)
{
    opening_t *opening = wmem_map_lookup(openings, conversation);

    if (!opening) {
        opening = wmem_new0(wmem_file_scope(), opening_t);
        opening->client_port = pinfo->srcport;
        opening->syn.frame = pinfo->num;
        opening->syn.at = pinfo->abs_ts;
        wmem_map_insert(openings, conversation, opening);
    }
    return opening;
}

/*
 * What is more than the opener's SYN, as tcp.completeness has it. A connection that H.225.0
 * announced has no bit for the SYN, as its conversation is older than it.
 */
static unsigned
more_than_syn(const struct tcp_analysis *analysis)
{
    return analysis->conversation_completeness & ~(unsigned)COMPLETENESS_SYN;
}

static bool
is_opening(const struct tcp_analysis *analysis, uint32_t port)
{
    return analysis->server_port == port && more_than_syn(analysis) == 0;
}

/* A reset acknowledges the SYN that it answers. */
static bool
is_refusal(const struct tcp_analysis *analysis, const opening_t *opening, const packet_info *pinfo)
{
    return (more_than_syn(analysis) & ~(unsigned)COMPLETENESS_ACK) == COMPLETENESS_RST &&
           pinfo->destport == opening->client_port;
}

bool
attempts_is_opening(conversation_t *conversation, uint32_t port, packet_info *pinfo)
{
    const struct tcp_analysis *analysis = get_tcp_conversation_data(conversation, pinfo);

    return analysis && is_opening(analysis, port);
}

void
attempts_watch(conversation_t *conversation, session_t *session, side_t asked, packet_info *pinfo)
{
    const struct tcp_analysis *analysis = get_tcp_conversation_data(conversation, pinfo);
    opening_t *opening;

    if (!analysis)
        return;
    if (is_opening(analysis, pinfo->destport)) {
        opening = opening_of(conversation, pinfo);
        if (++opening->syns > 1 && seconds_since(pinfo, &opening->syn.at) >= UNANSWERED_AFTER)
            miss_answer(opening, session, asked, pinfo);
        return;
    }
    opening = wmem_map_remove(openings, conversation);
    if (!opening)
        return;
    miss_no_more(opening, asked);
    if (is_refusal(analysis, opening, pinfo))
        refuse(opening, session, asked, pinfo);
    wmem_free(wmem_file_scope(), opening);
}

void
attempts_watch_control(conversation_t *conversation, packet_info *pinfo)
{
    if (ports_is_ours(OVER_TCP, pinfo->destport) || wmem_map_contains(openings, conversation))
        attempts_watch(conversation, NULL, SIDE_CALLEE, pinfo);
}

void
attempts_fail(session_t *session, side_t asked, const asking_t *asking, packet_info *pinfo,
              const char *seen)
{
    const moment_t now = {.frame = pinfo->num, .at = pinfo->abs_ts};

    note(session ? session : attempt_of(asking, pinfo, &now),
         session ? FINDING_H245_REFUSED : FINDING_CONTROL_REFUSED, asked, 0, pinfo, seen);
}
