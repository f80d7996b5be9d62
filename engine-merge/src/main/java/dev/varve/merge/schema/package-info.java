// SPDX-License-Identifier: Apache-2.0
/// Parts written under an earlier definition of their table, seen as the present one has them.
package dev.varve.merge.schema;
