// SPDX-License-Identifier: Apache-2.0
/// Which parts to merge next: pure functions over sizes, levels and dead rows.
package dev.varve.merge.select;
