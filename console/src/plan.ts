// SPDX-License-Identifier: Apache-2.0

/** An operator of EXPLAIN ANALYZE with what it gave and took. */
export interface PlanNode {
  operator: string;
  detail: string;
  rows: number;
  /** Of the operator and all below it. */
  millis: number;
  /** Of the operator alone. */
  ownMillis: number;
  memory: string;
  children: PlanNode[];
}

const MEASURED = /^(.*?)\s*\(rows (\d+), ([\d.]+) ms(?:, (.*))?\)\s*$/;

/** The tree that indented lines draw. */
export function planOf(lines: string[]): PlanNode[] {
  const roots: PlanNode[] = [];
  const path: { depth: number; node: PlanNode }[] = [];
  for (const line of lines) {
    const depth = line.length - line.trimStart().length;
    const measured = MEASURED.exec(line.trim());
    const text = measured?.[1] ?? line.trim();
    const blank = text.indexOf(' ');
    const node: PlanNode = {
      operator: blank < 0 ? text : text.slice(0, blank),
      detail: blank < 0 ? '' : text.slice(blank + 1),
      rows: Number(measured?.[2] ?? 0),
      millis: Number(measured?.[3] ?? 0),
      ownMillis: 0,
      memory: measured?.[4] ?? '',
      children: [],
    };
    while (path.length > 0 && path.at(-1)!.depth >= depth) {
      path.pop();
    }
    (path.at(-1)?.node.children ?? roots).push(node);
    path.push({ depth, node });
  }
  roots.forEach(own);
  return roots;
}

function own(node: PlanNode): void {
  node.children.forEach(own);
  const below = node.children.reduce((sum, child) => sum + child.millis, 0);
  node.ownMillis = Math.max(0, node.millis - below);
}
