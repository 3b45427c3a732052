"""The bare limit: a server of the library websockets alone, one `broadcast` a message; no session, no rooms, no order.

`python -m bench.chat.bare PORT`; a client that sends "publish first count per_second octets" starts it.
"""

import asyncio
import json
import sys
import time

from websockets.asyncio.server import broadcast, serve


async def main(port: int) -> None:
    """Serve until killed."""
    lines = set()

    async def talk(line):
        lines.add(line)
        await line.send('{"on":"joined"}')
        try:
            async for text in line:
                if text.startswith("publish"):
                    await publish(*map(float, text.split()[1:]))
        finally:
            lines.discard(line)

    async def publish(first: float, count: float, per_second: float, size: float) -> None:
        began = time.perf_counter()
        for turn in range(int(count)):
            frame = {
                "on": "message",
                "topic": "room",
                "id": int(first) + turn,
                "at": time.time(),
                "html": "x" * int(size),
            }
            broadcast(lines, json.dumps(frame, separators=(",", ":")))
            await asyncio.sleep(max(0, began + (turn + 1) / per_second - time.perf_counter()))

    async with serve(talk, "127.0.0.1", port, compression=None, ping_interval=None, backlog=4096):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
