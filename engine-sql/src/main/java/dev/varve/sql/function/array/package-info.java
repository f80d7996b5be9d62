// SPDX-License-Identifier: Apache-2.0
/// Arrays, tuples and maps, with and without lambdas.
package dev.varve.sql.function.array;
