// SPDX-License-Identifier: Apache-2.0
import { type Kind, chart } from './chart';
import { h } from './dom';
import { type Ask, Editor } from './editor';
import { Grid } from './grid';
import type { Page } from './page';
import { planOf } from './plan';
import { planView } from './planview';
import { SchemaBrowser, namesOf } from './schema';
import { type Answer, ServerError, ask, quoted, run } from './server';
import { bytes, count, duration } from './text';

const MOST_ROWS = 1_000_000;
const KEPT_QUERIES = 200;
const FIRST = 'SELECT number AS n, number * number AS square\nFROM numbers(100)';

type Tab = 'rows' | 'line' | 'bar' | 'plan';

interface Past {
  sql: string;
  at: number;
  millis: number;
  rows: number;
  failed: boolean;
}

function past(): Past[] {
  return JSON.parse(localStorage.getItem('history') ?? '[]') as Past[];
}

/** Editor, schema and results. */
export class SqlPage implements Page {
  readonly title = 'SQL';
  readonly element: HTMLElement;
  private readonly editor: Editor;
  private readonly schema = new SchemaBrowser((text) =>
    text.startsWith('SELECT ') ? this.runNew(text) : this.editor.insert(text),
  );
  private readonly grid = new Grid();
  private readonly result = h('div', { class: 'result' });
  private readonly status = h('span', { class: 'status', role: 'status' }, 'Ctrl+Enter runs the statement at the cursor');
  private readonly runButton = h('button', { class: 'primary', click: () => void this.run() }, 'Run');
  private readonly stopButton = h('button', { hidden: true, click: () => void this.stop() }, 'Cancel');
  private readonly tabs = h('div', { class: 'tabs', role: 'tablist' });
  private readonly old = h('div', { class: 'history', hidden: true });
  private answer: Answer | null = null;
  private tab: Tab = 'rows';
  private running: { id: string; abort: AbortController } | null = null;

  constructor() {
    const pane = h('div', { class: 'editor' });
    this.editor = new Editor(pane, localStorage.getItem('sql') ?? FIRST, {
      run: () => void this.run(),
      changed: (text) => localStorage.setItem('sql', text),
    });
    const names: [Tab, string][] = [
      ['rows', 'Rows'],
      ['line', 'Line'],
      ['bar', 'Bars'],
    ];
    this.tabs.append(
      ...names.map(([tab, name]) =>
        h('button', { role: 'tab', 'data-tab': tab, click: () => this.choose(tab) }, name),
      ),
    );
    this.element = h(
      'section',
      { class: 'sql' },
      this.schema.element,
      h(
        'div',
        { class: 'work' },
        pane,
        h(
          'div',
          { class: 'actions' },
          this.runButton,
          this.stopButton,
          h('button', { click: () => void this.explain() }, 'Explain'),
          h('button', { click: () => this.toggleHistory() }, 'History'),
          this.tabs,
          this.status,
        ),
        this.old,
        this.result,
      ),
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.running !== null) {
        void this.stop();
      }
    });
    new ResizeObserver(() => {
      if (this.tab === 'line' || this.tab === 'bar') {
        this.draw();
      }
    }).observe(this.result);
    this.choose('rows');
  }

  shown(): void {
    void this.learn();
  }

  hidden(): void {}

  /** Reads names anew, for completion and the browser. */
  async learn(): Promise<void> {
    try {
      const [names, functions] = await Promise.all([
        namesOf(),
        ask<{ name: string }>('SELECT name FROM system.functions ORDER BY name'),
        this.schema.refresh(),
      ]);
      this.editor.complete(names, functions.map((row) => row.name));
    } catch (failure) {
      this.fail(failure, null);
    }
  }

  private runNew(sql: string): void {
    this.editor.append(sql);
    void this.run();
  }

  private async run(): Promise<void> {
    const asked = this.editor.asked();
    if (asked === null) {
      return;
    }
    const answer = await this.execute(asked, asked.sql, (partial) => {
      this.answer = partial;
      if (this.tab === 'plan') {
        this.choose('rows');
      }
      this.grid.show(partial);
      this.status.textContent = `${count(partial.rows.length)} rows…`;
    });
    if (answer === null) {
      return;
    }
    this.answer = answer;
    if (this.tab === 'plan') {
      this.tab = 'rows';
    }
    this.choose(this.tab);
    this.grid.show(answer);
    const speed = answer.readRows / Math.max(0.001, answer.millis / 1000);
    this.status.textContent =
      `${count(answer.rows.length)} rows${answer.isCut ? ' (the first ones)' : ''} in ${duration(answer.millis)}` +
      (answer.readRows > 0
        ? ` · read ${count(answer.readRows)} rows, ${bytes(answer.readBytes)} · ${count(speed)} rows/s`
        : '');
    if (/^\s*(create|drop|alter|rename|exchange|attach|detach|insert|truncate)/i.test(asked.sql)) {
      void this.learn();
    }
  }

  private async explain(): Promise<void> {
    const asked = this.editor.asked();
    if (asked === null) {
      return;
    }
    const prefix = 'EXPLAIN ANALYZE ';
    const isExplained = /^\s*explain\b/i.test(asked.sql);
    const sql = isExplained ? asked.sql : prefix + asked.sql;
    const place = isExplained ? asked : { ...asked, from: asked.from - prefix.length };
    const answer = await this.execute(place, sql, () => {});
    if (answer !== null) {
      this.answer = null;
      this.tab = 'plan';
      this.result.replaceChildren(planView(planOf(answer.rows.map((row) => String(row[0])))));
      this.choose('plan');
      this.status.textContent = `explained in ${duration(answer.millis)}`;
    }
  }

  private async execute(asked: Ask, sql: string, onRows: (answer: Answer) => void): Promise<Answer | null> {
    if (this.running !== null) {
      return null;
    }
    const running = { id: crypto.randomUUID(), abort: new AbortController() };
    this.running = running;
    this.busy(true);
    this.editor.mark(null, null);
    const started = performance.now();
    const tick = window.setInterval(() => {
      this.status.textContent = `running for ${duration(performance.now() - started)}`;
    }, 250);
    let rows = 0;
    let failed = false;
    try {
      const answer = await run(sql, {
        queryId: running.id,
        signal: running.abort.signal,
        limit: MOST_ROWS,
        onRows: (partial) => {
          window.clearInterval(tick);
          onRows(partial);
        },
      });
      rows = answer.rows.length;
      return answer;
    } catch (failure) {
      failed = true;
      this.fail(failure, asked);
      return null;
    } finally {
      window.clearInterval(tick);
      this.running = null;
      this.busy(false);
      this.remember({ sql: asked.sql, at: Date.now(), millis: performance.now() - started, rows, failed });
    }
  }

  private async stop(): Promise<void> {
    const running = this.running;
    if (running !== null) {
      await run(`KILL QUERY WHERE query_id = ${quoted(running.id)}`).catch(() => undefined);
      running.abort.abort();
    }
  }

  private busy(isBusy: boolean): void {
    this.runButton.hidden = isBusy;
    this.stopButton.hidden = !isBusy;
  }

  private fail(failure: unknown, asked: Ask | null): void {
    if (failure instanceof ServerError) {
      if (failure.asksForUser) {
        window.dispatchEvent(new Event('sign-in'));
      }
      this.editor.mark(failure, asked);
      this.result.replaceChildren(h('pre', { class: 'error', role: 'alert' }, failure.message));
      this.status.textContent = 'failed';
    } else if (failure instanceof DOMException && failure.name === 'AbortError') {
      this.status.textContent = 'cancelled';
    } else {
      this.result.replaceChildren(h('pre', { class: 'error', role: 'alert' }, String(failure)));
      this.status.textContent = 'the server does not answer';
    }
  }

  private choose(tab: Tab): void {
    this.tab = tab;
    for (const button of this.tabs.querySelectorAll('button')) {
      button.setAttribute('aria-selected', String(button.dataset['tab'] === tab));
    }
    if (tab !== 'plan') {
      this.draw();
    }
  }

  private draw(): void {
    const answer = this.answer;
    if (answer === null) {
      return;
    }
    if (answer.text !== null) {
      this.result.replaceChildren(h('pre', {}, answer.text === '' ? 'Done.' : answer.text));
    } else if (answer.columns.length === 0) {
      this.result.replaceChildren(h('p', { class: 'hint' }, 'Done.'));
    } else if (this.tab === 'rows') {
      if (this.grid.element.parentElement !== this.result) {
        this.result.replaceChildren(this.grid.element);
      }
    } else {
      const kind: Kind = this.tab === 'bar' ? 'bar' : 'line';
      const { clientWidth, clientHeight } = this.result;
      this.result.replaceChildren(chart(answer, kind, clientWidth - 16, Math.max(200, clientHeight - 60)));
    }
  }

  private remember(entry: Past): void {
    const rest = past().filter((other) => other.sql !== entry.sql);
    localStorage.setItem('history', JSON.stringify([entry, ...rest].slice(0, KEPT_QUERIES)));
  }

  private toggleHistory(): void {
    this.old.hidden = !this.old.hidden;
    this.old.replaceChildren(
      ...past().map((entry) =>
        h(
          'button',
          {
            class: entry.failed ? 'past failed' : 'past',
            click: () => {
              this.editor.append(entry.sql);
              this.old.hidden = true;
            },
          },
          h('code', {}, entry.sql),
          h('small', {}, `${new Date(entry.at).toLocaleString()} · ${duration(entry.millis)} · ${count(entry.rows)} rows`),
        ),
      ),
    );
  }
}
