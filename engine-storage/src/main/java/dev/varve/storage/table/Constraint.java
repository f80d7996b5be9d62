// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

/// A condition on the rows of a table.
///
/// @param checked whether an insert is held to it (`CHECK`); else it is taken for granted
/// @param expression SQL of the condition
public record Constraint(String name, boolean checked, String expression) {}
