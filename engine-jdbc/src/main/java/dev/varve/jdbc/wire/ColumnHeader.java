// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

/// Name and type of a column of an answer.
public record ColumnHeader(String name, SqlType type) {}
