// SPDX-License-Identifier: Apache-2.0
import { h } from './dom';
import type { PlanNode } from './plan';
import { count, duration } from './text';

/** EXPLAIN ANALYZE as a tree: how long the bar of an operator is, that is its own share of the time. */
export function planView(roots: PlanNode[]): HTMLElement {
  const whole = Math.max(0.001, roots.reduce((sum, root) => sum + root.millis, 0));
  return h('div', { class: 'plan' }, ...roots.map((root) => branch(root, whole)));
}

function branch(node: PlanNode, whole: number): HTMLElement {
  const share = Math.min(1, node.ownMillis / whole);
  const bar = h('span', { class: share > 0.4 ? 'plan-bar hot' : 'plan-bar' });
  bar.style.width = `${Math.max(1, share * 100)}%`;
  return h(
    'div',
    { class: 'plan-node' },
    h(
      'div',
      { class: 'plan-box' },
      h('b', {}, node.operator),
      h('code', {}, node.detail),
      h(
        'span',
        { class: 'plan-figures' },
        `${count(node.rows)} rows · ${duration(node.ownMillis)} of ${duration(node.millis)}`,
        node.memory === '' ? null : ` · ${node.memory}`,
      ),
      h('span', { class: 'plan-track' }, bar),
    ),
    node.children.length === 0
      ? null
      : h('div', { class: 'plan-below' }, ...node.children.map((child) => branch(child, whole))),
  );
}
