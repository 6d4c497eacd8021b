/* taps.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "taps/taps.h"

#include "taps/ask.h"
#include "taps/packets.h"
#include "session/steps.h"
#include "taps/voip.h"
#include "taps/window.h"

#include <epan/tap.h>

static int msiccp_tap;

void
taps_register(void)
{
    msiccp_tap = register_tap(MSICCP_TAP);
    ask_register();
    packets_register();
    window_register();
}

void
taps_handoff(void)
{
    voip_handoff();
}

void
taps_before_h225(packet_info *pinfo, const step_t *step)
{
    voip_before_h225(pinfo, step);
}

/* A record and what it points to in packet scope, made at once: there is one for every RTP packet.
 */
typedef struct {
    tapped_t tapped;
    joined_t joined;
    tapped_ends_t ends;
} report_t;

static void
report_media(report_t *kept, const packet_info *pinfo, const joined_t *joined)
{
    kept->joined = *joined;
    kept->ends = (tapped_ends_t){.source = pinfo->src,
                                 .destination = pinfo->dst,
                                 .source_port = (uint16_t)pinfo->srcport,
                                 .destination_port = (uint16_t)pinfo->destport};
    kept->tapped.joined = &kept->joined;
    kept->tapped.ends = &kept->ends;
}

static void
report(packet_info *pinfo, tapped_t tapped)
{
    report_t *kept;

    bool is_heard = have_tap_listener(msiccp_tap);

    voip_report(pinfo, &tapped);
    if (!is_heard && !packets_are_heard())
        return;
    kept = wmem_new(pinfo->pool, report_t);
    kept->tapped = tapped;
    if (tapped.joined)
        report_media(kept, pinfo, tapped.joined);
    if (is_heard)
        tap_queue_packet(msiccp_tap, pinfo, &kept->tapped);
    packets_say(pinfo, &kept->tapped);
}

static void
report_control(packet_info *pinfo, const step_t *step)
{
    report(pinfo,
           (tapped_t){.channel = CHANNEL_CONTROL,
                      .coding = step->coding,
                      .session = step->session,
                      .step = step,
                      .registration = step->coding == CODING_RAS ? registration_told(step) : NULL});
}

static void
report_h245(packet_info *pinfo, const step_t *step)
{
    report(pinfo, (tapped_t){.channel = CHANNEL_H245,
                             .coding = step->session->coding,
                             .session = step->session,
                             .step = step});
}

static void
report_kept(packet_info *pinfo, const step_t *step, read_as_t as)
{
    if (as != READ_AS_H245)
        report_control(pinfo, step);
    else if (step->session)
        report_h245(pinfo, step);
}

void
taps_again(packet_info *pinfo)
{
    steps_tell(pinfo, report_kept);
}

void
taps_control(packet_info *pinfo, tvbuff_t *tvb, const step_t *step)
{
    if (!step)
        return;
    if (PINFO_FD_VISITED(pinfo))
        taps_again(pinfo);
    else
        report_control(pinfo, step);
    window_note_message(pinfo, tvb, step);
}

void
taps_h245(packet_info *pinfo, const step_t *step)
{
    if (PINFO_FD_VISITED(pinfo))
        taps_again(pinfo);
    else
        report_h245(pinfo, step);
}

bool
taps_hear_media(void)
{
    return have_tap_listener(msiccp_tap) || voip_is_listened_to();
}

void
taps_media(packet_info *pinfo, const joined_t *joined)
{
    /* There are so many that nothing is asked of the session where nobody listens. */
    if (!taps_hear_media())
        return;
    report(pinfo, (tapped_t){.channel = joined->channel,
                             .coding = joined->session->coding,
                             .session = joined->session,
                             .joined = joined});
}

void
taps_evidence(packet_info *pinfo, const note_t *note)
{
    report(pinfo, (tapped_t){.channel = CHANNEL_CONTROL,
                             .coding = note->session->coding,
                             .session = note->session,
                             .note = note});
}

void
taps_foreign(packet_info *pinfo, const char *name)
{
    report(pinfo,
           (tapped_t){.channel = CHANNEL_CONTROL, .coding = CODING_FOREIGN, .foreign = name});
}
