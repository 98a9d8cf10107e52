// The status bar item: one glance says whether the server runs and the configuration is in order; its tooltip says what was
// recognised and found, and a click opens a menu of what can be done.

import * as vscode from 'vscode';

export type Status = 'starting' | 'running' | 'stopped' | 'missing';

/** What the server says of the open workspaces. */
export interface State {
  version: string;
  workspaces: WorkspaceState[];
}

export interface WorkspaceState {
  root: string;
  recognised: string;
  files: number;
  errors: number;
  warnings: number;
  infos: number;
  /** The address of archwright.toml, if there is one. */
  configuration: string | null;
  configurationProblems: number;
}

const ICONS: Record<Status, string> = {
  starting: '$(sync~spin)',
  running: '$(check)',
  stopped: '$(error)',
  missing: '$(error)',
};

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('archwright.status', vscode.StatusBarAlignment.Right);
  private detail = '';
  status: Status = 'starting';
  state: State | undefined;

  constructor() {
    this.item.name = 'Archwright';
    this.item.command = 'archwright.showMenu';
    this.item.show();
  }

  show(status: Status, detail: string): void {
    this.status = status;
    this.detail = detail;
    if (status !== 'running') {
      this.state = undefined;
    }
    this.render();
  }

  /** Shows how the workspaces stand. */
  tell(state: State): void {
    this.state = state;
    this.render();
  }

  private render(): void {
    const isBroken = this.status === 'stopped' || this.status === 'missing';
    const isMisconfigured = this.state?.workspaces.some((it) => it.configurationProblems > 0) ?? false;
    const background = isBroken ? 'statusBarItem.errorBackground' : isMisconfigured ? 'statusBarItem.warningBackground' : undefined;
    this.item.text = `${isMisconfigured ? '$(warning)' : ICONS[this.status]} Archwright`;
    this.item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
    const tooltip = new vscode.MarkdownString(describe(this.status, this.detail, this.state));
    // Only the commands of this extension can be run from it.
    tooltip.isTrusted = { enabledCommands: ['archwright.showLog', 'archwright.restart'] };
    this.item.tooltip = tooltip;
  }

  /** The same as a page. */
  page(): string {
    return `# Archwright\n\n${describe(this.status, this.detail, this.state)}\n`;
  }

  dispose(): void {
    this.item.dispose();
  }
}

function describe(status: Status, detail: string, state: State | undefined): string {
  const server = state === undefined ? `Language server: ${status}` : `Language server ${state.version}: ${status}`;
  const parts = [`${server}  \n${escaped(detail)}`];
  for (const workspace of state?.workspaces ?? []) {
    const problems = workspace.configurationProblems;
    const lines = [
      `**${escaped(workspace.root)}**`,
      escaped(workspace.recognised),
      `${found(workspace)} in ${counted(workspace.files, 'file')}.`,
      workspace.configuration === null
        ? 'No `archwright.toml`; the defaults hold.'
        : `[archwright.toml](${workspace.configuration}): ${problems === 0 ? 'in order.' : `${counted(problems, 'problem')}.`}`,
    ];
    parts.push(lines.join('  \n'));
  }
  return parts.join('\n\n');
}

export function found(workspace: WorkspaceState): string {
  const counts: [number, string][] = [
    [workspace.errors, 'error'],
    [workspace.warnings, 'warning'],
    [workspace.infos, 'remark'],
  ];
  const parts = counts.filter(([number]) => number > 0).map(([number, what]) => counted(number, what));
  return parts.length === 0 ? 'No problems' : parts.join(', ');
}

export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** A text that Markdown shows as it is; code spans stay. */
function escaped(text: string): string {
  return text.replace(/[\\*_{}[\]<>#|~]/g, '\\$&');
}
