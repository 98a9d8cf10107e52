// One session of a user in VS Code, run in the real extension host: sees a diagnostic, hovers a pattern, applies the fix.
// Reads task.json from the folder that ARCHWRIGHT_E2E names, and writes result.json beside it. tests/e2e/vscode.rs judges the result.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

interface Task {
  file: string;
  /** Counts from 1. */
  line: number;
  rule: string;
  hover_file: string;
  hover_text: string;
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
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', hovered.uri, hoverAt);
    return hovers.flatMap((hover) => hover.contents.map(textOf)).join('\n') || undefined;
  });
  const hoverEditor = await vscode.window.showTextDocument(hovered);
  await vscode.commands.executeCommand('workbench.action.closeAuxiliaryBar');
  await showHover(hoverEditor, hoverAt);
  await picture('hover');

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
  await picture('diagnostic');

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

  // It ends when its last question is answered, which nobody does here.
  void vscode.commands.executeCommand('archwright.designFeature', task.design);
  result['design'] = await eventually('the design', () => {
    const shown = vscode.window.activeTextEditor?.document;
    return shown?.fileName.endsWith(`${task.design.feature}/design.md`) ? shown.getText() : undefined;
  });
  await picture('design');
}

async function showHover(editor: vscode.TextEditor, position: vscode.Position): Promise<void> {
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await vscode.commands.executeCommand('editor.action.hideHover');
  await vscode.commands.executeCommand('editor.action.showHover');
}

/** Asks the program that drives the browser for a picture, and waits until it is taken. */
async function picture(name: string): Promise<void> {
  writeFileSync(path.join(folder, `${name}.wanted`), '');
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
