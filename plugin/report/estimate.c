/* estimate.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/estimate.h"

#include "report/emodel.h"

const watched_stream_t *
estimate_reported(const record_t *record, const stream_t *stream)
{
    const watched_stream_t *watched =
        streams_find(record->session, stream->key.ssrc, stream->key.to);

    return watched && watched->reports ? watched : NULL;
}

/* How long runs of loss are, of what they would be by chance (G.107, BurstR). */
static double
burst_ratio(const quality_t *quality)
{
    double loss = quality->expected ? (double)quality->lost / quality->expected : 0;
    double mean = quality->runs ? (double)quality->lost / quality->runs : 1;

    return MAX(mean * (1 - loss), 1);
}

estimate_t
estimate_of(const record_t *record, const stream_t *stream)
{
    const watched_stream_t *reported = estimate_reported(record, stream);
    const quality_t quality = quality_at_end(&stream->quality);
    estimate_t estimate = {.rating = -1};
    codec_impairment_t impairment;

    if (quality.expected)
        estimate.loss = (double)quality.lost / quality.expected;
    if (reported)
        estimate.loss = streams_are_told_by_receiver(record->session, reported)
                            ? streams_reported_loss(record->session, reported)
                            : MAX(estimate.loss, streams_reported_loss(record->session, reported));
    if (wmem_list_count(stream->codecs) != 1 || quality.expected == 0 ||
        !emodel_codec(record_payload_name(stream), stream->payload_octets, &impairment))
        return estimate;
    estimate.rating = emodel_rating(&impairment, estimate.loss, burst_ratio(&quality));
    estimate.mos = emodel_mos(estimate.rating);
    return estimate;
}
