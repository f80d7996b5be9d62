// SPDX-License-Identifier: Apache-2.0
/// Hashes, identifiers, and what a query can ask about its values.
package dev.varve.sql.function.misc;
