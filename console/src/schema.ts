// SPDX-License-Identifier: Apache-2.0
import { h } from './dom';
import { ask, quoted } from './server';
import { bytes, count } from './text';

export interface TableInfo {
  database: string;
  name: string;
  engine: string;
  total_rows: string | null;
  total_bytes: string | null;
}

interface ColumnInfo {
  name: string;
  type: string;
}

/** The names that completion offers: columns by `database.table` and by table. */
export type Names = Record<string, string[]>;

export async function namesOf(): Promise<Names> {
  const columns = await ask<{ database: string; table: string; name: string }>(
    'SELECT database, table, name FROM system.columns ORDER BY database, table, position',
  );
  const names: Names = {};
  for (const { database, table, name } of columns) {
    (names[`${database}.${table}`] ??= []).push(name);
    if (database === 'default') {
      (names[table] ??= []).push(name);
    }
  }
  return names;
}

export function tables(): Promise<TableInfo[]> {
  return ask<TableInfo>(
    'SELECT database, name, engine, total_rows, total_bytes FROM system.tables' +
      " WHERE lower(database) <> 'information_schema' ORDER BY database = 'system', database, name",
  );
}

export function fullName(table: { database: string; name: string }): string {
  const name = plain(table.name);
  return table.database === 'default' ? name : `${plain(table.database)}.${name}`;
}

function plain(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll('`', '\\`')}\``;
}

/** Databases, their tables, and the columns of those that are opened. */
export class SchemaBrowser {
  readonly element = h('nav', { class: 'schema', 'aria-label': 'Schema' });

  constructor(private readonly insert: (text: string) => void) {}

  async refresh(): Promise<void> {
    const open = new Set(
      [...this.element.querySelectorAll('details[open]')].map((d) => d.getAttribute('data-name')),
    );
    const byDatabase = Map.groupBy(await tables(), (table) => table.database);
    this.element.replaceChildren(
      ...[...byDatabase].map(([database, list]) => {
        const isOpen = open.size === 0 ? database !== 'system' : open.has(database);
        return h(
          'details',
          { 'data-name': database, open: isOpen },
          h('summary', { class: 'database' }, database),
          ...list.map((table) => this.table(table, open.has(`${database}.${table.name}`))),
        );
      }),
    );
  }

  private table(table: TableInfo, isOpen: boolean): HTMLElement {
    const name = `${table.database}.${table.name}`;
    const rows = table.total_rows === null ? '' : count(Number(table.total_rows));
    const details = h(
      'details',
      { 'data-name': name, class: 'table', open: isOpen },
      h(
        'summary',
        { title: `${table.engine} · ${rows} rows · ${bytes(Number(table.total_bytes ?? 0))}` },
        table.name,
        h('small', {}, rows),
      ),
    );
    details.addEventListener('toggle', () => {
      if (details.open && details.querySelector('ul') === null) {
        void this.columns(table, details);
      }
    });
    if (isOpen) {
      void this.columns(table, details);
    }
    return details;
  }

  private async columns(table: TableInfo, details: HTMLElement): Promise<void> {
    const columns = await ask<ColumnInfo>(
      `SELECT name, type FROM system.columns WHERE database = ${quoted(table.database)}` +
        ` AND table = ${quoted(table.name)} ORDER BY position`,
    );
    const look = `SELECT * FROM ${fullName(table)} LIMIT 100`;
    details.append(
      h('button', { class: 'link', click: () => this.insert(look) }, 'look at 100 rows'),
      h(
        'ul',
        {},
        ...columns.map((column) =>
          h('li', { click: () => this.insert(plain(column.name)) }, column.name, h('small', {}, column.type)),
        ),
      ),
    );
  }
}
