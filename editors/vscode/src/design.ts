// The command that starts a design: asks for the feature, and lets the server write its files.

import * as vscode from 'vscode';
import type { Server } from './server';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export async function designFeature(server: Server): Promise<void> {
  const feature = await vscode.window.showInputBox({
    title: 'Design a Feature (1/2)',
    prompt: 'The feature, as its folder under docs/features is called.',
    placeHolder: 'order-checkout',
    validateInput: (text) => (SLUG.test(text) ? undefined : 'Use lower-case words joined by hyphens.'),
  });
  if (feature === undefined) {
    return;
  }
  const description = await vscode.window.showInputBox({
    title: 'Design a Feature (2/2)',
    prompt: 'What it does: which services take part, which events and commands they exchange.',
    placeHolder: 'When an order is placed, reserve stock and charge the card.',
  });
  if (description === undefined) {
    return;
  }
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Designing ${feature}` }, () =>
      server.execute('archwright.design', { feature, description }),
    );
  } catch (error) {
    void vscode.window.showErrorMessage(`Archwright: ${error instanceof Error ? error.message : error}`);
  }
}
