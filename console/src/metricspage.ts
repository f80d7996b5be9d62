// SPDX-License-Identifier: Apache-2.0
import uPlot from 'uplot';
import { axes, color } from './chart';
import { h } from './dom';
import { LivePage } from './page';
import { ask } from './server';
import { bytes, count } from './text';

interface Metric {
  metric: string;
  value: string;
  description: string;
}

const KEPT = 300;
const EVERY_MILLIS = 2000;

/** The server's figures over the time that the page is open; totals as their growth each second. */
export class MetricsPage extends LivePage {
  readonly title = 'Metrics';
  private readonly body = h('div', { class: 'metrics' });
  private readonly cards = new Map<string, { plot: uPlot; figure: HTMLElement; values: number[] }>();
  private readonly times: number[] = [];

  constructor() {
    super(EVERY_MILLIS);
    this.element.append(h('header', {}, h('h2', {}, 'Metrics')), this.body);
  }

  protected async refresh(): Promise<void> {
    const metrics = await ask<Metric>('SELECT metric, value, description FROM system.metrics ORDER BY metric');
    this.times.push(Date.now() / 1000);
    this.times.splice(0, this.times.length - KEPT);
    for (const metric of metrics) {
      const card = this.cards.get(metric.metric) ?? this.card(metric);
      while (card.values.length < this.times.length - 1) {
        card.values.push(Number(metric.value));
      }
      card.values.push(Number(metric.value));
      card.values.splice(0, card.values.length - KEPT);
      const values = metric.metric.endsWith('_total') ? this.growth(card.values) : card.values;
      const last = values.at(-1) ?? 0;
      card.figure.textContent =
        (metric.metric.includes('bytes') ? bytes(last) : count(last)) +
        (metric.metric.endsWith('_total') ? '/s' : '');
      card.plot.setData([this.times, values]);
    }
  }

  private growth(values: number[]): number[] {
    return values.map((value, i) => {
      const seconds = i === 0 ? 1 : this.times[i]! - this.times[i - 1]!;
      return i === 0 ? 0 : Math.max(0, (value - values[i - 1]!) / Math.max(0.001, seconds));
    });
  }

  private card(metric: Metric): { plot: uPlot; figure: HTMLElement; values: number[] } {
    const figure = h('b');
    const place = h(
      'div',
      { class: 'card', title: metric.description },
      h('span', {}, metric.metric.replace(/^varve_/, '').replaceAll('_', ' ')),
      figure,
    );
    this.body.append(place);
    const [below, side] = axes(null);
    const plot = new uPlot(
      {
        width: Math.max(200, place.clientWidth - 20),
        height: 110,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: true, range: () => lately() } },
        axes: [{ ...below!, size: 24 }, { ...side!, size: 50, values: (_, splits) => splits.map(short) }],
        series: [{}, { stroke: color(0), fill: color(0, 0.2), width: 1.5, points: { show: false } }],
      },
      [[], []],
      place,
    );
    const card = { plot, figure, values: [] };
    this.cards.set(metric.metric, card);
    return card;
  }
}

/** What the cards show of time, in seconds. */
function lately(): [number, number] {
  const now = Date.now() / 1000;
  return [now - (KEPT * EVERY_MILLIS) / 1000, now];
}

function short(value: number): string {
  return new Intl.NumberFormat('en-US', { notation: 'compact' }).format(value);
}
