// SPDX-License-Identifier: Apache-2.0
/// Physical operators: vectorized, pulled within a worker's thread, parallel over morsels.
package dev.varve.sql.operator;
