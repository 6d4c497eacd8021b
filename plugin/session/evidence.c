/* evidence.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/evidence.h"

#include "common/protocol.h"

#include <epan/packet.h>

static bool any_kept; /* of this file: most have nothing */

static void
forget_evidence(void)
{
    any_kept = false;
}

void
evidence_register(void)
{
    register_init_routine(forget_evidence);
}

static bool
is_before(const evidence_t *evidence, finding_t finding, side_t about)
{
    return evidence->finding < finding || (evidence->finding == finding && evidence->about < about);
}

static evidence_t *
evidence_of(evidence_list_t *list, finding_t finding, side_t about)
{
    evidence_t **place = &list->first;
    evidence_t *next = list->first;
    evidence_t *evidence;

    while (next && is_before(next, finding, about)) {
        place = &next->next;
        next = next->next;
    }
    if (next && next->finding == finding && next->about == about)
        return next;
    evidence = wmem_new0(list->scope, evidence_t);
    evidence->finding = finding;
    evidence->about = about;
    evidence->next = next;
    *place = evidence;
    return evidence;
}

evidence_t *
evidence_add(evidence_list_t *list, finding_t finding, side_t about, uint32_t frame,
             const char *seen)
{
    evidence_t *evidence = evidence_of(list, finding, about);

    if (!evidence->seen)
        evidence->seen = seen;
    if (!frame || evidence_names(evidence, frame))
        return evidence;
    if (evidence->count < EVIDENCE_FRAMES)
        evidence->frames[evidence->count] = frame;
    evidence->count++;
    return evidence;
}

void
evidence_withdraw(evidence_list_t *list, finding_t finding, side_t about)
{
    evidence_t **place = &list->first;

    while (*place && ((*place)->finding != finding || (*place)->about != about))
        place = &(*place)->next;
    if (*place)
        *place = (*place)->next;
}

void
evidence_add_all(evidence_list_t *list, const evidence_list_t *others)
{
    for (const evidence_t *other = others->first; other; other = other->next) {
        for (uint32_t i = 0; i < MIN(other->count, EVIDENCE_FRAMES); i++)
            evidence_add(list, other->finding, other->about, other->frames[i], other->seen);
    }
}

const evidence_t *
evidence_find(const evidence_list_t *list, finding_t finding, side_t about)
{
    const evidence_t *evidence = list->first;

    while (evidence && (evidence->finding != finding || evidence->about != about))
        evidence = evidence->next;
    return evidence;
}

bool
evidence_is_new(const evidence_list_t *list, finding_t finding, side_t about)
{
    return !evidence_find(list, finding, about);
}

bool
evidence_has(const evidence_list_t *list, finding_t finding)
{
    const evidence_t *evidence = list->first;

    while (evidence && evidence->finding != finding)
        evidence = evidence->next;
    return evidence != NULL;
}

bool
evidence_names(const evidence_t *evidence, uint32_t frame)
{
    for (uint32_t i = 0; i < MIN(evidence->count, EVIDENCE_FRAMES); i++) {
        if (evidence->frames[i] == frame)
            return true;
    }
    return false;
}

bool
evidence_shows(const evidence_list_t *list, finding_t finding, uint32_t frame)
{
    const evidence_t *evidence = list->first;

    while (evidence && (evidence->finding != finding || !evidence_names(evidence, frame)))
        evidence = evidence->next;
    return evidence != NULL;
}

char *
evidence_sentence(wmem_allocator_t *scope, const evidence_t *evidence)
{
    const char *seen = evidence->seen ? evidence->seen : finding_text(evidence->finding);
    char *sentence = wmem_strdup(scope, seen);

    if (sentence[strspn(sentence, "abcdefghijklmnopqrstuvwxyz")] == ' ') /* no address of IPv6 */
        *sentence = g_ascii_toupper(*sentence);
    return sentence;
}

uint32_t
evidence_bits(const evidence_list_t *list)
{
    uint32_t bits = 0;

    for (const evidence_t *evidence = list->first; evidence; evidence = evidence->next)
        bits |= FINDING_BIT(evidence->finding);
    return bits;
}

note_t *
evidence_keep(packet_info *pinfo, struct session *session, evidence_t *evidence)
{
    note_t *first = p_get_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_EVIDENCE);
    note_t *note = wmem_new0(wmem_file_scope(), note_t);

    any_kept = true;
    note->session = session;
    note->evidence = evidence;
    note->next = first;
    p_set_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_EVIDENCE, note);
    return note;
}

note_t *
evidence_kept(packet_info *pinfo)
{
    return any_kept ? p_get_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_EVIDENCE) : NULL;
}
