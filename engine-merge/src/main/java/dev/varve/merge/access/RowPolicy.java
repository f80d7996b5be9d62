// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

/// Which rows of a table its readers see. Of permissive policies one must hold, of restrictive ones
/// all. Whom no policy of the table is for sees no row of it.
///
/// @param condition an expression over the columns of the table
public record RowPolicy(
    String name,
    String database,
    String table,
    String condition,
    boolean restrictive,
    Audience to) {}
