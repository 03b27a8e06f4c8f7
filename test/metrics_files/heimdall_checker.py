#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks files of metrics in the format heimdall-jsonl-v1: heimdall_checker.py FILE...

Written from the list of the format's fields, and from nothing of rollcast's. Names what is wrong, a line each, and
exits with 1 if anything is.
"""

import json
import math
import sys

SCHEMA = "heimdall-jsonl-v1"
HEADER = {"schema", "artifact_type", "node_id", "producer", "created_at", "flags"}
RESERVED = {"schema", "artifact_type", "node_id", "producer", "flags"}


def twice(*names):
    return {f"{name}_{what}" for name in names for what in ("total", "delta")}


COUNTS = {
    "mcrx-network": {"active_subscriptions", "joined_subscriptions"}
    | twice("packets_received", "bytes_received", "would_block_count", "receive_errors", "join_count", "leave_count",
            "batch_calls", "batch_packets_received", "dropped", "filtered", "truncated"),
    "mctx-network": {"active_publications"}
    | twice("publications_added", "publications_removed", "send_calls", "packets_sent", "bytes_sent", "send_errors", "dropped"),
    "process-hardware": {"rss_bytes", "virtual_memory_bytes", "thread_count", "open_fds", "page_faults_minor",
                         "page_faults_major", "ctx_switches_voluntary", "ctx_switches_involuntary"},
}

# Each rate, and the counter whose growth it is.
RATES = {
    "mcrx-network": {"packets_per_sec": "packets_received", "bytes_per_sec": "bytes_received",
                     "would_block_per_sec": "would_block_count", "receive_errors_per_sec": "receive_errors"},
    "mctx-network": {"send_calls_per_sec": "send_calls", "packets_per_sec": "packets_sent",
                     "bytes_per_sec": "bytes_sent", "send_errors_per_sec": "send_errors"},
    "process-hardware": {},
}

PROCESSOR = {"cpu_user_secs", "cpu_system_secs", "cpu_total_secs", "cpu_util_percent"}
NUMBERS = {
    artifact: {"ts", "interval_secs", *rates, *(PROCESSOR if artifact == "process-hardware" else ())}
    for artifact, rates in RATES.items()
}

# What the flags of a program say, by its role: the type of each, or the values it may have.
FLAGS = {
    "receiver": {"transport": {"udp-multicast"}, "role": {"receiver"}, "multicast_group": str, "multicast_port": int,
                 "multicast_interface": str, "join_mode": {"asm", "ssm"},
                 "source_filter": {"any", "source-specific"}, "batch_receive_enabled": bool},
    "sender": {"transport": {"udp-multicast"}, "role": {"sender"}, "multicast_group": str, "multicast_port": int,
               "multicast_source": str, "multicast_interface": str, "publish_interval_ms": int,
               "chunk_payload_bytes": int, "pacing": {"none", "fixed-interval"}, "batch_send_enabled": bool,
               "loopback_enabled": bool, "ttl_or_hops": int},
}
ROLE = {"mcrx-network": "receiver", "mctx-network": "sender"}


def refuse_constant(text):
    raise ValueError(f"{text} is no JSON")


def to_object(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key occurs twice")
    if keys != sorted(keys):
        raise ValueError(f"the keys are not in alphabetical order: {keys}")
    return dict(pairs)


def parse(line):
    value = json.loads(line, object_pairs_hook=to_object, parse_constant=refuse_constant)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def is_count(value):
    return type(value) is int and 0 <= value < 2**64


def is_number(value):
    return type(value) in (int, float) and math.isfinite(value)


def is_close(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def fits(value, expected):
    return value in expected if isinstance(expected, set) else type(value) is expected


def header_complaints(header):
    if set(header) != HEADER:
        yield f"the keys of the header are {sorted(header)}"
        return
    if header["schema"] != SCHEMA:
        yield f"the schema is {header['schema']!r}"
    if header["artifact_type"] not in COUNTS:
        yield f"the artifact type is {header['artifact_type']!r}"
    for key in ("node_id", "producer"):
        if not isinstance(header[key], str) or not header[key]:
            yield f"{key} is {header[key]!r}"
    if not is_number(header["created_at"]):
        yield f"created_at is {header['created_at']!r}"
    if isinstance(header["flags"], dict):
        yield from flag_complaints(header["artifact_type"], header["flags"])
    else:
        yield f"flags is {header['flags']!r}"


def flag_complaints(artifact, flags):
    role = ROLE.get(artifact, flags.get("role"))
    for name, expected in FLAGS.get(role, {}).items():
        if name not in flags:
            yield f"the flag {name} is missing"
        elif not fits(flags[name], expected):
            yield f"the flag {name} is {flags[name]!r}"
    if flags.get("join_mode") == "ssm" and not isinstance(flags.get("source_addr"), str):
        yield "the flag source_addr is missing"


def sample_complaints(artifact, sample):
    if RESERVED & set(sample):
        yield f"a sample has {sorted(RESERVED & set(sample))}"
    expected = COUNTS[artifact] | NUMBERS[artifact]
    if set(sample) != expected:
        yield f"missing: {sorted(expected - set(sample))}; too many: {sorted(set(sample) - expected)}"
        return
    wrong = [key for key in COUNTS[artifact] if not is_count(sample[key])]
    wrong += [key for key in NUMBERS[artifact] if not is_number(sample[key]) or sample[key] < 0]
    if wrong:
        yield f"not a count or a number: { {key: sample[key] for key in sorted(wrong)} }"
        return
    yield from sum_complaints(artifact, sample)


def sum_complaints(artifact, sample):
    """What follows from other fields of the same sample."""
    interval = sample["interval_secs"]
    for key in COUNTS[artifact]:
        if key.endswith("_delta") and sample[key] > sample[key.replace("_delta", "_total")]:
            yield f"{key} is more than its total"
    for rate, counter in RATES[artifact].items():
        if not is_close(sample[rate], sample[f"{counter}_delta"] / interval if interval else 0):
            yield f"{rate} is {sample[rate]}"
    if artifact == "process-hardware":
        total = sample["cpu_total_secs"]
        if not is_close(total, sample["cpu_user_secs"] + sample["cpu_system_secs"]):
            yield f"cpu_total_secs is {total}"
        if not is_close(sample["cpu_util_percent"], 100 * total / interval if interval else 0):
            yield f"cpu_util_percent is {sample['cpu_util_percent']}"


def complaints(path):
    """Yields one line for everything that is wrong with a file."""
    with open(path, encoding="utf-8", newline="\n") as file:
        text = file.read()
    if text and not text.endswith("\n"):
        yield f"{path}: the last line does not end"
    header = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = parse(line)
        except ValueError as problem:
            yield f"{path}:{number}: {problem}"
            return
        wrong = list(header_complaints(found) if header is None else sample_complaints(header["artifact_type"], found))
        yield from (f"{path}:{number}: {each}" for each in wrong)
        if header is None and wrong:
            return
        header = header or found
    if header is None:
        yield f"{path}: there is no header"


def samples(path):
    """The samples of a file that is right."""
    with open(path, encoding="utf-8") as file:
        return [parse(line) for line in file if line.strip()][1:]


if __name__ == "__main__":
    found = [each for path in sys.argv[1:] for each in complaints(path)]
    print("\n".join(found) or f"{len(sys.argv) - 1} files are right")
    sys.exit(1 if found else 0)
