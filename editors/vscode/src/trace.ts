// The setting `trace.server`, given its plain meaning: the client library by itself traces only
// while the user has also raised the level of the log, which nobody guesses.

import * as vscode from 'vscode';

/** A log for messages whose level is what the setting `<section>.trace.server` says. */
export function traceChannel(log: vscode.LogOutputChannel, section: string): vscode.LogOutputChannel {
  const level = (): vscode.LogLevel => {
    const value = vscode.workspace.getConfiguration(section).get('trace.server', 'off');
    return value === 'off' ? vscode.LogLevel.Info : vscode.LogLevel.Trace;
  };
  const changed = new vscode.EventEmitter<vscode.LogLevel>();
  const listener = vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(`${section}.trace.server`)) {
      changed.fire(level());
    }
  });
  return new Proxy(log, {
    get(target, key) {
      switch (key) {
        case 'logLevel':
          return level();
        case 'onDidChangeLogLevel':
          return changed.event;
        case 'trace':
          return (message: string) => target.info(message);
        case 'dispose':
          // The log itself outlives the client.
          return () => {
            listener.dispose();
            changed.dispose();
          };
        default: {
          const value: unknown = Reflect.get(target, key);
          return typeof value === 'function' ? value.bind(target) : value;
        }
      }
    },
  });
}
