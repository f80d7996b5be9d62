// SPDX-License-Identifier: Apache-2.0
/// How a function is declared: one value holds its names, its types, its NULL rule, its line of
/// documentation and its code.
package dev.varve.sql.function.definition;
