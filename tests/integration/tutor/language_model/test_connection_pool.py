"""Connections to a model's server: one per concurrent call, reused by the next."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx2

from shared.tutor.language_model.connection_pool import ConnectionPool

AT_ONCE = 150  # more than the client's own pool would keep
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

T = TypeVar("T")


class Server:
    """Answers once so many requests have arrived; counts its connections."""

    def __init__(self, together: int = 1) -> None:
        self.together = together
        self.connections = 0
        self._waiting = asyncio.Barrier(together)
        self._open: set[asyncio.StreamWriter] = set()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                await self._waiting.wait()
                writer.write(REPLY)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.BrokenBarrierError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def hang_up(self) -> None:
        """Closes open connections, as servers do with idle ones."""
        for writer in list(self._open):
            writer.close()
            await writer.wait_closed()

    async def stop_answering(self) -> None:
        """Stops answering requests."""
        await self._waiting.abort()
        self._waiting = asyncio.Barrier(1_000)

    def resume(self) -> None:
        self._waiting = asyncio.Barrier(self.together)


def run_against(server: Server, conversation: Callable[[httpx2.AsyncClient], Awaitable[T]]) -> T:
    async def run_conversation() -> T:
        listener = await asyncio.start_server(server.converse, "127.0.0.1", 0, backlog=AT_ONCE)
        host, port = listener.sockets[0].getsockname()
        client = httpx2.AsyncClient(
            transport=ConnectionPool(), base_url=f"http://{host}:{port}", timeout=30
        )
        async with listener, client:
            result = await conversation(client)
        await server.hang_up()
        return result

    return asyncio.run(run_conversation())


async def texts(client: httpx2.AsyncClient, count: int) -> set[str]:
    replies = await asyncio.gather(*(client.get("/") for _ in range(count)))
    return {reply.text for reply in replies}


def test_concurrent_calls_do_not_wait_for_a_connection_and_leave_theirs_for_reuse() -> None:
    server = Server(together=AT_ONCE)

    async def twice(client: httpx2.AsyncClient) -> None:
        assert await texts(client, AT_ONCE) == {"ok"}
        assert await texts(client, AT_ONCE) == {"ok"}

    run_against(server, twice)
    assert server.connections == AT_ONCE


def test_sequential_calls_share_a_connection() -> None:
    server = Server()

    async def in_turn(client: httpx2.AsyncClient) -> None:
        for _ in range(5):
            assert await texts(client, 1) == {"ok"}

    run_against(server, in_turn)
    assert server.connections == 1


def test_a_connection_that_the_server_closed_is_replaced() -> None:
    server = Server()

    async def with_a_pause(client: httpx2.AsyncClient) -> None:
        assert await texts(client, 1) == {"ok"}
        await server.hang_up()
        assert await texts(client, 1) == {"ok"}

    run_against(server, with_a_pause)
    assert server.connections == 2


def test_a_reply_closed_twice_does_not_release_a_connection_in_use() -> None:
    server = Server()

    async def overlapping(client: httpx2.AsyncClient) -> None:
        first = await client.send(client.build_request("GET", "/"), stream=True)
        body = first.stream
        assert isinstance(body, httpx2.AsyncByteStream)
        assert await first.aread() == b"ok"
        second = await client.send(client.build_request("GET", "/"), stream=True)
        await body.aclose()
        async with asyncio.timeout(10):
            assert await texts(client, 1) == {"ok"}
        assert await second.aread() == b"ok"

    run_against(server, overlapping)
    assert server.connections == 2


def test_an_abandoned_call_leaves_no_connection_open() -> None:
    server = Server()

    async def given_up(client: httpx2.AsyncClient) -> None:
        assert await texts(client, 1) == {"ok"}
        await server.stop_answering()
        call = asyncio.create_task(client.get("/"))
        try:
            async with asyncio.timeout(0.2):
                await call
        except TimeoutError:
            assert call.cancelled()
        else:
            raise AssertionError("nobody answers")
        server.resume()
        assert await texts(client, 1) == {"ok"}

    run_against(server, given_up)
    assert server.connections == 2
