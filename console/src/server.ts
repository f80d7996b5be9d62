// SPDX-License-Identifier: Apache-2.0

export interface Column {
  name: string;
  type: string;
}

export type Row = unknown[];

/** What a statement answered: rows of columns, or the text of a format that the statement chose. */
export interface Answer {
  columns: Column[];
  rows: Row[];
  text: string | null;
  isCut: boolean;
  readRows: number;
  readBytes: number;
  millis: number;
}

export class ServerError extends Error {
  constructor(
    message: string,
    readonly code: number,
    /** Where in the statement, from 1; 0 where the message names no place. */
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }

  get asksForUser(): boolean {
    return this.code === 516 || this.code === 194 || this.code === 192;
  }
}

export interface Options {
  queryId?: string;
  signal?: AbortSignal;
  /** Rows kept; what comes behind them is not read. */
  limit?: number;
  onRows?: (answer: Answer) => void;
}

const FORMAT = 'JSONCompactEachRowWithNamesAndTypes';
const PLACE = /line (\d+), column (\d+)/;

let user = sessionStorage.getItem('user') ?? '';
let password = sessionStorage.getItem('password') ?? '';

/** The session's user; kept until the tab is closed. */
export function signIn(name: string, secret: string): void {
  user = name;
  password = secret;
  sessionStorage.setItem('user', name);
  sessionStorage.setItem('password', secret);
}

export function signedInAs(): string {
  return user;
}

function headers(): Record<string, string> {
  return user === '' ? {} : { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password };
}

function failure(text: string, code: number): ServerError {
  const message = text.replace(/^Code: \d+\. DB::Exception: /, '').trim();
  const place = PLACE.exec(message);
  return new ServerError(message, code, Number(place?.[1] ?? 0), Number(place?.[2] ?? 0));
}

/** Runs one statement and reads its rows as they come. */
export async function run(sql: string, options: Options = {}): Promise<Answer> {
  const started = performance.now();
  const parameters = new URLSearchParams({
    default_format: FORMAT,
    output_format_json_quote_64bit_integers: '1',
  });
  if (options.queryId !== undefined) {
    parameters.set('query_id', options.queryId);
  }
  const response = await fetch(`/query?${parameters}`, {
    method: 'POST',
    body: sql,
    headers: headers(),
    signal: options.signal ?? null,
  });
  if (!response.ok) {
    throw failure(
      await response.text(),
      Number(response.headers.get('X-ClickHouse-Exception-Code') ?? 0),
    );
  }
  const summary = JSON.parse(response.headers.get('X-ClickHouse-Summary') ?? '{}') as Record<
    string,
    string
  >;
  const answer: Answer = {
    columns: [],
    rows: [],
    text: null,
    isCut: false,
    readRows: Number(summary['read_rows'] ?? 0),
    readBytes: Number(summary['read_bytes'] ?? 0),
    millis: 0,
  };
  if (response.headers.get('X-ClickHouse-Format') === FORMAT) {
    await readRows(response, answer, options);
  } else {
    answer.text = await response.text();
  }
  answer.millis = performance.now() - started;
  return answer;
}

async function readRows(response: Response, answer: Answer, options: Options): Promise<void> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  const limit = options.limit ?? 1_000_000;
  let names: string[] | null = null;
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (done ? decoder.decode() : decoder.decode(value, { stream: true }))).split('\n');
    rest = done ? '' : lines.pop()!;
    for (const line of lines) {
      if (line === '') {
        continue;
      }
      if (!line.startsWith('[')) {
        // A statement that fails amid its rows says so behind them.
        throw failure(line.replace(/^.*?(Code: \d+)/, '$1'), Number(/Code: (\d+)/.exec(line)?.[1] ?? 0));
      }
      const values = JSON.parse(line) as Row;
      if (names === null) {
        names = values as string[];
      } else if (answer.columns.length === 0 && names.length > 0) {
        const known = names;
        answer.columns = values.map((type, i) => ({ name: known[i]!, type: String(type) }));
      } else if (answer.rows.length < limit) {
        answer.rows.push(values);
      } else {
        answer.isCut = true;
      }
    }
    options.onRows?.(answer);
    if (answer.isCut) {
      await reader.cancel();
      return;
    }
    if (done) {
      return;
    }
  }
}

/** Rows as objects, for what the console itself asks. */
export async function ask<T>(sql: string): Promise<T[]> {
  const answer = await run(sql);
  return answer.rows.map(
    (row) => Object.fromEntries(answer.columns.map((column, i) => [column.name, row[i]])) as T,
  );
}

export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
