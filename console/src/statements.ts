// SPDX-License-Identifier: Apache-2.0

export interface Statement {
  from: number;
  to: number;
}

const SKIPPED: [string, string][] = [
  ["'", "'"],
  ['"', '"'],
  ['`', '`'],
  ['--', '\n'],
  ['/*', '*/'],
];

/** Where the quote or comment that starts at `at` ends, or `at` itself where none starts. */
function skip(text: string, at: number): number {
  for (const [open, close] of SKIPPED) {
    if (!text.startsWith(open, at)) {
      continue;
    }
    let end = at + open.length;
    while (end < text.length && !text.startsWith(close, end)) {
      end += text[end] === '\\' && open.length === 1 ? 2 : 1;
    }
    return Math.min(text.length, end + close.length);
  }
  return at;
}

/** The statements of a text, without their semicolons and the blanks around them. */
export function statements(text: string): Statement[] {
  const found: Statement[] = [];
  let from = 0;
  const add = (to: number): void => {
    const body = text.slice(from, to);
    if (body.trim() !== '') {
      const start = from + (body.length - body.trimStart().length);
      found.push({ from: start, to: start + body.trim().length });
    }
  };
  for (let at = 0; at < text.length; ) {
    if (text[at] === ';') {
      add(at);
      from = at + 1;
      at++;
    } else {
      const end = skip(text, at);
      at = end === at ? at + 1 : end;
    }
  }
  add(text.length);
  return found;
}

/** The statement that the cursor is in, or the last one before it. */
export function statementAt(text: string, cursor: number): Statement | null {
  const all = statements(text);
  return all.findLast((statement) => statement.from <= cursor) ?? all[0] ?? null;
}

/** The offset of a line and column, both from 1, in a text. */
export function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf('\n', at);
    if (next < 0) {
      return text.length;
    }
    at = next + 1;
  }
  return Math.min(text.length, at + column - 1);
}
