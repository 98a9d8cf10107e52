// The status bar item: one glance says whether the server runs; a click opens the log.

import * as vscode from 'vscode';

export type Status = 'starting' | 'running' | 'stopped' | 'missing';

const ICONS: Record<Status, string> = {
  starting: '$(sync~spin)',
  running: '$(check)',
  stopped: '$(error)',
  missing: '$(error)',
};

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('archwright.status', vscode.StatusBarAlignment.Right);

  constructor() {
    this.item.name = 'Archwright';
    this.item.command = 'archwright.showLog';
    this.item.show();
  }

  show(status: Status, detail: string): void {
    const isBroken = status === 'stopped' || status === 'missing';
    this.item.text = `${ICONS[status]} Archwright`;
    this.item.tooltip = `Archwright: ${status}\n${detail}`;
    this.item.backgroundColor = isBroken ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  }

  dispose(): void {
    this.item.dispose();
  }
}
