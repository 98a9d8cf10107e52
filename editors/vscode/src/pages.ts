// Texts that lie in no file: reports as pages, and what a plan would make of files.

import * as vscode from 'vscode';
import { markdownSupport } from './markdown';

const SCHEME = 'archwright';
const OPEN = 'archwright.open';

/** The path of a card, to which the definition of a pattern leads. */
const CARD = /^\/card\/([a-z0-9-]+)\.md$/;

/** The links to files in the pages of the server. */
const FILE_LINK = /\]\((file:[^)\s]+)\)/g;

/** Serves texts under `archwright:` addresses, and shows them. A text is kept until its document is closed. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private panel: vscode.WebviewPanel | undefined;
  private readonly registrations = [
    this.changed,
    vscode.commands.registerCommand(OPEN, open),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.workspace.onDidCloseTextDocument((document) => this.texts.delete(document.uri.toString())),
  ];
  readonly onDidChange = this.changed.event;

  constructor(private readonly explain: (name: string) => Promise<string>) {}

  provideTextDocumentContent(uri: vscode.Uri): string | Promise<string> {
    const card = CARD.exec(uri.path)?.[1];
    return this.texts.get(uri.toString()) ?? (card === undefined ? '' : this.explain(card));
  }

  /** The address of a text. The path's ending tells its language; texts of one path in one place replace each other. */
  add(place: string, path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, authority: place, path });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }

  /** Shows a Markdown page as it reads; as text where nothing can render it. */
  async show(title: string, markdown: string): Promise<void> {
    if (markdownSupport() === undefined) {
      await vscode.window.showTextDocument(this.add('page', `/${title}.md`, markdown), { preview: true });
      return;
    }
    const html = await vscode.commands.executeCommand<string>('markdown.api.render', markdown.replace(FILE_LINK, asCommand));
    this.panel ??= this.newPanel();
    this.panel.title = title;
    this.panel.webview.html = document(html);
    this.panel.reveal(undefined, false);
  }

  /** One panel shows one page after the other. */
  private newPanel(): vscode.WebviewPanel {
    // No script runs in it, and the one command that its links can run opens a file.
    const options = { enableScripts: false, enableCommandUris: [OPEN], localResourceRoots: [], enableFindWidget: true };
    const panel = vscode.window.createWebviewPanel('archwright.page', 'Archwright', vscode.ViewColumn.Active, options);
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    return panel;
  }

  dispose(): void {
    this.panel?.dispose();
    this.registrations.forEach((it) => it.dispose());
  }
}

/** Markdown as VS Code renders it has no links to files, but it has links to commands. */
function asCommand(_: string, uri: string): string {
  return `](command:${OPEN}?${encodeURIComponent(JSON.stringify([uri]))} "Open")`;
}

/** Opens a file of a page, at the line that stands behind its address: `#L12`. */
async function open(address: string): Promise<void> {
  const uri = vscode.Uri.parse(address);
  const line = Math.max(Number(/^L(\d+)$/.exec(uri.fragment)?.[1] ?? 1) - 1, 0);
  const selection = new vscode.Range(line, 0, line, 0);
  await vscode.window.showTextDocument(uri.with({ fragment: '' }), { selection });
}

function document(body: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const style = 'body { line-height: 1.5; max-width: 60em; } pre { overflow-x: auto; }';
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><style>${style}</style></head><body>${body}</body></html>`;
}
