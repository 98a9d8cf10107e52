// Starts a real VS Code server, installs the packaged extension in it, opens the workspace in a browser and runs the extension's
// tests in its extension host. The tests' result is left in FOLDER/result.json, and the pictures they ask for in FOLDER/*.png.
// Usage: node run.mjs TOOLS VSIX TESTS WORKSPACE FOLDER PROGRAM

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [tools, vsix, tests, workspace, folder, program] = process.argv.slice(2);
const LIMIT_MS = 150_000;

const { chromium } = createRequire(join(tools, 'vscode/package.json'))('playwright-core');
const main = join(tools, 'vscode/lib/node_modules/code-server/lib/vscode/out/server-main.js');
const common = ['--accept-server-license-terms', '--server-data-dir', join(folder, 'server'), '--extensions-dir', join(folder, 'extensions')];

writeSettings();
installExtension();
const port = await freePort();
const server = startServer(port);
const browser = await chromium.launch({ executablePath: browserProgram(), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(await ready(address(port)), { waitUntil: 'domcontentloaded' });
  await answerRequests(page);
} finally {
  await browser.close();
  stop(server);
}

/** Machine settings, because a browser keeps a user's settings to itself. */
function writeSettings() {
  const settings = {
    'archwright.path': program,
    'chat.disableAIFeatures': true,
    'editor.minimap.enabled': false,
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
  };
  mkdirSync(join(folder, 'server/data/Machine'), { recursive: true });
  writeFileSync(join(folder, 'server/data/Machine/settings.json'), JSON.stringify(settings));
}

function installExtension() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...common, '--install-extension', vsix], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`the extension cannot be installed:\n${stdout}\n${stderr}`);
  }
}

/** A process group of its own, so that all of it can be ended. The driver switch makes a built server run extension tests. */
function startServer(port) {
  const args = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--enable-smoke-test-driver', '--telemetry-level', 'off'];
  const child = spawn(process.execPath, [main, ...common, ...args], {
    detached: true,
    env: { ...process.env, ARCHWRIGHT_E2E: folder },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.on('exit', () => stop(child));
  return child;
}

function stop(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function address(port) {
  const remote = `vscode-remote://127.0.0.1:${port}`;
  const payload = [
    ['extensionDevelopmentPath', `${remote}${tests}`],
    ['extensionTestsPath', `${remote}${tests}/index.js`],
    ['skipWelcome', 'true'],
  ];
  return `http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

async function ready(url) {
  for (const deadline = Date.now() + LIMIT_MS / 2; Date.now() < deadline; await sleep(200)) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) {
      return url;
    }
  }
  throw new Error('the VS Code server does not answer');
}

/** Takes the pictures that the tests ask for, until their result is there. */
async function answerRequests(page) {
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; await sleep(100)) {
    for (const wanted of readdirSync(folder).filter((file) => file.endsWith('.wanted'))) {
      const name = wanted.slice(0, -'.wanted'.length);
      if (!existsSync(join(folder, `${name}.taken`))) {
        // The request says what shall be in the picture.
        const selector = readFileSync(join(folder, wanted), 'utf8');
        const shown = page.locator(`${selector}:visible`).first();
        await shown.waitFor({ timeout: 10_000 }).catch(() => console.error(`${name}: no ${selector} is shown`));
        writeFileSync(join(folder, `${name}.txt`), await shown.innerText({ timeout: 1_000 }).catch(() => ''));
        await page.screenshot({ path: join(folder, `${name}.png`) });
        writeFileSync(join(folder, `${name}.taken`), '');
      }
    }
    if (existsSync(join(folder, 'result.json'))) {
      return;
    }
  }
  await page.screenshot({ path: join(folder, 'timeout.png') });
  throw new Error('the tests in the extension host did not end');
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function browserProgram() {
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  if (!found) {
    throw new Error('no Chromium is installed; run: tests/setup/vscode.sh');
  }
  return found;
}
