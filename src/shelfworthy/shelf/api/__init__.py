"""The API's frame: tokens, pages of results, idempotency, problems. Calls lie in `api.py` of each area."""
