// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { offsetOf, statementAt, statements } from './statements';

const texts = (all: string): string[] => statements(all).map(({ from, to }) => all.slice(from, to));

test('semicolons part statements, but not within quotes and comments', () => {
  expect(texts("SELECT ';' ; SELECT 2 -- no; end\n;; SELECT `a;b` /* ; */")).toEqual([
    "SELECT ';'",
    'SELECT 2 -- no; end',
    'SELECT `a;b` /* ; */',
  ]);
});

test('an escaped quote ends no text', () => {
  expect(texts("SELECT 'it\\'s; fine'; SELECT 'a''b;c'")).toEqual([
    "SELECT 'it\\'s; fine'",
    "SELECT 'a''b;c'",
  ]);
});

test('the statement at the cursor is the one it stands in or behind', () => {
  const all = 'SELECT 1;\nSELECT 2;\n';
  const at = (cursor: number): string => {
    const { from, to } = statementAt(all, cursor)!;
    return all.slice(from, to);
  };
  expect(at(0)).toBe('SELECT 1');
  expect(at(9)).toBe('SELECT 1');
  expect(at(12)).toBe('SELECT 2');
  expect(at(all.length)).toBe('SELECT 2');
  expect(statementAt('  -- nothing', 1)).not.toBeNull();
  expect(statementAt('   ', 1)).toBeNull();
});

test('lines and columns count from one', () => {
  expect(offsetOf('ab\ncd', 2, 2)).toBe(4);
  expect(offsetOf('ab', 5, 1)).toBe(2);
});
