"""What a refusal means, in each store's own words."""

from shelfworthy.seen.database import Refused, StoreListing

LOGIN, ELSEWHERE = "it asks for a login", "it lets nobody in from elsewhere"
REDIS = {
    "NOAUTH": LOGIN,
    "NOPERM": "strangers may not ask this",
    "DENIED": f"{ELSEWHERE} (protected mode)",
}
# PostgreSQL: the SQLSTATE, and the routine of the server's source that refuses, in whatever language.
POSTGRESQL = {
    ("28P01", "auth_failed"): LOGIN,
    ("28000", "auth_failed"): LOGIN,
    ("28000", "ClientAuthentication"): ELSEWHERE,
}
MYSQL = {
    1045: LOGIN,  # ER_ACCESS_DENIED_ERROR
    1698: LOGIN,  # ER_ACCESS_DENIED_NO_PASSWORD_ERROR
    3118: "the account is locked",  # ER_ACCOUNT_HAS_BEEN_LOCKED
    4151: "the account is locked",  # MariaDB's
}
HTTP = {401: LOGIN, 403: "strangers may not ask this"}


def reason(seen: StoreListing, refused: Refused) -> str:
    """Why a stranger was refused, "" where the answer is none that means so."""
    match seen.product:
        case "Redis":
            before_2_8 = LOGIN if refused.words == "operation not permitted" else ""
            return REDIS.get(refused.name, before_2_8)
        case "PostgreSQL":
            asked = LOGIN if refused.name.startswith("Authentication") else ""
            return POSTGRESQL.get((refused.name, refused.words), asked)
        case "MySQL" | "MariaDB":
            asked = LOGIN if refused.name.startswith("Auth") else ""
            return MYSQL.get(refused.code, asked)
    return HTTP.get(refused.code, "")
