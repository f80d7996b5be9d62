// SPDX-License-Identifier: Apache-2.0
/// From an optimized tree to the operators that run: expressions with exact types and casts, scans
/// with what they may skip, joins with their keys.
package dev.varve.sql.plan.physical;
