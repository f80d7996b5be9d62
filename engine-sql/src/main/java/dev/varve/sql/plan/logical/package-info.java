// SPDX-License-Identifier: Apache-2.0
/// Rewrites of the tree that keep its meaning: subqueries to joins, filters down, joins in a good
/// order, columns nobody needs away.
package dev.varve.sql.plan.logical;
