// The extension's entry point: starts the language server and wires the commands and the status bar to it.

import * as vscode from 'vscode';
import { showMenu } from './menu';
import { Operations, RUN, told } from './operations';
import { Pages } from './pages';
import { Server } from './server';
import { type State, StatusBar } from './status';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Archwright', { log: true });
  const status = new StatusBar();
  const running = new Server(log, status);
  const pages = new Pages(async (name) => (await running.execute('archwright.explain', name)) as string);
  const operations = new Operations(running, pages);
  const refresh = async () => status.tell((await running.execute('archwright.status')) as State);
  server = running;
  // Each operation has a command in the manifest.
  const contributed = context.extension.packageJSON.contributes.commands as { command: string }[];
  const run = contributed.map((it) => it.command).filter((it) => it.startsWith(RUN));
  context.subscriptions.push(
    log,
    status,
    pages,
    running,
    ...run.map((command) => vscode.commands.registerCommand(command, (from?: vscode.Uri) => operations.run(command.slice(RUN.length), from))),
    vscode.commands.registerCommand('archwright.runOperation', () => operations.choose()),
    vscode.commands.registerCommand('archwright.explainName', (name?: string) => explain(running, pages, name)),
    vscode.commands.registerCommand('archwright.showMenu', () => showMenu(status, operations, pages, refresh)),
    vscode.commands.registerCommand('archwright.restart', () => running.restart()),
    vscode.commands.registerCommand('archwright.showLog', () => log.show()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration('archwright.path')) {
        await running.restart();
      }
    }),
    ...follow(running, operations, refresh),
  );
  await running.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** Keeps the state in the status bar, and what the menu of the document at hand offers. */
function follow(server: Server, operations: Operations, refresh: () => Promise<void>): vscode.Disposable[] {
  const state = settled(1_000, refresh);
  const offers = settled(200, async () => {
    const editor = vscode.window.activeTextEditor;
    const here = editor !== undefined && server.reads(editor.document) ? await operations.all(editor.document.uri) : [];
    let isAny = false;
    for (const operation of here) {
      isAny ||= operation.here.length > 0;
      await vscode.commands.executeCommand('setContext', `archwright.here.${operation.name}`, operation.here.length > 0);
    }
    await vscode.commands.executeCommand('setContext', 'archwright.here', isAny);
  });
  return [
    state,
    offers,
    server.onDidStart(() => {
      state.begin();
      offers.begin();
    }),
    vscode.languages.onDidChangeDiagnostics(() => state.begin()),
    vscode.window.onDidChangeActiveTextEditor(() => offers.begin()),
    vscode.workspace.onDidSaveTextDocument(() => offers.begin()),
  ];
}

/** Work that is done once it has been quiet for a time. What fails is tried again with the next event. */
function settled(milliseconds: number, work: () => Promise<void>): vscode.Disposable & { begin(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    begin() {
      clearTimeout(timer);
      timer = setTimeout(() => void work().catch(() => undefined), milliseconds);
    },
    dispose: () => clearTimeout(timer),
  };
}

async function explain(server: Server, pages: Pages, given?: string): Promise<void> {
  await told(async () => {
    const options = { title: 'Explain', prompt: 'A rule or its family, a pattern, or a checklist', placeHolder: 'Transactional Outbox' };
    const name = given ?? (await vscode.window.showInputBox(options));
    if (name !== undefined && name.trim() !== '') {
      await pages.show(name.trim().replaceAll('/', ' '), (await server.execute('archwright.explain', name)) as string);
    }
  });
}
