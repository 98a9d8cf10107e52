// The extension's entry point: starts the language server and wires the commands and the status bar to it.

import * as vscode from 'vscode';
import { designFeature, type Request } from './design';
import { Server } from './server';
import { StatusBar } from './status';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Archwright', { log: true });
  const status = new StatusBar();
  const running = new Server(log, status);
  server = running;
  context.subscriptions.push(
    log,
    status,
    running,
    vscode.commands.registerCommand('archwright.restart', () => running.restart()),
    vscode.commands.registerCommand('archwright.showLog', () => log.show()),
    vscode.commands.registerCommand('archwright.designFeature', (given?: Partial<Request>) => designFeature(running, given)),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration('archwright.path')) {
        await running.restart();
      }
    }),
  );
  await running.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
