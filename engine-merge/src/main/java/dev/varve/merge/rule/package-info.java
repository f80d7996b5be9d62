// SPDX-License-Identifier: Apache-2.0
/// The six merge rules: what becomes of rows that share a sorting key. The same code serves
/// inserts, merges and exact reads, so that no merge can change an answer.
package dev.varve.merge.rule;
