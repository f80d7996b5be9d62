// SPDX-License-Identifier: Apache-2.0
import { h } from './dom';
import { LivePage, listing } from './page';
import { ask, quoted, run } from './server';
import { bytes, count, duration } from './text';

interface Running {
  query_id: string;
  user: string;
  query: string;
  elapsed: number;
  read_rows: string;
  total_rows_approx: string;
  memory_usage: string;
}

interface Done {
  query: string;
  user: string;
  query_start_time: string;
  query_duration_ms: string;
  read_rows: string;
  result_rows: string;
  exception: string;
}

/** What runs now, each with a way to end it, and what ran last. */
export class QueriesPage extends LivePage {
  readonly title = 'Queries';
  private readonly now = h('div');
  private readonly last = h('div');

  constructor() {
    super(1000);
    this.element.append(
      h('header', {}, h('h2', {}, 'Running')),
      this.now,
      h('header', {}, h('h2', {}, 'Last')),
      this.last,
    );
  }

  protected async refresh(): Promise<void> {
    const [running, done] = await Promise.all([
      ask<Running>(
        'SELECT query_id, user, query, elapsed, read_rows, total_rows_approx, memory_usage' +
          " FROM system.processes WHERE query NOT LIKE '%system.processes%' ORDER BY elapsed DESC",
      ),
      ask<Done>(
        'SELECT query, user, query_start_time, query_duration_ms, read_rows, result_rows, exception' +
          " FROM system.query_log WHERE type <> 'QueryStart' AND query NOT LIKE '%system.%'" +
          ' ORDER BY query_start_time DESC LIMIT 50',
      ),
    ]);
    this.now.replaceChildren(
      running.length === 0
        ? h('p', { class: 'hint' }, 'Nothing runs.')
        : listing(
            ['for', 'rows read', 'of', 'memory', 'user', 'statement', ''],
            running.map((query) => [
              duration(query.elapsed * 1000),
              count(Number(query.read_rows)),
              Number(query.total_rows_approx) > 0 ? count(Number(query.total_rows_approx)) : '',
              bytes(Number(query.memory_usage)),
              query.user,
              h('code', { title: query.query }, query.query),
              h('button', { class: 'kill', click: () => void this.kill(query.query_id) }, 'Kill'),
            ]),
          ),
    );
    this.last.replaceChildren(
      listing(
        ['at', 'took', 'rows read', 'rows given', 'user', 'statement', ''],
        done.map((query) => [
          query.query_start_time,
          duration(Number(query.query_duration_ms)),
          count(Number(query.read_rows)),
          count(Number(query.result_rows)),
          query.user,
          h('code', { title: query.query }, query.query),
          query.exception === '' ? '' : h('span', { class: 'error', title: query.exception }, 'failed'),
        ]),
      ),
    );
  }

  private async kill(id: string): Promise<void> {
    await run(`KILL QUERY WHERE query_id = ${quoted(id)}`);
    await this.round();
  }
}
