"""The closed vocabularies of the house. Their values are the words people read."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing a surface is: the same word in product.toml, `seen/`, `probes/`, `checks/`."""

    ENDPOINT = "endpoint"
    DATABASE = "database"
    BUCKET = "bucket"
    BROKER = "broker"
    DOMAIN = "domain"
    ACCOUNT = "account"
    UPDATE = "update"
    TARGET = "target"
    CONTACT = "contact"
    CORRESPONDENCE = "correspondence"
    INCIDENT = "incident"
    POLICY = "policy"
    BLUETOOTH = "bluetooth"
    FIRMWARE = "firmware"
    APP = "app"
    CAPTURE = "capture"
    LAN = "lan"


class Owner(StrEnum):
    """Whom a surface works for. `maker` includes contractors' and rented storage."""

    MAKER = "maker"
    THIRD_PARTY = "third party"


class Level(StrEnum):
    """How far a look may go; each level covers those before it."""

    LOOK = "look"  # what any visitor's client does
    KNOCK = "knock"  # anonymous listing, subscribing, connecting by radio
    USE = "use"  # accounts, wrong log-ins, writes, pairing, recording
    RISK = "risk"  # pushing firmware

    @property
    def rank(self) -> int:
        return RANKS[self]

    def covers(self, other: "Level") -> bool:
        """Whether a permission of this level allows an act of the other."""
        return self.rank >= other.rank


RANKS = {level: rank for rank, level in enumerate(Level)}


class Basis(StrEnum):
    """Why contact is allowed. `public` covers `look` only."""

    PUBLIC = "public"
    OWN = "own"
    CONTRACT = "contract"
    WRITTEN = "written"


class Scheme(StrEnum):
    """How updates are signed. The signature of a file lies beside it, at its address with `.sig` behind."""

    TUF = "tuf"
    IMAGE = "detached-ed25519"
    MANIFEST = "manifest-signature"


class Transport(StrEnum):
    """Which of the two Bluetooth radios a device has."""

    LE = "le"
    CLASSIC = "classic"
    DUAL = "dual"


class Sensor(StrEnum):
    """What a product takes in of the people around it."""

    MICROPHONE = "microphone"
    CAMERA = "camera"
    LOCATION = "location"


class Cause(StrEnum):
    """Why something was not seen, or a question could not be answered."""

    UNREACHABLE = "unreachable"
    SILENT = "silent"
    REFUSED = "refused"
    NOT_UNDERSTOOD = "not understood"
    NOT_PERMITTED = "not permitted"
    NOT_SUPPLIED = "not supplied"
    NOBODY_LOOKED = "nobody looked"
    TOOL_MISSING = "tool missing"
    DATA_MISSING = "data missing"
    NEEDS_A_PERSON = "needs a person"
    CONTRADICTORY = "contradictory"
    OUR_FAULT = "our fault"
    AGED = "aged"


class Outcome(StrEnum):
    """What a check answers: the words of ETSI TS 103 701, and `moot` when the question does not arise."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    MOOT = "moot"


class Severity(StrEnum):
    """How bad a `fail` is."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Confidence(StrEnum):
    """How sure an answer is; never mixed with how bad it is."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    TENTATIVE = "tentative"


class Standing(StrEnum):
    """The answer of a requirement, and (without `not applicable`) of a guideline."""

    MET = "met"
    NOT_MET = "not met"
    CANNOT_DETERMINE = "cannot determine"
    NOT_APPLICABLE = "not applicable"
