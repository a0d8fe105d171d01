"""A pool of connections to the model's server, one for each concurrent call.

The HTTP client's own pool checks all of its connections whenever a call begins or ends, with a
system call for each: with 200 calls that was a quarter of a call's work. It also keeps only 100 of
them for later. This pool hands an idle connection to a call, and takes it back.
"""

from collections.abc import AsyncIterator

import httpx2

ONE = httpx2.Limits(max_connections=1, max_keepalive_connections=1)


class ConnectionPool(httpx2.AsyncBaseTransport):
    """For one event loop. It never has more connections than there were concurrent calls."""

    def __init__(self) -> None:
        self._tls = httpx2.create_ssl_context()
        self._idle: list[httpx2.AsyncHTTPTransport] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        # The one used last, so that the others expire when there are fewer calls.
        connection = self._idle.pop() if self._idle else self._new()
        try:
            response = await connection.handle_async_request(request)
        except BaseException:
            await connection.aclose()
            raise
        if not isinstance(response.stream, httpx2.AsyncByteStream):
            raise TypeError("a transport for async calls answers with an async stream")
        response.stream = _PooledStream(response.stream, connection, self._idle)
        return response

    async def aclose(self) -> None:
        while self._idle:
            await self._idle.pop().aclose()

    def _new(self) -> httpx2.AsyncHTTPTransport:
        return httpx2.AsyncHTTPTransport(verify=self._tls, limits=ONE)


class _PooledStream(httpx2.AsyncByteStream):
    """A reply's body. Once it is closed, its connection is idle again."""

    def __init__(
        self,
        stream: httpx2.AsyncByteStream,
        connection: httpx2.AsyncHTTPTransport,
        idle: list[httpx2.AsyncHTTPTransport],
    ) -> None:
        self._stream = stream
        self._connection = connection
        self._idle = idle
        self._returned = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        except BaseException:
            await self._connection.aclose()
            raise
        # A stream may be closed twice, when its connection already serves another call.
        if not self._returned:
            self._returned = True
            self._idle.append(self._connection)
