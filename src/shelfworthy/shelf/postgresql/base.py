"""The module that Django looks for in a database engine."""

import select

from django.db.backends.postgresql import base
from psycopg import OperationalError


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks `SELECT 1` before a request only where the server has said something since the last one.

    A server that stopped, was killed, or ended the connection has closed its end, which the socket tells at
    once. One that is only silent would not answer `SELECT 1` either. So each request asks once less.
    """

    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        if not self.health_check_done and self._quiet():
            self.health_check_done = True
        super().close_if_health_check_failed()

    def _quiet(self) -> bool:
        """Whether there is a connection, and nothing to be read from it."""
        if self.connection is None:
            return False
        try:
            socket = self.connection.pgconn.socket
        except OperationalError:  # it was closed
            return False
        waiting = select.poll()  # unlike select.select, for any number of files
        waiting.register(socket, select.POLLIN)
        return not waiting.poll(0)
