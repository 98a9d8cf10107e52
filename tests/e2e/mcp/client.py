"""The official Python client against one server: the same task and the same answer as client.mjs."""

import asyncio
import json
import sys

from mcp import StdioServerParameters
from mcp.client import Client


async def main(task):
    server = task["url"] or StdioServerParameters(
        command=task["command"], args=task["args"], cwd=task["cwd"], env=task["env"]
    )
    # In the "auto" mode the client asks with server/discover first; a server that fails there ends in the legacy era.
    mode = "auto" if task["era"] == "stateless" else "legacy"
    async with Client(server, mode=mode) as client:
        tools = await client.list_tools()
        results = [await client.call_tool(call["name"], call["arguments"]) for call in task["calls"]]
        return {
            "version": client.protocol_version,
            "server": dump(client.server_info),
            "instructions": client.instructions,
            "tools": [dump(tool) for tool in tools.tools],
            "results": [dump(result) for result in results],
        }


def dump(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
