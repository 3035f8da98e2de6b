"""The keeper's S3 client: signed requests (AWS Signature Version 4), one bucket at a time."""

import datetime as dt
import hashlib
import hmac
import http.client
import ssl
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

ACCESS_KEY, SECRET_KEY = "plumkeeper", "thistle-lantern-mossy-4711"
REGION = "us-east-1"


class Refused(Exception):
    """The server answered, but not with 2xx."""

    def __init__(self, asked: str, status: int, said: bytes) -> None:
        super().__init__(f"{asked}: {status} {said[:200].decode(errors='replace')}")
        self.status = status


def line(host: str, port: int, authority: Path | None = None) -> http.client.HTTPConnection:
    """A connection; over TLS if an authority is named, which must have signed the certificate."""
    if authority is None:
        return http.client.HTTPConnection(host, port, timeout=30)
    context = ssl.create_default_context(cafile=authority)
    context.check_hostname = False  # we come by address; the certificate says the product's name
    return http.client.HTTPSConnection(host, port, timeout=30, context=context)


class Client:
    """One kept-alive connection, made by `line`. Raises `Refused`."""

    def __init__(self, host: str, port: int, authority: Path | None = None) -> None:
        self._host = f"{host}:{port}"
        self._connection = line(host, port, authority)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def put(
        self,
        path: str,
        body: bytes = b"",
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """PUT `path` (a bucket, or bucket/key)."""
        self._ask("PUT", path, body, query or {}, headers or {})

    def get(self, path: str) -> bytes:
        """GET `path` (bucket/key; "" lists the buckets)."""
        return self._ask("GET", path, b"", {}, {})

    def _ask(
        self, method: str, path: str, body: bytes, query: dict[str, str], headers: dict[str, str]
    ) -> bytes:
        target, signed = self._sign(method, path, body, query, headers)
        self._connection.request(method, target, body, signed)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status // 100 != 2:
            raise Refused(f"{method} {path}", answer.status, said)
        return said

    def _sign(
        self, method: str, path: str, body: bytes, query: dict[str, str], headers: dict[str, str]
    ) -> tuple[str, dict[str, str]]:
        """The request's target and its headers with the signature (Signature Version 4, tasks 1 to 4)."""
        now = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{now[:8]}/{REGION}/s3/aws4_request"
        hashed = hashlib.sha256(body).hexdigest()
        headers = headers | {"host": self._host, "x-amz-date": now, "x-amz-content-sha256": hashed}
        names = ";".join(sorted(headers))
        uri, asked = quote(f"/{path}"), urlencode(sorted(query.items()))
        lines = [f"{name}:{headers[name]}" for name in sorted(headers)]
        canonical = "\n".join([method, uri, asked, *lines, "", names, hashed])
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        key = f"AWS4{SECRET_KEY}".encode()
        for step in scope.split("/"):
            key = hmac.digest(key, step.encode(), "sha256")
        signature = hmac.digest(key, f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{digest}".encode(), "sha256").hex()
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        return f"{uri}?{asked}" if asked else uri, headers
