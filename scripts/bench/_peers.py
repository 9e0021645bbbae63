"""The servers that ours are measured beside: json-server 0.17 and moto (DynamoDB), if npm and pip can bring them."""

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from _load import Call

JSON_SERVER = "json-server@0.17"
TABLE = "accounts"
#: moto looks at the region and the service of a signature and at nothing else of it.
_SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
)


@contextmanager
def json_server(folder: Path, port: int, records: list[dict[str, Any]]) -> Iterator[subprocess.Popen[bytes] | None]:
    """json-server with the records under /accounts; None where npm cannot bring it."""
    program = folder / "node_modules" / ".bin" / "json-server"
    if not program.exists() and not _installed(["npm", "install", "--silent", "--prefix", str(folder), JSON_SERVER]):
        yield None
        return
    database = folder / "db.json"
    database.write_text(json.dumps({TABLE: records}))
    with _running(
        [str(program), "--quiet", "--port", str(port), str(database)], f"http://127.0.0.1:{port}/{TABLE}/1"
    ) as it:
        yield it


@contextmanager
def moto(folder: Path, port: int, record: dict[str, Any]) -> Iterator[subprocess.Popen[bytes] | None]:
    """moto's server with one record in a table; None where pip cannot bring it."""
    program = folder / "moto" / "bin" / "moto_server"
    if not program.exists():
        made = _installed([sys.executable, "-m", "venv", str(folder / "moto")])
        pip = [str(folder / "moto" / "bin" / "pip"), "install", "--quiet", "moto[server,dynamodb]"]
        if not (made and _installed(pip)):
            yield None
            return
    with _running([str(program), "-p", str(port)], f"http://127.0.0.1:{port}/moto-api/") as it:
        _prepare(port, record)
        yield it


def moto_get(port: int) -> Call:
    return _dynamo(port, "GetItem", {"TableName": TABLE, "Key": {"id": {"S": "1"}}})


def _prepare(port: int, record: dict[str, Any]) -> None:
    key = {"AttributeName": "id"}
    table = {
        "TableName": TABLE,
        "KeySchema": [{**key, "KeyType": "HASH"}],
        "AttributeDefinitions": [{**key, "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    item = {name: {"S": str(value)} for name, value in record.items() if value not in (None, "")} | {"id": {"S": "1"}}
    for call in (_dynamo(port, "CreateTable", table), _dynamo(port, "PutItem", {"TableName": TABLE, "Item": item})):
        asked = urllib.request.Request(call.url, call.body, dict(call.headers), method="POST")
        urllib.request.urlopen(asked, timeout=30).close()


def _dynamo(port: int, act: str, body: dict[str, Any]) -> Call:
    headers = (
        ("X-Amz-Target", f"DynamoDB_20120810.{act}"),
        ("Content-Type", "application/x-amz-json-1.0"),
        ("Authorization", _SIGNATURE),
    )
    return Call(f"http://127.0.0.1:{port}/", "POST", headers, json.dumps(body).encode())


def _installed(command: list[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


@contextmanager
def _running(command: list[str], probe: str) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(probe, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError(f"{command[0]} does not answer")
        yield server
    finally:
        server.terminate()
        server.wait()
