"""The tutorial's domain lapses, and the watch notices."""

import pytest

from shelfworthy.shelf.models import Audit, Recheck
from shelfworthy.shelf.watching import agenda, worker
from tests.shelf.watching.conftest import Names, product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lab]


def test_a_worker_looks_at_what_is_due(names: Names) -> None:
    names.up(400)
    toy = product()
    agenda.plan(toy.pk)
    worker.work(once=True)
    assert Audit.objects.filter(product=toy).count() == 1
    recheck = Recheck.objects.get()
    assert recheck.due_at is not None
    assert recheck.done_at is not None
    assert recheck.due_at > recheck.done_at
    assert (recheck.tries, recheck.trouble, recheck.lease) == (0, "", "")
