// The language server's process: found, started, restarted and stopped through one language client.

import * as vscode from 'vscode';
import { ExecuteCommandRequest, LanguageClient, State } from 'vscode-languageclient/node';
import { besideMarkdownSupport } from './markdown';
import { findProgram } from './program';
import type { StatusBar } from './status';

const INSTALL_COMMAND = 'cargo install --git https://github.com/archwright/archwright archwright';

/** The files that Archwright reads. Patterns stand beside languages, since Avro and Protobuf have none without another extension. */
const FILES = '**/*.{md,markdown,yaml,yml,asyncapi,json,jsonc,jsonschema,avsc,proto}';
const CONFIGURATION = '**/archwright.toml';
/** Code in which channels are found; it starts no server, but a running one reads it. */
const CODE = [
  ...['javascript', 'javascriptreact', 'typescript', 'typescriptreact', 'python'],
  ...['java', 'kotlin', 'go', 'csharp', 'ruby', 'php', 'rust'],
];

const DOCUMENTS = [
  ...['markdown', 'yaml', 'json', 'jsonc', 'proto', 'proto3', ...CODE].map((language) => ({ scheme: 'file', language })),
  { scheme: 'file', pattern: FILES },
  { scheme: 'file', pattern: CONFIGURATION },
];

export class Server implements vscode.Disposable {
  private readonly watchers = [FILES, CONFIGURATION].map((files) => vscode.workspace.createFileSystemWatcher(files));
  private readonly started = new vscode.EventEmitter<void>();
  private client: LanguageClient | undefined;
  /** Fires when the server is ready for requests. */
  readonly onDidStart = this.started.event;

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly status: StatusBar,
  ) {}

  /** Starts the server. What goes wrong is shown to the user, who can mend it and restart, so this does not throw. */
  async start(): Promise<void> {
    const name = vscode.workspace.getConfiguration('archwright').get('path', 'archwright');
    const command = findProgram(name);
    if (command === undefined) {
      this.status.show('missing', `The program "${name}" was not found.`);
      void offerInstallation(name);
      return;
    }
    this.log.info(`Starting ${command} lsp`);
    const client = new LanguageClient(
      'archwright',
      'Archwright',
      { command, args: ['lsp'] },
      {
        documentSelector: DOCUMENTS,
        outputChannel: this.log,
        synchronize: { fileEvents: this.watchers },
        // Cards are opened as pages.
        initializationOptions: { pages: true },
        middleware: besideMarkdownSupport(),
      },
    );
    client.onDidChangeState(({ newState }) => this.status.show(STATES[newState] ?? 'stopped', command));
    this.client = client;
    try {
      await client.start();
      this.started.fire();
    } catch (error) {
      this.log.error(`The language server did not start: ${error}`);
      this.status.show('stopped', `The language server did not start: ${error}`);
    }
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.dispose().catch((error: unknown) => this.log.warn(`Stopping the language server: ${error}`));
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  dispose(): void {
    this.watchers.forEach((watcher) => watcher.dispose());
    this.started.dispose();
  }

  /** Whether the server is told of a document. */
  reads(document: vscode.TextDocument): boolean {
    return vscode.languages.match(DOCUMENTS, document) > 0;
  }

  /** Runs one of the server's commands. */
  async execute(command: string, ...args: unknown[]): Promise<unknown> {
    if (this.client?.state !== State.Running) {
      throw new Error('The Archwright language server is not running; see the log.');
    }
    return this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
  }
}

const STATES: Partial<Record<State, 'starting' | 'running' | 'stopped'>> = {
  [State.Starting]: 'starting',
  [State.Running]: 'running',
  [State.Stopped]: 'stopped',
};

async function offerInstallation(name: string): Promise<void> {
  const copy = 'Copy Install Command';
  const settings = 'Open Settings';
  const choice = await vscode.window.showErrorMessage(
    `Archwright: the program "${name}" was not found. Install it with \`${INSTALL_COMMAND}\`, or set \`archwright.path\` to where it is.`,
    copy,
    settings,
  );
  if (choice === copy) {
    await vscode.env.clipboard.writeText(INSTALL_COMMAND);
  } else if (choice === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'archwright.path');
  }
}
