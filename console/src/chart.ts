// SPDX-License-Identifier: Apache-2.0
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { h } from './dom';
import type { Answer } from './server';

export type Kind = 'line' | 'bar';

const NUMBER = /^(Nullable\()?(U?Int|Float|Decimal|BFloat)/;
const TIME = /^(Nullable\()?(Date|DateTime)/;
const MOST_POINTS = 100_000;

export interface Series {
  isTime: boolean;
  /** What stands below the axis where x is no number. */
  labels: string[] | null;
  x: number[];
  y: { name: string; values: (number | null)[] }[];
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** The first column as x, unless another is a time; all numbers of the others as y. Null where
 * there is nothing to draw. */
export function seriesOf(answer: Answer): Series | null {
  const { columns } = answer;
  const rows = answer.rows.slice(0, MOST_POINTS);
  const time = columns.findIndex((column) => TIME.test(column.type));
  const x = time >= 0 ? time : 0;
  const y = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column, index }) => index !== x && NUMBER.test(column.type));
  const only = columns.length === 1 && NUMBER.test(columns[0]!.type);
  if (rows.length === 0 || (y.length === 0 && !only)) {
    return null;
  }
  const isTime = time >= 0;
  const isNumber = !isTime && !only && NUMBER.test(columns[x]!.type);
  const places = rows.map((row, i) => {
    if (isTime) {
      return Date.parse(`${String(row[x]).replace(' ', 'T')}${/\d:\d/.test(String(row[x])) ? 'Z' : ''}`) / 1000;
    }
    return isNumber ? Number(row[x]) : i;
  });
  const order = isTime || isNumber ? sorted(places) : places.map((_, i) => i);
  return {
    isTime,
    labels: isTime || isNumber || only ? null : rows.map((row) => String(row[x])),
    x: order.map((i) => places[i]!),
    y: (only ? [{ column: columns[0]!, index: 0 }] : y).map(({ column, index }) => ({
      name: column.name,
      values: order.map((i) => numberOf(rows[i]![index])),
    })),
  };
}

function sorted(places: number[]): number[] {
  return places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
}

/** What a colour of the theme is now: a drawing takes no variables. */
export function ink(name: string, alpha = 1): string {
  const probe = h('i', { hidden: true });
  probe.style.color = `color-mix(in srgb, var(${name}) ${alpha * 100}%, transparent)`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

export function color(index: number, alpha = 1): string {
  return ink(`--series-${(index % 6) + 1}`, alpha);
}

export function axes(labels: string[] | null): uPlot.Axis[] {
  const style = { stroke: ink('--quiet'), grid: { stroke: ink('--line'), width: 1 }, ticks: { show: false } };
  const below: uPlot.Axis =
    labels === null
      ? { ...style }
      : { ...style, values: (_, splits) => splits.map((at) => labels[at] ?? '') };
  return [below, { ...style, size: 70 }];
}

/** A drawing of an answer, as wide as its place. */
export function chart(answer: Answer, kind: Kind, width: number, height: number): HTMLElement {
  const series = seriesOf(answer);
  const place = h('div', { class: 'chart' });
  if (series === null) {
    place.append(h('p', { class: 'hint' }, 'A chart needs a column of numbers.'));
    return place;
  }
  const bars = uPlot.paths.bars!({ size: [0.7, 60] });
  const options: uPlot.Options = {
    width,
    height,
    scales: { x: { time: series.isTime }, y: kind === 'bar' ? { range: (_, min, max) => [Math.min(0, min), Math.max(0, max) * 1.05 || 1] } : {} },
    axes: axes(series.labels),
    series: [
      { label: series.labels === null ? 'x' : 'row' },
      ...series.y.map((y, i) => ({
        label: y.name,
        stroke: color(i),
        width: kind === 'bar' ? 1 : 1.5,
        ...(kind === 'bar' ? { fill: color(i, 0.7), paths: bars, points: { show: false } } : {}),
      })),
    ],
  };
  new uPlot(options, [series.x, ...series.y.map((y) => y.values)], place);
  return place;
}
