// SPDX-License-Identifier: Apache-2.0
/// Sorted rows of many parts as one order: key groups, cursors, the loser tree.
package dev.varve.merge.order;
