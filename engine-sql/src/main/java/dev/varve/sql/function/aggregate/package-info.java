// SPDX-License-Identifier: Apache-2.0
/// Aggregate functions: their declarations, and their states for many groups at once.
package dev.varve.sql.function.aggregate;
