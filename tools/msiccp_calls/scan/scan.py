# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls scan`: what is new or changed of the captures is examined and stored."""

import contextlib
import functools

from ..common.text import path_to_text
from ..decode import examine, grown, rings
from ..decode.captures import Capture, find
from ..store.database import errors_in_words
from . import cluster, progress

# Work handed out ahead, for each place where it is done; so memory does not grow with the archive.
AHEAD = 2


def _capture(files):
    size = 0
    for path in files:
        with contextlib.suppress(OSError):
            size += examine.stat(path)[0]
    return Capture(path_to_text(rings.name(files)), files, size)


def _captures(paths, rotated, follow_links, on_error):
    files, others, links = find(paths, on_error, follow_links)
    groups = rings.group(files)
    in_rings = 0 if rotated else sum(len(group) for group in groups if len(group) > 1)
    captures = [_capture(group) for group in (groups if rotated else ((path,) for path in files))]
    return captures, others, links, in_rings


def _is_as_it_was(files, path):
    try:
        return files[path_to_text(path)][:2] == examine.stat(path)
    except OSError:
        return False


class Scan:
    """A run over captures into DATABASE. MAKE_POOL makes the pool that does the work; it is told a
    file that is to be examined. SEND is whether the pool's machines are sent the captures."""

    def __init__(self, database, make_pool, settings, plugin_version, send=False):
        self.database = database
        self.make_pool = make_pool
        self.send = send
        self.settings = settings
        self.options = settings.described()
        self.plugin_version = plugin_version
        self.known = database.scanned()

    def _known_files(self, capture):
        """The files of CAPTURE as they were when they were scanned as they would be now."""
        options, plugin, files = self.known.get(capture.name, (None, None, {}))
        same = (options == self.options and plugin in (self.plugin_version, None)
                and list(files) == [path_to_text(path) for path in capture.files])
        return files if same else None

    def _is_unchanged(self, capture):
        files = self._known_files(capture)
        return bool(files) and all(_is_as_it_was(files, path) for path in capture.files)

    @functools.cached_property
    def _owners(self):
        """The capture that each file is in, of those that were scanned as they would be now."""
        return {path: name for name, (options, plugin, files) in self.known.items()
                if options == self.options and plugin == self.plugin_version for path in files}

    def _parts(self, capture):
        """What earlier scans made of the files of a ring, as they would be read now: (name, files)
        of each capture, in order."""
        names = dict.fromkeys(self._owners[path] for path in map(path_to_text, capture.files)
                              if path in self._owners)
        parts = [(name, self.known[name][2]) for name in names]
        # Where each file is a capture of its own, nothing was put together.
        return parts if any(len(files) > 1 for _name, files in parts) else []

    def _since(self, capture):
        """Of a ring that was scanned before: the capture that is to be read now, of its last files,
        and what grown.examine_grown() is told of it. (None, None): nothing has changed."""
        paths, parts = list(capture.files), self._parts(capture)
        for name, files in parts:
            own = [path for path in paths if path_to_text(path) in files]
            if own != paths[:len(own)]:
                break
            calls = self.database.times_of_calls(name)
            are_same = [_is_as_it_was(files, path) for path in own]
            if all(are_same) and own == paths:
                return None, None
            if name == parts[-1][0] or not all(are_same) or any(end is None for _start, end in calls):
                earlier = grown.Earlier(
                    name, len(files) - len(own),
                    tuple((path, files[path_to_text(path)][0]) for path in own), tuple(calls))
                return _capture(tuple(paths)), earlier if own and all(are_same[:-1]) else None
            paths = paths[len(own):]
        return _capture(tuple(paths)), None

    def _known_hash(self, capture):
        """The hash that it had, where its size is the same and only its times differ."""
        files = self._known_files(capture)
        if not files or len(capture.files) != 1:
            return None
        size, _changed, sha256 = files[capture.name]
        return sha256 if size == capture.size else None

    def _store(self, capture, examined, summary, report):
        if examined.status == examine.UNCHANGED:
            self.database.touch(examined.files)
            summary.skipped += 1
        else:
            name = path_to_text(rings.name([file.path for file in examined.files]))
            place = rings.place(path_to_text(examined.files[0].path))
            self.database.store(name, examined, self.options, place and place[0])
            summary.scanned += 1
            summary.calls += len(examined.records)
            if examined.status != examine.OK:
                counter = {examine.CUT_SHORT: "cut_short", examine.EMPTY: "empty"}.get(
                    examined.status, "failed")
                setattr(summary, counter, getattr(summary, counter) + 1)
                report.problem(capture.name, examined.message or "the file is empty")
        report.advance(capture, examined.status, len(examined.records), examined.message)

    def run(self, paths, rotated, follow_links, as_json):
        """Returns the Summary."""
        failures = []
        captures, *passed_over = _captures(paths, rotated, follow_links, failures.append)
        report = progress.progress(as_json, len(captures),
                                   sum(capture.size for capture in captures))
        summary = progress.Summary(self.database.target, *passed_over)
        for error in failures:
            summary.failed += 1
            report.problem(path_to_text(error.filename), error.strerror)
        pool = None
        running = {}
        try:
            for capture in captures:
                changed, earlier = self._changed(capture, rotated)
                if not changed:
                    summary.skipped += 1
                    report.advance(capture, examine.UNCHANGED, 0, None)
                    continue
                pool = pool or self.make_pool(capture.files[0], report.say)
                if len(running) >= pool.capacity * AHEAD:
                    self._collect(pool, running, summary, report)
                self._submit(pool, changed, earlier, running, summary, report)
            while running:
                self._collect(pool, running, summary, report)
        finally:
            report.stop()
            if pool:
                pool.close()
        self.database.join_rings()
        report.finish(summary)
        return summary

    def _changed(self, capture, rotated):
        """What is to be read of CAPTURE, as _since() tells it; (None, None): nothing."""
        if self._is_unchanged(capture):
            return None, None
        if rotated and not self.send and rings.place(capture.files[0]):
            return self._since(capture)
        return capture, None

    def _submit(self, pool, capture, earlier, running, summary, report):
        work = examine.examine, capture.files, self.settings, self._known_hash(capture)
        if earlier:
            work = grown.examine_grown, capture.files, self.settings, earlier
        elif self.send:
            try:
                sent = cluster.read_for_sending(capture.files)
            except OSError as error:
                self._store(capture, examine.unreadable(capture.files, error), summary, report)
                return
            work = examine.examine_sent, sent, self.settings, self._known_hash(capture)
        running[pool.submit(*work)] = capture

    def _collect(self, pool, running, summary, report):
        for future in pool.wait(running):
            capture = running.pop(future)
            with errors_in_words(self.database.target):
                self._store(capture, self._result(capture, future), summary, report)

    def _result(self, capture, future):
        try:
            return future.result()
        except Exception as error:  # a capture that brings down its worker fails by itself
            files = [examine.File(path) for path in capture.files]
            return examine.Examined(files, examine.FAILED, f"{type(error).__name__}: {error}")
