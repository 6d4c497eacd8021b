# SPDX-License-Identifier: GPL-2.0-or-later
"""What is counted, as a page for Prometheus and others that read OpenMetrics."""

import re

from ..common.errors import UsageError
from ..common.needs import need
from .listeners import Listener

LOOPBACK = re.compile(r"(127(?:\.\d{1,3}){3}|localhost|\[::1\]):(\d{1,5})")
SETUP_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)
LOSS = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def address(text):
    """The host and the port of ADDRESS:PORT, which must be of this machine."""
    match = LOOPBACK.fullmatch(text)
    if not match or int(match[2]) > 65535:
        raise UsageError(f"--metrics {text}: it is a port of this machine's own, as in 127.0.0.1:9731")
    return match[1].strip("[]"), int(match[2])


class Metrics(Listener):
    def __init__(self, text):
        host, port = address(text)
        client = need("prometheus_client")
        registry = client.CollectorRegistry()
        self.calls = client.Counter("msiccp_calls", "Calls that have ended", ["verdict", "outcome"],
                                    registry=registry)
        self.attempts = client.Counter("msiccp_attempts", "Attempts to connect that were not accepted",
                                       registry=registry)
        self.findings = client.Counter("msiccp_findings", "What was found of calls that have ended",
                                       ["finding"], registry=registry)
        self.up = client.Gauge("msiccp_calls_up", "Calls that go on", registry=registry)
        self.setup = client.Histogram("msiccp_setup_seconds", "From the request to the answer",
                                      buckets=SETUP_SECONDS, registry=registry)
        self.loss = client.Histogram("msiccp_loss_ratio", "Of each stream, the share that was lost",
                                     buckets=LOSS, registry=registry)
        self.packets = client.Counter("msiccp_packets", "Packets that were decoded", registry=registry)
        self.dropped = client.Counter("msiccp_packets_dropped", "Packets that the capture has lost",
                                      registry=registry)
        self.gaps = client.Counter("msiccp_gaps", "Gaps in the capture", registry=registry)
        self.memory = client.Gauge("msiccp_decoder_memory_bytes", "What the decoder takes", registry=registry)
        self.frames = None
        try:
            client.start_http_server(port, host, registry)
        except OSError as error:
            raise UsageError(f"--metrics {text}: {error.strerror}") from None

    def call(self, call, again):
        if again:
            return
        record = call.told
        for finding in record["diagnostics"]:
            self.findings.labels(finding["finding"]).inc()
        if call.session is None:
            self.attempts.inc()
            return
        self.calls.labels(record["verdict"] or "unknown", record["outcome"] or "unknown").inc()
        if record["setup_time_us"] is not None:
            self.setup.observe(record["setup_time_us"] / 10**6)
        for stream in record["streams"]:
            if stream["expected"]:
                self.loss.observe(max(stream["lost"], 0) / stream["expected"])

    def gap(self, packets):
        self.gaps.inc()
        self.dropped.inc(packets or 0)

    def turn(self, watch):
        frames = watch.reader.frames
        self.packets.inc(max(frames - (frames if self.frames is None else self.frames), 0))
        self.frames = frames
        self.up.set(len(watch.calls.up()))

    def care(self, watch):
        self.memory.set(watch.decoder.memory())
