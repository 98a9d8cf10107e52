// The official TypeScript client against one server: connects in one protocol era, lists the tools and calls some.
// Starts the server, or goes to the one at `url`.
// Reads a task from standard input: {tools_folder, command, args, cwd, env, url, era, calls: [{name, arguments}]}.
// Writes {version, server, instructions, tools, results} to standard output.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const task = JSON.parse(readFileSync(0, 'utf8'));
const require = createRequire(join(task.tools_folder, 'mcp-clients/package.json'));
const { Client, StreamableHTTPClientTransport } = require('@modelcontextprotocol/client');
const { StdioClientTransport } = require('@modelcontextprotocol/client/stdio');

const mode = task.era === 'stateless' ? { pin: '2026-07-28' } : 'legacy';
const client = new Client({ name: 'archwright-e2e', version: '0.1.0' }, { versionNegotiation: { mode } });
const transport = task.url
  ? new StreamableHTTPClientTransport(new URL(task.url))
  : new StdioClientTransport({ command: task.command, args: task.args, cwd: task.cwd, env: task.env });
await client.connect(transport);

const { tools } = await client.listTools();
const results = [];
for (const call of task.calls) {
  results.push(await client.callTool(call));
}
const answer = {
  version: client.getNegotiatedProtocolVersion(),
  server: client.getServerVersion(),
  instructions: client.getInstructions(),
  tools,
  results,
};
await client.close();
console.log(JSON.stringify(answer));
