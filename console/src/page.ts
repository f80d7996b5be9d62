// SPDX-License-Identifier: Apache-2.0
import { h } from './dom';
import { ServerError } from './server';

/** One of the views that the bar at the side leads to. */
export interface Page {
  readonly title: string;
  readonly element: HTMLElement;
  shown(): void;
  hidden(): void;
}

/** A page that asks the server again and again while it is looked at, never twice at once. */
export abstract class LivePage implements Page {
  abstract readonly title: string;
  readonly element = h('section', { class: 'live' });
  private readonly trouble = h('p', { class: 'error', role: 'alert', hidden: true });
  private timer = 0;
  private isShown = false;

  constructor(private readonly everyMillis: number) {
    this.element.append(this.trouble);
  }

  protected abstract refresh(): Promise<void>;

  shown(): void {
    this.isShown = true;
    void this.round();
  }

  hidden(): void {
    this.isShown = false;
    window.clearTimeout(this.timer);
  }

  protected async round(): Promise<void> {
    window.clearTimeout(this.timer);
    try {
      await this.refresh();
      this.trouble.hidden = true;
    } catch (failure) {
      if (failure instanceof ServerError && failure.asksForUser) {
        window.dispatchEvent(new Event('sign-in'));
      }
      this.trouble.textContent = failure instanceof ServerError ? failure.message : 'The server does not answer.';
      this.trouble.hidden = false;
    }
    if (this.isShown) {
      this.timer = window.setTimeout(() => void this.round(), this.everyMillis);
    }
  }
}

/** A plain table with a heading for each column. */
export function listing(headings: string[], rows: (Node | string)[][]): HTMLElement {
  return h(
    'table',
    { class: 'listing' },
    h('thead', {}, h('tr', {}, ...headings.map((heading) => h('th', {}, heading)))),
    h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, cell))))),
  );
}
