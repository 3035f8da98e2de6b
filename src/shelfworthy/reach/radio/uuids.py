"""UUIDs as the house writes them: 4 hex digits for the SIG's own, else 32 in groups, lower case."""

# Core Specification, volume 3, part B, section 2.5.1: 0000xxxx-0000-1000-8000-00805F9B34FB, as it is sent.
BASE = bytes.fromhex("fb349b5f8000008000100000")


def uuid_words(content: bytes) -> str:
    """A UUID of 2, 4 or 16 bytes as it is sent, least byte first."""
    if len(content) == 16 and content.startswith(BASE):
        content = content[12:]
    if len(content) == 4 and content.endswith(bytes(2)):
        content = content[:2]
    if len(content) == 4:
        content = BASE + content
    text = content[::-1].hex()
    if len(text) != 32:
        return text
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
