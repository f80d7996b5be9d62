// SPDX-License-Identifier: Apache-2.0
import { h } from './dom';
import type { Answer } from './server';
import { shown } from './text';

const ROW_HEIGHT = 24;
/** Browsers cut elements above some 30 million pixels: taller contents are scrolled in proportion. */
const TALLEST = 15_000_000;
const SAMPLED_ROWS = 200;
const WIDEST = 60;
const NUMBERS = /^(Nullable\()?(U?Int|Float|Decimal|BFloat)/;

/** Rows of an answer; only those in sight are in the document, however many there are. */
export class Grid {
  readonly element = h('div', { class: 'grid', tabindex: 0, role: 'grid' });
  private readonly head = h('div', { class: 'grid-head', role: 'row' });
  private readonly space = h('div', { class: 'grid-space' });
  private readonly view = h('div', { class: 'grid-view' });
  private answer: Answer | null = null;
  private widths = '';
  private drawn = '';

  constructor() {
    this.space.append(this.view);
    this.element.append(this.head, this.space);
    this.element.addEventListener('scroll', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  show(answer: Answer): void {
    const isNew = this.answer !== answer;
    this.answer = answer;
    if (isNew) {
      this.element.scrollTop = 0;
      this.widths = '';
    }
    if (this.widths === '' || answer.rows.length <= SAMPLED_ROWS) {
      this.measure(answer);
    }
    this.space.style.height = `${Math.min(TALLEST, answer.rows.length * ROW_HEIGHT)}px`;
    this.drawn = '';
    this.draw();
  }

  private measure(answer: Answer): void {
    const digits = String(answer.rows.length).length;
    const widths = answer.columns.map((column, c) => {
      let longest = Math.max(column.name.length, column.type.length);
      for (const row of answer.rows.slice(0, SAMPLED_ROWS)) {
        longest = Math.max(longest, shown(row[c]).length);
      }
      return `${Math.min(WIDEST, longest) + 2}ch`;
    });
    this.widths = [`${digits + 3}ch`, ...widths].join(' ');
    this.head.replaceChildren(
      h('span', { class: 'number' }, ''),
      ...answer.columns.map((column) =>
        h(
          'span',
          { role: 'columnheader', class: NUMBERS.test(column.type) ? 'right' : '' },
          column.name,
          h('small', {}, column.type),
        ),
      ),
    );
    this.head.style.gridTemplateColumns = this.widths;
  }

  private draw(): void {
    const answer = this.answer;
    if (answer === null) {
      return;
    }
    const rows = answer.rows.length;
    const height = this.element.clientHeight;
    const inSight = Math.ceil(height / ROW_HEIGHT) + 1;
    const tall = Math.min(TALLEST, rows * ROW_HEIGHT);
    const range = Math.max(1, tall - height);
    const share = Math.min(1, this.element.scrollTop / range);
    const isScaled = rows * ROW_HEIGHT > TALLEST;
    const first = isScaled
      ? Math.floor(share * Math.max(0, rows - inSight + 2))
      : Math.floor(this.element.scrollTop / ROW_HEIGHT);
    const last = Math.min(rows, first + inSight);
    const drawn = `${first}-${last}`;
    if (drawn === this.drawn) {
      return;
    }
    this.drawn = drawn;
    this.view.style.top = `${isScaled ? this.element.scrollTop : first * ROW_HEIGHT}px`;
    const lines: Node[] = [];
    for (let r = first; r < last; r++) {
      const row = answer.rows[r]!;
      const line = h('div', { class: 'grid-row', role: 'row' });
      line.style.gridTemplateColumns = this.widths;
      line.append(h('span', { class: 'number' }, r + 1));
      answer.columns.forEach((column, c) => {
        const value = row[c];
        const text = shown(value);
        const right = NUMBERS.test(column.type) ? ' right' : '';
        line.append(
          h('span', { class: (value === null ? 'null' : '') + right, title: text }, text),
        );
      });
      lines.push(line);
    }
    this.view.replaceChildren(...lines);
  }
}
