// SPDX-License-Identifier: Apache-2.0
/// Rows that do not fit into a query's memory: pages of columns in temporary files that are gone
/// when the query is.
package dev.varve.sql.spill;
