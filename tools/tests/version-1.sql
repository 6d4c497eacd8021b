-- What the first version of the tables held of a recording cut into eight, by sqlite3's .dump.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE captures (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	status TEXT NOT NULL, 
	message TEXT, 
	options TEXT NOT NULL, 
	tshark TEXT, 
	plugin TEXT, 
	scanned TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO captures VALUES(1,'/captures/h323-busy-1731_00001_20261122173901.pcap',344,'ok',NULL,'','4.0.17','0.1.0','2026-11-25 05:13:57');
INSERT INTO captures VALUES(2,'/captures/h323-busy-1731_00000_20261122173901.pcap',280,'ok',NULL,'','4.0.17','0.1.0','2026-11-25 05:13:58');
INSERT INTO captures VALUES(3,'/captures/h323-busy-1731_00002_20261122173901.pcap',476,'ok',NULL,'','4.0.17','0.1.0','2026-11-25 05:13:58');
INSERT INTO captures VALUES(4,'/captures/h323-busy-1731_00003_20261122173901.pcap',404,'ok',NULL,'','4.0.17','0.1.0','2026-11-25 05:13:58');
INSERT INTO captures VALUES(5,'/captures/h323-busy-1731_00004_20261122173901.pcap',420,'ok',NULL,'','4.0.17','0.1.0','2026-11-25 05:13:58');
INSERT INTO captures VALUES(6,'/captures/h323-busy-1731_00005_20261122173901.pcap',380,'ok',NULL,'','4.0.17','0.1.0','2026-11-25 05:13:58');
INSERT INTO captures VALUES(7,'/captures/h323-busy-1731_00007_20261122173902.pcap',228,'ok',NULL,'','4.0.17','0.1.0','2026-11-25 05:13:59');
INSERT INTO captures VALUES(8,'/captures/h323-busy-1731_00006_20261122173902.pcap',328,'ok',NULL,'','4.0.17','0.1.0','2026-11-25 05:13:59');
CREATE TABLE files (
	id INTEGER NOT NULL, 
	capture_id BIGINT NOT NULL, 
	position BIGINT NOT NULL, 
	path TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	changed_us BIGINT NOT NULL, 
	sha256 TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(capture_id) REFERENCES captures (id) ON DELETE CASCADE, 
	UNIQUE (path)
);
INSERT INTO files VALUES(1,1,1,'/captures/h323-busy-1731_00001_20261122173901.pcap',344,1795583635264703,'21c0c6c42ea755a607e9a3cdb2691b55b705f66ecf3af82a8ebb401b0a0bc29c');
INSERT INTO files VALUES(2,2,1,'/captures/h323-busy-1731_00000_20261122173901.pcap',280,1795583635264667,'de1fcace84be34fc969946f1ce62f73ac65fa46a2b8cf3de7eda4173dd11e0f9');
INSERT INTO files VALUES(3,3,1,'/captures/h323-busy-1731_00002_20261122173901.pcap',476,1795583635264725,'e5d9a45d51317de4f8cc210ae2d91cad11e6414576bd983be013823a8dda9b30');
INSERT INTO files VALUES(4,4,1,'/captures/h323-busy-1731_00003_20261122173901.pcap',404,1795583635264747,'1ea69f2ec925fcadbfef16948ad3103cea873d5a7881cea26a0f1e108970881e');
INSERT INTO files VALUES(5,5,1,'/captures/h323-busy-1731_00004_20261122173901.pcap',420,1795583635264769,'278048128dbb4ee0622759353b7b53bacfe4140faec611b995b1130613656408');
INSERT INTO files VALUES(6,6,1,'/captures/h323-busy-1731_00005_20261122173901.pcap',380,1795583635264790,'492e39fa7e742c75cf1526c8be871baa91a21e4dfedaf59f8d7ba3c803edb436');
INSERT INTO files VALUES(7,7,1,'/captures/h323-busy-1731_00007_20261122173902.pcap',228,1795583635264835,'614d26a678b9f04015895691d47b394fb33a65c1ca6f1149656799c224bcb7a1');
INSERT INTO files VALUES(8,8,1,'/captures/h323-busy-1731_00006_20261122173902.pcap',328,1795583635264813,'8fef838294fc74721ef5b956c2492281c1beca7ce87c242f440988ee99134d18');
CREATE TABLE calls (
	id INTEGER NOT NULL, 
	capture_id BIGINT NOT NULL, 
	session BIGINT NOT NULL, 
	call BIGINT, 
	start TEXT, 
	start_us BIGINT, 
	start_frame BIGINT, 
	setup_us BIGINT, 
	ringing_us BIGINT, 
	answer_us BIGINT, 
	release_us BIGINT, 
	closed_us BIGINT, 
	closed_by_reset BIGINT, 
	setup_time_us BIGINT, 
	ring_time_us BIGINT, 
	talk_time_us BIGINT, 
	coding TEXT, 
	call_reference BIGINT, 
	call_identifier TEXT, 
	conference_identifier TEXT, 
	caller_address TEXT, 
	caller_port BIGINT, 
	caller_alias TEXT, 
	caller_product TEXT, 
	callee_address TEXT, 
	callee_port BIGINT, 
	callee_alias TEXT, 
	callee_product TEXT, 
	state TEXT, 
	outcome TEXT, 
	cause BIGINT, 
	cause_text TEXT, 
	reason TEXT, 
	reason_text TEXT, 
	released_by TEXT, 
	forwarded_to TEXT, 
	verdict TEXT, 
	explanation TEXT, 
	failing BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (capture_id, session), 
	FOREIGN KEY(capture_id) REFERENCES captures (id) ON DELETE CASCADE
);
INSERT INTO calls VALUES(1,3,1,NULL,'2026-11-22 17:39:01.626037',1795369141626037,2,1795369141626037,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'h225',61,'6f6f6833-3233-632d-ba45-87c9c83f00a6','e4e5e6e7-e8e9-eaeb-eced-eeeff0f1f2f3','10.73.1.10',12030,'near','ooh323 v0.8.3m','10.73.1.20',1731,'1000',NULL,'requested','incomplete',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO calls VALUES(2,4,1,NULL,'2026-11-22 17:39:01.627693',1795369141627693,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'h225',61,'6f6f6833-3233-632d-ba45-87c9c83f00a6',NULL,'10.73.1.10',12030,NULL,NULL,'10.73.1.20',1731,'far','ooh323 v0.8.3m','proceeding','incomplete',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO calls VALUES(3,5,1,NULL,'2026-11-22 17:39:01.627777',1795369141627777,2,NULL,1795369141627777,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'h225',61,'6f6f6833-3233-632d-ba45-87c9c83f00a6',NULL,'10.73.1.10',12030,NULL,NULL,'10.73.1.20',1731,'far','ooh323 v0.8.3m','ringing','incomplete',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO calls VALUES(4,6,1,NULL,'2026-11-22 17:39:02.628773',1795369142628773,2,NULL,NULL,NULL,1795369142628773,NULL,NULL,NULL,NULL,NULL,'h225',61,'6f6f6833-3233-632d-ba45-87c9c83f00a6',NULL,'10.73.1.10',12030,NULL,NULL,'10.73.1.20',1731,'far',NULL,'released',NULL,17,'User busy',NULL,NULL,'callee',NULL,NULL,NULL,0);
CREATE TABLE ports (
	id INTEGER NOT NULL, 
	capture_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	address TEXT, 
	port BIGINT, 
	transport TEXT, 
	kind TEXT, 
	name TEXT, 
	how TEXT, 
	connections BIGINT, 
	clients BIGINT, 
	bytes_to_server BIGINT, 
	bytes_from_server BIGINT, 
	first_us BIGINT, 
	last_us BIGINT, 
	refused BIGINT, 
	unanswered BIGINT, 
	scan TEXT, 
	notes TEXT, 
	record TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (capture_id, number), 
	FOREIGN KEY(capture_id) REFERENCES captures (id) ON DELETE CASCADE
);
CREATE TABLE records (
	call_id BIGINT NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (call_id), 
	FOREIGN KEY(call_id) REFERENCES calls (id) ON DELETE CASCADE
);
INSERT INTO records VALUES(1,'{"schema":1,"capture_file":"/captures/h323-busy-1731_00002_20261122173901.pcap","session":1,"coding":"h225","call_reference":61,"call_id":"6f6f6833-3233-632d-ba45-87c9c83f00a6","conference_id":"e4e5e6e7-e8e9-eaeb-eced-eeeff0f1f2f3","caller":{"address":"10.73.1.10","port":12030,"alias":"near","product":"ooh323 v0.8.3m"},"callee":{"address":"10.73.1.20","port":1731,"alias":"1000","product":null},"start":{"frame":2,"time_us":1795369141626037},"setup":{"frame":2,"time_us":1795369141626037},"ringing":null,"answer":null,"release":null,"setup_time_us":null,"ring_time_us":null,"talk_time_us":null,"state":"requested","outcome":"incomplete","cause":null,"cause_text":null,"released_by":null,"connection_closed":null,"streams":[],"diagnostics":["unanswered"]}');
INSERT INTO records VALUES(2,'{"schema":1,"capture_file":"/captures/h323-busy-1731_00003_20261122173901.pcap","session":1,"coding":"h225","call_reference":61,"call_id":"6f6f6833-3233-632d-ba45-87c9c83f00a6","conference_id":null,"caller":{"address":"10.73.1.10","port":12030,"alias":null,"product":null},"callee":{"address":"10.73.1.20","port":1731,"alias":"far","product":"ooh323 v0.8.3m"},"start":{"frame":2,"time_us":1795369141627693},"setup":null,"ringing":null,"answer":null,"release":null,"setup_time_us":null,"ring_time_us":null,"talk_time_us":null,"state":"proceeding","outcome":"incomplete","cause":null,"cause_text":null,"released_by":null,"connection_closed":null,"streams":[],"diagnostics":["midcall"]}');
INSERT INTO records VALUES(3,'{"schema":1,"capture_file":"/captures/h323-busy-1731_00004_20261122173901.pcap","session":1,"coding":"h225","call_reference":61,"call_id":"6f6f6833-3233-632d-ba45-87c9c83f00a6","conference_id":null,"caller":{"address":"10.73.1.10","port":12030,"alias":null,"product":null},"callee":{"address":"10.73.1.20","port":1731,"alias":"far","product":"ooh323 v0.8.3m"},"start":{"frame":2,"time_us":1795369141627777},"setup":null,"ringing":{"frame":2,"time_us":1795369141627777},"answer":null,"release":null,"setup_time_us":null,"ring_time_us":null,"talk_time_us":null,"state":"ringing","outcome":"incomplete","cause":null,"cause_text":null,"released_by":null,"connection_closed":null,"streams":[],"diagnostics":["midcall"]}');
INSERT INTO records VALUES(4,'{"schema":1,"capture_file":"/captures/h323-busy-1731_00005_20261122173901.pcap","session":1,"coding":"h225","call_reference":61,"call_id":"6f6f6833-3233-632d-ba45-87c9c83f00a6","conference_id":null,"caller":{"address":"10.73.1.10","port":12030,"alias":null,"product":null},"callee":{"address":"10.73.1.20","port":1731,"alias":"far","product":null},"start":{"frame":2,"time_us":1795369142628773},"setup":null,"ringing":null,"answer":null,"release":{"frame":2,"time_us":1795369142628773},"setup_time_us":null,"ring_time_us":null,"talk_time_us":null,"state":"released","outcome":null,"cause":17,"cause_text":"User busy","released_by":"callee","connection_closed":null,"streams":[],"diagnostics":["midcall"]}');
CREATE TABLE streams (
	id INTEGER NOT NULL, 
	call_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	to_end TEXT, 
	link TEXT, 
	source_address TEXT, 
	source_port BIGINT, 
	destination_address TEXT, 
	destination_port BIGINT, 
	ssrc BIGINT, 
	payload_type BIGINT, 
	payload_types TEXT, 
	codec TEXT, 
	negotiated_codec TEXT, 
	first_us BIGINT, 
	first_frame BIGINT, 
	last_us BIGINT, 
	last_frame BIGINT, 
	packets BIGINT, 
	expected BIGINT, 
	lost BIGINT, 
	loss FLOAT, 
	jitter_max_ms FLOAT, 
	jitter_mean_ms FLOAT, 
	octets BIGINT, 
	rtcp BIGINT, 
	mos FLOAT, 
	r_factor FLOAT, 
	PRIMARY KEY (id), 
	UNIQUE (call_id, number), 
	FOREIGN KEY(call_id) REFERENCES calls (id) ON DELETE CASCADE
);
CREATE TABLE findings (
	id INTEGER NOT NULL, 
	call_id BIGINT NOT NULL, 
	number BIGINT NOT NULL, 
	finding TEXT NOT NULL, 
	explanation TEXT, 
	frames TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (call_id, number), 
	FOREIGN KEY(call_id) REFERENCES calls (id) ON DELETE CASCADE
);
INSERT INTO findings VALUES(1,1,1,'unanswered',NULL,NULL);
INSERT INTO findings VALUES(2,2,1,'midcall',NULL,NULL);
INSERT INTO findings VALUES(3,3,1,'midcall',NULL,NULL);
INSERT INTO findings VALUES(4,4,1,'midcall',NULL,NULL);
CREATE INDEX ix_captures_status ON captures (status);
CREATE INDEX ix_files_sha256 ON files (sha256);
CREATE INDEX ix_files_capture_id ON files (capture_id);
CREATE INDEX ix_calls_start_us ON calls (start_us);
CREATE INDEX calls_by_verdict_of ON calls (verdict, outcome, failing);
CREATE INDEX calls_by_pair_of ON calls (caller_address, callee_address, failing, talk_time_us);
CREATE INDEX ix_calls_capture_id ON calls (capture_id);
CREATE INDEX calls_failing ON calls (failing, start_us);
CREATE INDEX ix_calls_call_identifier ON calls (call_identifier);
CREATE INDEX calls_by_hour_of ON calls (substr(start, 1, 13), failing);
CREATE INDEX ports_by_server ON ports (address, port, transport);
CREATE INDEX ix_ports_capture_id ON ports (capture_id);
CREATE INDEX streams_by_loss ON streams (loss);
CREATE INDEX streams_by_source ON streams (source_address);
CREATE INDEX streams_by_destination ON streams (destination_address);
CREATE INDEX streams_by_codec ON streams (codec, packets, expected, lost);
CREATE INDEX ix_streams_call_id ON streams (call_id);
CREATE INDEX findings_by_name ON findings (finding, call_id);
CREATE INDEX ix_findings_call_id ON findings (call_id);
CREATE VIEW captures_with_problems AS 
        SELECT name, size, status, message FROM captures WHERE status <> 'ok';
CREATE VIEW captures_twice AS 
        SELECT sha256, count(*) AS copies, min(path) AS first_path, max(path) AS last_path
        FROM files WHERE size > 0 GROUP BY sha256 HAVING count(*) > 1;
CREATE VIEW call_list AS 
        SELECT calls.*, captures.name AS capture
        FROM calls JOIN captures ON captures.id = calls.capture_id;
CREATE VIEW failing_calls AS 
        SELECT calls.id, calls.start, calls.caller_alias, calls.caller_address, calls.callee_alias,
               calls.callee_address, calls.verdict, calls.outcome, calls.cause_text,
               calls.explanation, captures.name AS capture, calls.session
        FROM calls JOIN captures ON captures.id = calls.capture_id WHERE calls.failing = 1;
CREATE VIEW calls_by_verdict AS 
        SELECT verdict, outcome, count(*) AS calls, sum(failing) AS failing
        FROM calls GROUP BY verdict, outcome;
CREATE VIEW calls_by_hour AS 
        SELECT substr(start, 1, 13) AS hour, count(*) AS calls, sum(failing) AS failing
        FROM calls GROUP BY substr(start, 1, 13);
CREATE VIEW calls_by_pair AS 
        SELECT caller_address, callee_address, count(*) AS calls, sum(failing) AS failing,
               sum(talk_time_us) / 1000000 AS talk_seconds
        FROM calls GROUP BY caller_address, callee_address;
CREATE VIEW codecs AS 
        SELECT codec, count(*) AS streams, sum(packets) AS packets, sum(lost) AS lost,
               100.0 * sum(lost) / nullif(sum(expected), 0) AS lost_percent
        FROM streams GROUP BY codec;
CREATE VIEW findings_seen AS 
        SELECT seen.finding, seen.calls,
               (SELECT findings.explanation FROM findings
                WHERE findings.finding = seen.finding LIMIT 1) AS example
        FROM (SELECT finding, count(*) AS calls FROM findings GROUP BY finding) AS seen;
CREATE VIEW worst_streams AS 
        SELECT streams.id, streams.loss * 100 AS lost_percent, streams.lost, streams.expected,
               streams.jitter_mean_ms, streams.codec, streams.source_address,
               streams.destination_address, calls.start, captures.name AS capture, calls.session
        FROM streams JOIN calls ON calls.id = streams.call_id
             JOIN captures ON captures.id = calls.capture_id
        WHERE streams.loss > 0 ORDER BY streams.loss DESC;
CREATE VIEW servers AS 
        SELECT address, port, transport, kind, name, count(*) AS captures,
               sum(connections) AS connections, sum(refused) AS refused,
               sum(unanswered) AS unanswered, min(first_us) AS first_us, max(last_us) AS last_us
        FROM ports GROUP BY address, port, transport, kind, name;
COMMIT;
PRAGMA user_version = 1;
