// What a click on the status bar item opens: what the workspace is, what can be done, and what helps when something is wrong.

import * as vscode from 'vscode';
import { type Operations, RUN, told } from './operations';
import type { Pages } from './pages';
import { counted, found, type StatusBar } from './status';

interface Entry extends vscode.QuickPickItem {
  act?: () => Thenable<unknown> | void;
}

/** Opens the menu, with the state as it is now. */
export async function showMenu(status: StatusBar, operations: Operations, pages: Pages, refresh: () => Promise<void>): Promise<void> {
  await told(async () => {
    await refresh().catch(() => undefined);
    const entries = [...workspaces(status, pages), ...(status.status === 'running' ? await offered(operations) : []), ...help()];
    const chosen = await vscode.window.showQuickPick(entries, { title: 'Archwright', placeHolder: 'What the workspace is, and what can be done' });
    await chosen?.act?.();
  });
}

/** The state of each workspace in a line; more on a page. */
function workspaces(status: StatusBar, pages: Pages): Entry[] {
  const show = () => pages.show('Archwright', status.page());
  const state = status.state?.workspaces ?? [];
  if (state.length === 0) {
    return [{ label: `$(info) The language server: ${status.status}`, act: show }];
  }
  return state.flatMap((it) => {
    const entries: Entry[] = [{ label: `$(info) ${found(it)} in ${counted(it.files, 'file')}`, detail: it.recognised, act: show }];
    if (it.configuration !== null) {
      const uri = vscode.Uri.parse(it.configuration);
      const problems = it.configurationProblems;
      entries.push({
        label: problems === 0 ? '$(gear) Open archwright.toml' : `$(warning) Open archwright.toml: ${counted(problems, 'problem')}`,
        act: () => vscode.window.showTextDocument(uri),
      });
    }
    return entries;
  });
}

async function offered(operations: Operations): Promise<Entry[]> {
  const all = await operations.all();
  const entry = (it: { name: string; title: string }): Entry => ({
    label: it.title,
    act: () => vscode.commands.executeCommand(RUN + it.name),
  });
  return [separator('operations'), ...all.map(entry), { label: 'Explain a rule or a pattern', act: () => vscode.commands.executeCommand('archwright.explainName') }];
}

function help(): Entry[] {
  return [
    separator('help'),
    { label: '$(warning) Show the problems', act: () => vscode.commands.executeCommand('workbench.actions.view.problems') },
    { label: '$(refresh) Restart the language server', act: () => vscode.commands.executeCommand('archwright.restart') },
    { label: '$(output) Show the log', act: () => vscode.commands.executeCommand('archwright.showLog') },
  ];
}

function separator(label: string): Entry {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
