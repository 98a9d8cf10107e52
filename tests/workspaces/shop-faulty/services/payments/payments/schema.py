"""The Avro schema of the published event, and the prefix that tells readers which version wrote it."""

import json
import os
from pathlib import Path

import fastavro

SCHEMA_FILE = Path(os.environ.get("SCHEMA_DIR", "schemas")) / "payments.captured.v1.avsc"
PAYMENT_CAPTURED = fastavro.parse_schema(json.loads(SCHEMA_FILE.read_text()))
WIRE_PREFIX = b"\x00" + int(os.environ.get("PAYMENT_CAPTURED_SCHEMA_ID", "1")).to_bytes(4, "big")
