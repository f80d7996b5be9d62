// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { planOf } from './plan';

test('indented lines become a tree, each operator with its own share of the time', () => {
  const [root] = planOf([
    'Sort [$1 desc] limit 3  (rows 3, 10.000 ms)',
    '  HashJoin INNER left=[1] right=[0]  (rows 500, 9.000 ms, 1.5 MiB)',
    '    Scan default.b [k, id]  (rows 1000, 2.000 ms)',
    '    Scan default.b [id] where [less($0, 500)]  (rows 500, 3.000 ms)',
  ]);
  expect(root!.operator).toBe('Sort');
  expect(root!.ownMillis).toBe(1);
  const join = root!.children[0]!;
  expect(join).toMatchObject({ operator: 'HashJoin', rows: 500, ownMillis: 4, memory: '1.5 MiB' });
  expect(join.children.map((scan) => scan.rows)).toEqual([1000, 500]);
});

test('a plan that was not run has no figures', () => {
  const [root] = planOf(['Project [2]', '  Values 0 rows']);
  expect(root).toMatchObject({ operator: 'Project', detail: '[2]', rows: 0, millis: 0 });
  expect(root!.children).toHaveLength(1);
});
