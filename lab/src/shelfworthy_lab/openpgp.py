"""Sign a text with a fresh OpenPGP key, where the extra `openpgp` is installed."""

from importlib.util import find_spec

AVAILABLE = find_spec("pysequoia") is not None


def sign(text: str, owner: str) -> tuple[str, str] | None:
    """The text in the cleartext signature framework (RFC 9580, section 7) and the armoured public key.

    None without pysequoia: then the text goes out unsigned, which RFC 9116 allows.
    """
    if not AVAILABLE:
        return None
    import pysequoia

    key = pysequoia.Tsk.generate(owner)
    signed = pysequoia.sign(key.signer(), text.encode(), mode=pysequoia.SignatureMode.CLEAR)
    return signed.decode(), str(key.extract_certificate())
