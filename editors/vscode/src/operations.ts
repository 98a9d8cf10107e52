// The operations of the server as commands: one way for all of them, driven by the server's table. What is not given is asked,
// changes of existing files are shown before they are made, and the plan's report says what is left to do.

import * as vscode from 'vscode';
import type { Pages } from './pages';
import type { Server } from './server';

/** The commands of the operations begin so; behind it stands the operation's name. */
export const RUN = 'archwright.run.';

export interface Operation {
  name: string;
  title: string;
  about: string;
  command: string;
  writes: boolean;
  arguments: Argument[];
  /** What the document at hand offers for the first argument that has offers. */
  here: Offer[];
}

interface Argument {
  name: string;
  ask: string;
  example: string;
  optional: boolean;
  list: boolean;
  offered: boolean;
}

interface Offer {
  value: string;
  about: string;
  with?: Record<string, string>;
}

/** What the server answers, as far as it is told. */
interface Plan {
  declined?: { reason: string; question?: string };
  files: { path: string; state: 'created' | 'changed' | 'unchanged' }[];
  findings: unknown[];
  questions: unknown[];
  notes?: unknown[];
  report: string;
  preview?: Preview[];
}

/** A file as it is and as it would be; one of both is missing where it is new or goes. */
interface Preview {
  path: string;
  uri: string | null;
  before: string | null;
  after: string | null;
}

type Request = Record<string, unknown>;

export class Operations {
  constructor(
    private readonly server: Server,
    private readonly pages: Pages,
  ) {}

  /** The operations, with what a document offers for them. */
  async all(document?: vscode.Uri): Promise<Operation[]> {
    return (await this.server.execute('archwright.operations', ...this.place(document))) as Operation[];
  }

  /** Lets the user choose one. */
  async choose(): Promise<void> {
    await told(async () => {
      const items = (await this.all()).map((it) => ({ label: it.title, detail: it.about, name: it.name }));
      const chosen = await vscode.window.showQuickPick(items, { title: 'Archwright', placeHolder: 'What shall be done?', matchOnDetail: true });
      if (chosen !== undefined) {
        await this.run(chosen.name);
      }
    });
  }

  /** Runs one. A menu of a document gives the document, a key binding fields of the request. */
  async run(name: string, from?: vscode.Uri | Request): Promise<void> {
    await told(async () => {
      const document = from instanceof vscode.Uri ? from : vscode.window.activeTextEditor?.document.uri;
      const operation = (await this.all(document)).find((it) => it.name === name);
      if (operation === undefined) {
        throw new Error(`The language server knows no operation ${name}; it may be older than this extension.`);
      }
      const request = from instanceof vscode.Uri ? await this.ask(operation, {}, document, true) : await this.ask(operation, from ?? {}, document, false);
      if (request !== undefined) {
        await this.carryOut(operation, request, document);
      }
    });
  }

  /** Asks for what is not given; undefined where the user gives up. */
  private async ask(operation: Operation, start: Request, document: vscode.Uri | undefined, isForDocument: boolean): Promise<Request | undefined> {
    let request = start;
    const left = operation.arguments.filter((it) => request[it.name] === undefined);
    const offered = operation.arguments.find((it) => it.offered);
    for (const [at, argument] of left.entries()) {
      const title = `${operation.title} (${at + 1}/${left.length})`;
      const here = argument === offered ? operation.here : [];
      // What is done with one document needs no more than the document says.
      if (isForDocument && (here.length === 1 || (argument.optional && here.length === 0))) {
        request = { ...request, ...(here[0] === undefined ? {} : filled(argument, [here[0]])) };
        continue;
      }
      const answer = argument.offered ? await this.pick(operation, argument, title, here, document) : await input(argument, title);
      if (answer === undefined) {
        return undefined;
      }
      request = { ...request, ...answer };
    }
    return request;
  }

  private async pick(operation: Operation, argument: Argument, title: string, here: Offer[], document: vscode.Uri | undefined): Promise<Request | undefined> {
    const asked = { operation: operation.name, argument: argument.name };
    const offers = (await this.server.execute('archwright.offers', asked, ...this.place(document))) as Offer[];
    if (offers.length === 0) {
      return input({ ...argument, ask: `${argument.ask} (the workspace has none to offer)` }, title);
    }
    const isHere = (offer: Offer) => here.some((it) => it.value === offer.value && it.about === offer.about);
    const item = (offer: Offer) => ({ label: offer.value, description: offer.about === offer.value ? '' : offer.about, offer });
    const elsewhere = offers.filter((it) => !isHere(it));
    const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator, offer: undefined });
    const items = [
      ...(here.length > 0 ? [separator('in this file'), ...here.map(item), separator('elsewhere')] : []),
      ...elsewhere.map(item),
    ];
    const options = { title, placeHolder: argument.ask, matchOnDescription: true, ignoreFocusOut: true };
    const chosen = argument.list
      ? await vscode.window.showQuickPick(items, { ...options, canPickMany: true })
      : await vscode.window.showQuickPick(items, options).then((it) => it && [it]);
    return chosen && filled(argument, chosen.flatMap((it) => it.offer ?? []));
  }

  private async carryOut(operation: Operation, request: Request, document: vscode.Uri | undefined): Promise<void> {
    let plan = await this.plan(operation, request, document, true);
    if (plan.declined !== undefined) {
      const { reason, question = '' } = plan.declined;
      const anyway = 'Do It Anyway';
      const choice = await vscode.window.showWarningMessage(`${operation.title}: not due. ${reason} ${question}`.trimEnd(), anyway);
      if (choice === anyway) {
        await this.carryOut(operation, { ...request, force: true }, document);
      }
      return;
    }
    if (!operation.writes) {
      await this.pages.show(operation.title, plan.report);
      return;
    }
    while (changesTexts(plan)) {
      if (!(await this.isAgreed(operation, plan))) {
        return;
      }
      // The files may have changed while the user read.
      const now = await this.plan(operation, request, document, true);
      if (JSON.stringify(now.preview) === JSON.stringify(plan.preview)) {
        break;
      }
      plan = now;
      void vscode.window.showWarningMessage(`${operation.title}: the files have changed meanwhile; look at the plan again.`);
    }
    await this.tell(operation, await this.plan(operation, request, document, false));
  }

  private plan(operation: Operation, request: Request, document: vscode.Uri | undefined, preview: boolean): Thenable<Plan> {
    const progress = { location: vscode.ProgressLocation.Window, title: `Archwright: ${operation.title}` };
    const [place = null] = this.place(document);
    return vscode.window.withProgress(progress, () => this.server.execute(operation.command, request, place, { preview }) as Promise<Plan>);
  }

  /** The document that says which workspace is meant, if it lies in one. */
  private place(document: vscode.Uri | undefined): string[] {
    const open = vscode.workspace.textDocuments.find((it) => it.uri.toString() === document?.toString());
    const isRead = open !== undefined && this.server.reads(open);
    const isInside = document?.scheme === 'file' && vscode.workspace.getWorkspaceFolder(document) !== undefined;
    return document !== undefined && (isRead || isInside) ? [document.toString()] : [];
  }

  /** Shows what would be changed, and asks whether it shall be. */
  private async isAgreed(operation: Operation, plan: Plan): Promise<boolean> {
    const title = `${operation.title} (planned)`;
    const files = (plan.preview ?? []).filter((it) => it.before !== it.after);
    const resources = files.map((it) => {
      const uri = vscode.Uri.parse(it.uri ?? `file:/${it.path}`);
      // Where both sides have the same path, the editor shows a change and no move.
      return [uri, it.before === null ? undefined : uri, this.pages.add('plan', uri.path, it.after ?? '')];
    });
    await vscode.commands.executeCommand('vscode.changes', title, resources);
    const apply = { label: 'Apply', description: `changes ${counted(files.length, 'file')} in the editor; nothing is saved yet` };
    const discard = { label: 'Discard', description: 'leaves everything as it is' };
    const options = { title: operation.title, placeHolder: 'The change is shown below.', ignoreFocusOut: true };
    const choice = await vscode.window.showQuickPick([apply, discard], options);
    const tabs = vscode.window.tabGroups.all.flatMap((it) => it.tabs).filter((it) => it.label.startsWith(title));
    await vscode.window.tabGroups.close(tabs);
    return choice === apply;
  }

  /** Says what became of it and what is left to do. The server has the editor show the most important file. */
  private async tell(operation: Operation, plan: Plan): Promise<void> {
    const changed = plan.files.filter((it) => it.state !== 'unchanged').length;
    const left = [
      [plan.questions.length, 'question'],
      [plan.findings.length, 'problem'],
      [plan.notes?.length ?? 0, 'remark'],
    ].filter(([number]) => number !== 0);
    const parts = left.map(([number, what]) => counted(number as number, what as string));
    const done = changed === 0 ? 'the files say all of it already.' : `${counted(changed, 'file')} changed in the editor.`;
    const message = `${operation.title}: ${done}${parts.length > 0 ? ` Left: ${parts.join(', ')}.` : ''}`;
    const save = 'Save All';
    const report = 'Show What Is Left';
    const choice = await vscode.window.showInformationMessage(message, ...(changed > 0 ? [save] : []), report);
    if (choice === save) {
      await vscode.workspace.saveAll();
    } else if (choice === report) {
      await this.pages.show(operation.title, plan.report);
    }
  }
}

/** Shows what goes wrong to the user, who can mend it and try again. */
export async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    void vscode.window.showErrorMessage(`Archwright: ${error instanceof Error ? error.message : error}`);
  }
}

/** Whether a plan changes what stands in files; new files hold no surprise. */
function changesTexts(plan: Plan): boolean {
  return (plan.preview ?? []).some((it) => it.before !== null && it.before !== it.after);
}

/** The fields of a request that an answer fills in. */
function filled(argument: Argument, offers: Offer[]): Request {
  const values = offers.map((it) => it.value);
  return { ...offers[0]?.with, ...(argument.list ? { [argument.name]: values } : { [argument.name]: values[0] }) };
}

async function input(argument: Argument, title: string): Promise<Request | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: argument.ask,
    placeHolder: argument.example,
    ignoreFocusOut: true,
    validateInput: (it) => (it.trim() === '' && !argument.optional ? 'This is needed.' : undefined),
  });
  if (text === undefined) {
    return undefined;
  }
  const value = text.trim();
  if (value === '') {
    return {};
  }
  return { [argument.name]: argument.list ? value.split(/\s+/) : value };
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
