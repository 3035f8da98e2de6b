"""Fixtures, named as such: storage servers that answer as no server that can be installed here does."""

from collections.abc import Callable

from tests.servers import Behaviour, Reader, Writer, page

Answer = Callable[[str, str], bytes]  # of method and target; b"" hangs up
ERROR = '<?xml version="1.0"?><Error><Code>{}</Code><Message>No.</Message></Error>'
LISTING = (
    '<?xml version="1.0"?><x:ListBucketResult xmlns:x="http://s3.amazonaws.com/doc/2006-03-01/">{}'
    "<x:IsTruncated>{}</x:IsTruncated>{}</x:ListBucketResult>"
)
ENTRY = "<x:Contents><x:Key>{}</x:Key><x:Size>{}</x:Size></x:Contents>"
ACL = (
    "<AccessControlPolicy><AccessControlList><Grant><Grantee><URI>http://acs.amazonaws.com/groups/global/{}"
    "</URI></Grantee><Permission>{}</Permission></Grant></AccessControlList></AccessControlPolicy>"
)


def storage(answer: Answer) -> Behaviour:
    """Answers one request on each connection."""

    async def behave(reader: Reader, writer: Writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        writer.write(answer(method, target))

    return behave


def error(status: str, code: str, head: bool = False) -> bytes:
    return page(b"" if head else ERROR.format(code).encode(), status)


def listing(keys: dict[str, int], token: str = "") -> bytes:
    """One page of a listing; token: there is more."""
    entries = "".join(ENTRY.format(key, size) for key, size in keys.items())
    more = f"<x:NextContinuationToken>{token}</x:NextContinuationToken>" if token else ""
    return page(LISTING.format(entries, "true" if token else "false", more).encode())


def denying(**said: bytes) -> Behaviour:
    """Refuses all but what is said to `list`, `acl`, `policy`, HEAD of `known` and `random`, PUT, DELETE."""

    def answer(method: str, target: str) -> bytes:
        word = kind(method, target)
        return said.get(word, error("403 Forbidden", "AccessDenied", head=method == "HEAD"))

    return storage(answer)


def kind(method: str, target: str) -> str:
    """What a request of our probe asks for."""
    if method == "HEAD":
        return "known" if "known" in target else "random"
    if method != "GET":
        return method
    return next(word for word in ("list", "acl", "policy") if f"?{word}" in target)
