// SPDX-License-Identifier: Apache-2.0
import { h, svg } from './dom';
import { LivePage, listing } from './page';
import { ask } from './server';
import { bytes, count } from './text';

interface Ingest {
  topic: string;
  partition: string;
  table: string;
  log_end_offset: string;
  applied_offset: string;
  durable_offset: string;
  lag: string;
  bytes: string;
  last_error: string;
}

interface Seen {
  at: number;
  end: number;
  applied: number;
}

const KEPT = 60;

/** How far each partition of the log has come into its table. */
export class IngestPage extends LivePage {
  readonly title = 'Ingest';
  private readonly body = h('div');
  private readonly seen = new Map<string, Seen[]>();

  constructor() {
    super(1000);
    this.element.append(h('header', {}, h('h2', {}, 'Log and tables')), this.body);
  }

  protected async refresh(): Promise<void> {
    const [rows, dead] = await Promise.all([
      ask<Ingest>(
        'SELECT topic, partition, table, log_end_offset, applied_offset, durable_offset, lag, bytes,' +
          ' last_error FROM system.ingest ORDER BY topic, partition',
      ),
      ask<{ topic: string; n: string }>('SELECT topic, count() AS n FROM system.dead_letters GROUP BY topic'),
    ]);
    const letters = new Map(dead.map((row) => [row.topic, Number(row.n)]));
    if (rows.length === 0) {
      this.body.replaceChildren(h('p', { class: 'hint' }, 'No table reads from the log yet.'));
      return;
    }
    const now = performance.now();
    this.body.replaceChildren(
      listing(
        ['topic', 'partition', 'table', 'log end', 'applied', 'in parts', 'lag', '', 'rows/s in', 'rows/s applied', 'log size', 'dead letters', ''],
        rows.map((row) => {
          const past = this.past(row, now);
          const first = past[0]!;
          const last = past.at(-1)!;
          const seconds = Math.max(0.001, (last.at - first.at) / 1000);
          const lag = h('b', { class: Number(row.lag) > 0 ? 'lag behind' : 'lag' }, count(Number(row.lag)));
          return [
            row.topic,
            row.partition,
            row.table,
            count(Number(row.log_end_offset)),
            count(Number(row.applied_offset)),
            count(Number(row.durable_offset)),
            lag,
            spark(past.map((seen) => seen.end - seen.applied)),
            count((last.end - first.end) / seconds),
            count((last.applied - first.applied) / seconds),
            bytes(Number(row.bytes)),
            count(letters.get(row.topic) ?? 0),
            row.last_error === '' ? '' : h('span', { class: 'error' }, row.last_error),
          ];
        }),
      ),
    );
  }

  private past(row: Ingest, at: number): Seen[] {
    const key = `${row.topic}/${row.partition}`;
    const past = this.seen.get(key) ?? [];
    past.push({ at, end: Number(row.log_end_offset), applied: Number(row.applied_offset) });
    past.splice(0, past.length - KEPT);
    this.seen.set(key, past);
    return past;
  }
}

/** The last minute of a figure as a small line. */
function spark(values: number[]): SVGElement {
  const top = Math.max(1, ...values);
  const points = values.map((value, i) => `${(i * 100) / KEPT},${20 - (18 * value) / top}`).join(' ');
  return svg('svg', { class: 'spark', viewBox: '0 0 100 20' }, svg('polyline', { points }));
}
