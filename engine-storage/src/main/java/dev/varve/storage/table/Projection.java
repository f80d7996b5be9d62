// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

/// A projection as declared. It is remembered and shown, and changes no answer.
///
/// @param query what stands in the parentheses
public record Projection(String name, String query) {}
