// Finds a program the way a shell does, so that a missing one is named instead of failing inside a spawn.

import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';

/** The full path of a program given by name or by path, or undefined where there is none that can be run. */
export function findProgram(name: string): string | undefined {
  const home = name.replace(/^~(?=[\\/])/, homedir());
  const isPath = path.basename(home) !== home;
  const folders = isPath ? [''] : (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd'] : [''];
  const candidates = folders.flatMap((folder) => endings.map((ending) => path.join(folder, home + ending)));
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
