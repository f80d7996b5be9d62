// SPDX-License-Identifier: Apache-2.0
/// Values of one type as values of another: CAST and the `toXxx` functions.
package dev.varve.sql.function.conversion;
