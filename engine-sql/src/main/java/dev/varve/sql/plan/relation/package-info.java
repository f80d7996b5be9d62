// SPDX-License-Identifier: Apache-2.0
/// Relational operators that the standard has no words for: unnested arrays, joins that choose one
/// partner, gaps that are filled.
package dev.varve.sql.plan.relation;
