"""BSON documents, by pymongo's codec, which the extra `cloud` brings: imported when first needed."""

from typing import Any

Document = dict[str, Any]


def encoded(document: Document) -> bytes:
    """A document as BSON."""
    import bson

    return bytes(bson.encode(document))


def decoded(content: bytes) -> tuple[Document, ...]:
    """All documents that stand one after the other. Raises ValueError if one cannot be read."""
    import bson
    from bson.codec_options import CodecOptions

    # Field names are bytes to the server: one that is no UTF-8 must not hide all the others.
    lenient: CodecOptions[Any] = CodecOptions(unicode_decode_error_handler="replace")
    try:
        return tuple(dict(document) for document in bson.decode_all(content, lenient))
    except (bson.errors.BSONError, OverflowError) as error:
        raise ValueError("no BSON") from error
