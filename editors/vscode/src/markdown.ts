// What the editor's own Markdown extension shows as well: its outline, symbols and references would stand beside ours, twice each.
// Where that extension is turned off, ours are shown.

import * as vscode from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient/node';

/** The editor's own Markdown extension, unless the user has turned it off. */
export function markdownSupport(): vscode.Extension<unknown> | undefined {
  return vscode.extensions.getExtension('vscode.markdown-language-features');
}

/** Leaves out what the Markdown extension shows. */
export function besideMarkdownSupport(): NonNullable<LanguageClientOptions['middleware']> {
  // While the other references are asked for, ours must not be among them.
  let isAskingOthers = false;
  const isTheirs = (document: vscode.TextDocument) => document.languageId === 'markdown' && markdownSupport() !== undefined;
  return {
    async provideDocumentSymbols(document, token, next) {
      const found = await next(document, token);
      // Of identifiers it knows nothing.
      const identifiers = isTheirs(document) ? identifiersIn(found ?? []) : [];
      return isTheirs(document) ? (identifiers.length > 0 ? identifiers : undefined) : found;
    },
    async provideWorkspaceSymbols(query, token, next) {
      const found = (await next(query, token)) ?? [];
      // It reads no file before a Markdown document was opened.
      return markdownSupport()?.isActive ? found.filter((it) => it.kind !== vscode.SymbolKind.String) : found;
    },
    async provideReferences(document, position, options, token, next) {
      if (isAskingOthers) {
        return [];
      }
      const ours = (await next(document, position, options, token)) ?? [];
      if (!isTheirs(document) || ours.length === 0) {
        return ours;
      }
      isAskingOthers = true;
      try {
        const theirs = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', document.uri, position);
        return ours.filter((our) => !theirs.some((it) => it.uri.toString() === our.uri.toString() && it.range.intersection(our.range) !== undefined));
      } finally {
        isAskingOthers = false;
      }
    },
  };
}

/** The identifiers that a document defines, which stand below its headings. */
function identifiersIn(symbols: (vscode.DocumentSymbol | vscode.SymbolInformation)[]): vscode.DocumentSymbol[] {
  return symbols.flatMap((it) => {
    if (!('children' in it)) {
      return [];
    }
    return it.kind === vscode.SymbolKind.Key ? [it] : identifiersIn(it.children);
  });
}
