// One session of a user in VS Code, run in the real extension host: sees a diagnostic, hovers a pattern and a channel in code,
// applies the fix, looks at the state, and carries out operations.
// Reads task.json from the folder that ARCHWRIGHT_E2E names, and writes result.json beside it. tests/e2e/vscode.rs judges the result.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

interface Task {
  file: string;
  /** Counts from 1. */
  line: number;
  rule: string;
  hover_file: string;
  hover_text: string;
  code_file: string;
  code_text: string;
  old_file: string;
  channel: string;
  design: { feature: string; description: string };
}

const folder = process.env['ARCHWRIGHT_E2E'] ?? '.';

export async function run(): Promise<void> {
  const result: Record<string, unknown> = {};
  try {
    await session(JSON.parse(readFileSync(path.join(folder, 'task.json'), 'utf8')) as Task, result);
  } catch (error) {
    result['error'] = error instanceof Error ? error.stack : String(error);
  }
  writeFileSync(path.join(folder, 'result.json'), JSON.stringify(result));
}

async function session(task: Task, result: Record<string, unknown>): Promise<void> {
  const hovered = await vscode.workspace.openTextDocument(task.hover_file);
  const hoverAt = hovered.positionAt(hovered.getText().indexOf(task.hover_text) + 1);
  result['hover'] = await eventually('the hover', async () => {
    return (await hoverText(hovered, hoverAt)) || undefined;
  });
  const hoverEditor = await vscode.window.showTextDocument(hovered);
  await vscode.commands.executeCommand('workbench.action.closeAuxiliaryBar');
  await showHover(hoverEditor, hoverAt);
  await picture('hover', '.monaco-hover');
  await beside(hovered, result);

  const code = await vscode.workspace.openTextDocument(task.code_file);
  const codeEditor = await vscode.window.showTextDocument(code);
  const codeAt = code.positionAt(code.getText().indexOf(task.code_text) + 1);
  result['code'] = await eventually('the hover in code', async () => (await hoverText(code, codeAt)) || undefined);
  await showHover(codeEditor, codeAt);
  await picture('code', '.monaco-hover');

  const document = await vscode.workspace.openTextDocument(task.file);
  const editor = await vscode.window.showTextDocument(document);
  const finding = () =>
    vscode.languages
      .getDiagnostics(document.uri)
      .find((it) => it.source === 'archwright' && codeOf(it) === task.rule && it.range.start.line === task.line - 1);
  const diagnostic = await eventually(`the diagnostic ${task.rule}`, finding);
  result['diagnostic'] = { message: diagnostic.message, documented: typeof diagnostic.code === 'object' };
  await vscode.commands.executeCommand('workbench.actions.view.problems');
  await showHover(editor, diagnostic.range.start);
  await picture('diagnostic', '.monaco-hover');

  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
    10,
  );
  result['actions'] = actions.map((action) => action.title);
  const edit = actions.find((action) => action.edit !== undefined)?.edit;
  if (edit === undefined) {
    throw new Error(`no quick fix with an edit for ${task.rule} among: ${JSON.stringify(actions)}`);
  }
  await vscode.workspace.applyEdit(edit);
  await eventually('the fix to silence the diagnostic', () => (finding() === undefined ? true : undefined));

  void vscode.commands.executeCommand('archwright.showMenu');
  await picture('menu', '.quick-input-widget');
  await vscode.commands.executeCommand('workbench.action.closeQuickOpen');

  // A command ends when its last question is answered, which nobody does here.
  void vscode.commands.executeCommand('archwright.run.design', task.design);
  await agree('design');
  result['design'] = await eventually('the design', () => {
    const shown = vscode.window.activeTextEditor?.document;
    return shown?.fileName.endsWith(`${task.design.feature}/design.md`) ? shown.getText() : undefined;
  });

  // From the menu of the document, which offers one channel.
  const old = await vscode.workspace.openTextDocument(task.old_file);
  await vscode.window.showTextDocument(old);
  void vscode.commands.executeCommand('archwright.run.contract', old.uri);
  await agree('contract');
  result['contract'] = await eventually('the contract', () => {
    const shown = vscode.window.activeTextEditor?.document;
    return shown?.fileName.endsWith(`contracts/${task.channel}.md`) ? shown.getText() : undefined;
  });
  await vscode.commands.executeCommand('notifications.showList');
  await picture('contract', '.notifications-center');
  await vscode.commands.executeCommand('notifications.hideList');

  await vscode.window.showTextDocument(old);
  const before = old.getText();
  void vscode.commands.executeCommand('archwright.run.convert', old.uri);
  await eventually('the plan', () => planTab());
  result['untouched'] = old.getText() === before;
  await agree('convert');
  result['converted'] = await eventually('the converted document', () => (old.getText() === before ? undefined : old.getText()));

  await vscode.commands.executeCommand('archwright.explainName', 'Saga');
  await picture('explanation', '.webview');
}

/** What the Markdown extension shows too is shown once. */
async function beside(document: vscode.TextDocument, result: Record<string, unknown>): Promise<void> {
  const heading = /^## (.+)$/m.exec(document.getText());
  const at = document.positionAt((heading?.index ?? 0) + 4);
  result['outline'] = await eventually('the outline', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider', document.uri);
    return symbols?.length ? symbols.map((it) => it.name) : undefined;
  });
  const references = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', document.uri, at);
  result['references'] = references.filter((it) => it.uri.toString() === document.uri.toString() && it.range.contains(at)).length;
  const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', heading?.[1] ?? '');
  const here = symbols.filter((it) => it.location.uri.toString() === document.uri.toString() && it.name.endsWith(heading?.[1] ?? ''));
  result['symbols'] = here.map((it) => it.name);
}

function planTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.activeTabGroup.tabs.find((it) => it.label.includes('(planned)'));
}

/** Waits for the plan of an operation and agrees to it. */
async function agree(name: string): Promise<void> {
  await eventually(`the plan of ${name}`, () => planTab());
  await picture(`${name}-plan`, '.quick-input-widget');
  await eventually('the plan to be agreed to', async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return planTab() === undefined ? true : undefined;
  });
}

async function hoverText(document: vscode.TextDocument, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
  return hovers.flatMap((hover) => hover.contents.map(textOf)).join('\n');
}

async function showHover(editor: vscode.TextEditor, position: vscode.Position): Promise<void> {
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await vscode.commands.executeCommand('editor.action.hideHover');
  await vscode.commands.executeCommand('editor.action.showHover');
}

/** Asks the program that drives the browser for a picture with what the selector names, and waits until it is taken. */
async function picture(name: string, selector: string): Promise<void> {
  // Whole at once, since the other program reads it as soon as it is there.
  writeFileSync(path.join(folder, `${name}.part`), selector);
  renameSync(path.join(folder, `${name}.part`), path.join(folder, `${name}.wanted`));
  await eventually(`the picture ${name}`, () => (existsSync(path.join(folder, `${name}.taken`)) ? true : undefined));
}

function codeOf(diagnostic: vscode.Diagnostic): unknown {
  return typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code;
}

function textOf(content: vscode.MarkdownString | vscode.MarkedString): string {
  return typeof content === 'string' ? content : content.value;
}

async function eventually<T>(what: string, attempt: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const value = await attempt();
    if (value !== undefined) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`timed out waiting for ${what}`);
}
