// The command that starts a design: asks for the feature, and lets the server write its files.

import * as vscode from 'vscode';
import type { Server } from './server';

/** What the server answers, as far as it is told. */
interface Outcome {
  declined?: { reason: string; question?: string };
  files: { path: string; state: 'created' | 'changed' | 'unchanged' }[];
  questions: unknown[];
}

export interface Request {
  feature: string;
  description: string;
  /** Also where no design is due. */
  force?: boolean;
}

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Asks for what is not given, as a key binding may give it. */
export async function designFeature(server: Server, given: Partial<Request> = {}): Promise<void> {
  const feature = given.feature ?? (await askForFeature());
  if (feature === undefined) {
    return;
  }
  const description = given.description ?? (await askForDescription());
  if (description === undefined) {
    return;
  }
  try {
    await tell(await design(server, { ...given, feature, description }));
  } catch (error) {
    void vscode.window.showErrorMessage(`Archwright: ${error instanceof Error ? error.message : error}`);
  }
}

function askForFeature(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Design a Feature (1/2)',
    prompt: 'The feature, as its folder under docs/features is called.',
    placeHolder: 'order-checkout',
    validateInput: (text) => (SLUG.test(text) ? undefined : 'Use lower-case words joined by hyphens.'),
  });
}

function askForDescription(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Design a Feature (2/2)',
    prompt: 'What it does: which services take part, which events and commands they exchange.',
    placeHolder: 'When an order is placed, reserve stock and charge the card.',
  });
}

/** Lets the server design. Where it finds that no design is due, the user decides; nothing if the user agrees. */
async function design(server: Server, request: Request): Promise<Outcome | undefined> {
  const progress = { location: vscode.ProgressLocation.Notification, title: `Designing ${request.feature}` };
  const outcome = await vscode.window.withProgress(progress, () => server.execute('archwright.design', request) as Promise<Outcome>);
  if (outcome.declined === undefined) {
    return outcome;
  }
  const { reason, question = '' } = outcome.declined;
  const anyway = 'Design Anyway';
  const choice = await vscode.window.showWarningMessage(`No design is due. ${reason} ${question}`.trimEnd(), anyway);
  return choice === anyway ? design(server, { ...request, force: true }) : undefined;
}

/** Says what is left to do. The server has the editor show the design. */
async function tell(outcome: Outcome | undefined): Promise<void> {
  if (outcome === undefined) {
    return;
  }
  const { files, questions } = outcome;
  const left = `${questions.length} questions to answer.`;
  const changed = files.filter((file) => file.state !== 'unchanged').length;
  if (changed === 0) {
    void vscode.window.showInformationMessage(`The files say all of it already. ${left}`);
    return;
  }
  // The server changes documents; unless the editor saves by itself, that is left to the user.
  const save = 'Save All';
  const choice = await vscode.window.showInformationMessage(`${changed} files are changed. ${left}`, save);
  if (choice === save) {
    await vscode.workspace.saveAll();
  }
}
