// SPDX-License-Identifier: Apache-2.0
/// From a parsed query to operators: names and types resolved, subqueries unnested, joins ordered,
/// granules pruned.
package dev.varve.sql.plan;
