// SPDX-License-Identifier: Apache-2.0
import { h, svg } from './dom';
import { LivePage, listing } from './page';
import { type TableInfo, tables } from './schema';
import { ask, quoted } from './server';
import { bytes, count, duration } from './text';

interface Part {
  name: string;
  partition: string;
  level: string;
  rows: string;
  dead_rows: string;
  bytes_on_disk: string;
  part_type: string;
}

interface Merge {
  source_part_names: string[];
  result_part_name: string;
  progress: number;
  elapsed: number;
  rows_per_second: string;
  total_size_bytes_compressed: string;
}

const WIDTH = 1000;
const LEVEL_HEIGHT = 64;
const LEFT = 70;

/** The parts of a table by level, each as wide as its share of the bytes, and the merges at work. */
export class PartsPage extends LivePage {
  readonly title = 'Parts';
  private readonly choice = h('select', { 'aria-label': 'Table', change: () => void this.round() });
  private readonly body = h('div');
  private known = '';

  constructor() {
    super(1000);
    this.element.append(h('header', {}, h('h2', {}, 'Parts of '), this.choice), this.body);
  }

  protected async refresh(): Promise<void> {
    await this.list();
    const [database, table] = JSON.parse(this.choice.value || '["",""]') as [string, string];
    if (table === '') {
      this.body.replaceChildren(h('p', { class: 'hint' }, 'There is no table with parts yet.'));
      return;
    }
    const of = `database = ${quoted(database)} AND table = ${quoted(table)}`;
    const [parts, merges] = await Promise.all([
      ask<Part>(
        'SELECT name, partition, level, rows, dead_rows, bytes_on_disk, part_type FROM system.parts' +
          ` WHERE active AND ${of} ORDER BY level DESC, bytes_on_disk DESC`,
      ),
      ask<Merge>(
        'SELECT source_part_names, result_part_name, progress, elapsed, rows_per_second,' +
          ` total_size_bytes_compressed FROM system.merges WHERE ${of}`,
      ),
    ]);
    const rows = parts.reduce((sum, part) => sum + Number(part.rows), 0);
    const size = parts.reduce((sum, part) => sum + Number(part.bytes_on_disk), 0);
    this.body.replaceChildren(
      h(
        'p',
        { class: 'figures' },
        `${count(parts.length)} parts · ${count(rows)} rows · ${bytes(size)} · ${count(merges.length)} merges at work`,
      ),
      drawing(parts, merges),
      listing(
        ['merge into', 'from', 'bytes', 'rows/s', 'for', 'progress'],
        merges.map((merge) => [
          merge.result_part_name,
          merge.source_part_names.join(', '),
          bytes(Number(merge.total_size_bytes_compressed)),
          count(Number(merge.rows_per_second)),
          duration(merge.elapsed * 1000),
          h('progress', { max: 1, value: merge.progress }),
        ]),
      ),
    );
  }

  private async list(): Promise<void> {
    const all = (await tables()).filter(
      (table: TableInfo) => /MergeTree/.test(table.engine) && table.database !== 'system',
    );
    const names = JSON.stringify(all.map((table) => [table.database, table.name]));
    if (names !== this.known) {
      const chosen = this.choice.value;
      this.known = names;
      this.choice.replaceChildren(
        ...all.map((table) =>
          h('option', { value: JSON.stringify([table.database, table.name]) }, `${table.database}.${table.name}`),
        ),
      );
      this.choice.value = all.some((t) => JSON.stringify([t.database, t.name]) === chosen)
        ? chosen
        : this.choice.options[0]?.value ?? '';
    }
  }
}

function drawing(parts: Part[], merges: Merge[]): SVGElement {
  const merging = new Set(merges.flatMap((merge) => merge.source_part_names));
  const levels = [...Map.groupBy(parts, (part) => Number(part.level))].sort(([a], [b]) => b - a);
  const height = Math.max(1, levels.length) * LEVEL_HEIGHT;
  const largest = Math.max(
    1,
    ...levels.map(([, list]) => list.reduce((sum, part) => sum + Number(part.bytes_on_disk), 0)),
  );
  const picture = svg('svg', {
    class: 'strata',
    viewBox: `0 0 ${WIDTH} ${height}`,
    role: 'img',
    'aria-label': 'Parts by level',
  });
  levels.forEach(([level, list], row) => {
    const y = row * LEVEL_HEIGHT;
    picture.append(
      svg('text', { x: 4, y: y + LEVEL_HEIGHT / 2 + 4 }, `level ${level}`),
      svg('line', { x1: LEFT, x2: WIDTH, y1: y + LEVEL_HEIGHT - 4, y2: y + LEVEL_HEIGHT - 4 }),
    );
    const room = WIDTH - LEFT - 2 * list.length;
    let x = LEFT;
    for (const part of list) {
      const share = Number(part.bytes_on_disk) / largest;
      const width = Math.max(3, share * room);
      const tall = 14 + 40 * Math.min(1, Math.log2(1 + Number(part.bytes_on_disk)) / 36);
      picture.append(
        svg(
          'rect',
          {
            x,
            y: y + LEVEL_HEIGHT - 4 - tall,
            width,
            height: tall,
            rx: 2,
            class: merging.has(part.name) ? 'part merging' : 'part',
          },
          svg(
            'title',
            {},
            `${part.name}\n${count(Number(part.rows))} rows, ${count(Number(part.dead_rows))} of them dead\n` +
              `${bytes(Number(part.bytes_on_disk))}, ${part.part_type}, partition ${part.partition}`,
          ),
        ),
      );
      x += width + 2;
    }
  });
  return picture;
}
