"""Static files: read once, and served from memory, so that no name leads anywhere else."""

import hashlib
import mimetypes
from functools import cache
from typing import NamedTuple

from django.contrib.staticfiles.finders import get_finders
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

LARGEST = 4 << 20  # bytes of a file; there are a handful
AGE = 300  # seconds before a browser asks whether it is still the same


class Static(NamedTuple):
    """A file as it is sent."""

    content: bytes
    type: str
    etag: str


@cache
def _files() -> dict[str, Static]:
    found: dict[str, Static] = {}
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                content = file.read(LARGEST + 1)
            if len(content) <= LARGEST:
                type_ = mimetypes.guess_type(path)[0] or "application/octet-stream"
                etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
                found.setdefault(path, Static(content, type_, etag))
    return found


@require_safe
def static(request: HttpRequest, path: str) -> HttpResponse:
    """One of the files."""
    file = _files().get(path)
    if file is None:
        raise Http404
    headers = {"Cache-Control": f"max-age={AGE}", "ETag": file.etag}
    answer = HttpResponse(file.content, content_type=file.type, headers=headers)
    return get_conditional_response(request, etag=file.etag, response=answer) or answer
