// SPDX-License-Identifier: Apache-2.0
/// Arithmetic, comparison, rounding, bits and mathematics.
package dev.varve.sql.function.number;
