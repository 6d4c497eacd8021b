/* evidence.h
 * What was found of a call, and the frames that show it. Nothing is kept of a call
 * of which there is nothing to say.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_EVIDENCE_H
#define MSICCP_EVIDENCE_H

#include "common/vocabulary.h"

#include <epan/packet_info.h>
#include <wsutil/wmem/wmem.h>

struct session;

/* So many frames are named; more are counted. */
#define EVIDENCE_FRAMES 8

typedef struct evidence {
    finding_t finding;
    side_t about;     /* who was asked, or whom media goes to; SIDE_COUNT: both, or neither */
    const char *seen; /* what was seen, without a full stop; NULL: the finding's own text */
    uint32_t frames[EVIDENCE_FRAMES]; /* the first of them, in order */
    uint32_t count;                   /* of all of them */
    struct evidence *next;
} evidence_t;

/* In order of the findings, then of the sides. */
typedef struct {
    wmem_allocator_t *scope; /* what is added lives there */
    evidence_t *first;
} evidence_list_t;

/* A frame that is evidence, in file scope. */
typedef struct note {
    struct session *session;
    evidence_t *evidence; /* NULL: the frame is of the session, and shows nothing yet */
    bool tells_verdict;   /* of an attempt to connect: it has failed here */
    struct note *next;
} note_t;

void evidence_register(void);

/*
 * Adds a frame to what is found of a side. What was seen is told the first time; it must
 * live as long as the list. A frame that is there already is not added again; 0 is none.
 */
evidence_t *evidence_add(evidence_list_t *list, finding_t finding, side_t about, uint32_t frame,
                         const char *seen);

/* It has proved wrong; frames that showed it go on showing what was known then. */
void evidence_withdraw(evidence_list_t *list, finding_t finding, side_t about);

/* The lists have the same scope. */
void evidence_add_all(evidence_list_t *list, const evidence_list_t *others);

/* This has not been found yet, so that what was seen is still to be told. */
bool evidence_is_new(const evidence_list_t *list, finding_t finding, side_t about);

/* NULL: nothing was found. */
const evidence_t *evidence_find(const evidence_list_t *list, finding_t finding, side_t about);

/* Whoever it is about. */
bool evidence_has(const evidence_list_t *list, finding_t finding);

/* The frame is one of those that are named. */
bool evidence_names(const evidence_t *evidence, uint32_t frame);

/* What was seen, beginning with a capital letter and without a full stop. */
char *evidence_sentence(wmem_allocator_t *scope, const evidence_t *evidence);

/* The frame is named as evidence of that. */
bool evidence_shows(const evidence_list_t *list, finding_t finding, uint32_t frame);

/* FINDING_BIT()s of all that was found. */
uint32_t evidence_bits(const evidence_list_t *list);

/* First pass only: this frame shows something of this session, and will in later passes. */
note_t *evidence_keep(packet_info *pinfo, struct session *session, evidence_t *evidence);

/* What is kept of this frame; NULL: nothing. */
note_t *evidence_kept(packet_info *pinfo);

#endif
