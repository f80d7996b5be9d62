// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import java.math.BigInteger;

/// What is known of a column's values in one granule (or, united, in a part) without reading them.
///
/// Bounds are raw values: `Long` for kinds that fit a long (read as unsigned where the type says),
/// `BigInteger` for wider ones, `Double` for floats (NaN never counts), `byte[]` for byte strings,
/// where a long bound is cut: `min` to a prefix, `max` to a prefix counted up, or null if none.
/// Both are null where all rows are NULL (or NaN) and for lists and structs.
///
/// @param min no value is below it
/// @param max no value is above it
/// @param exact whether both bounds are values that occur
/// @param nulls rows that are NULL
/// @param sum exact sum of integers and unscaled decimals, else null
public record ColumnStats(Object min, Object max, boolean exact, long nulls, BigInteger sum) {}
