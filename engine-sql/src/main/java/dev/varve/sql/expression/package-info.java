// SPDX-License-Identifier: Apache-2.0
/// Typed expressions over the columns of a batch, and their evaluation a vector at a time.
package dev.varve.sql.expression;
