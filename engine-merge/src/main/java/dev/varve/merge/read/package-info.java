// SPDX-License-Identifier: Apache-2.0
/// Exact reads: which rows of overlapping parts count, before any merge has run.
package dev.varve.merge.read;
