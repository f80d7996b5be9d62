// SPDX-License-Identifier: Apache-2.0
/// Functions of tuples: arithmetic field by field, joining, names; tuples and arrays as vectors.
package dev.varve.sql.function.tuple;
