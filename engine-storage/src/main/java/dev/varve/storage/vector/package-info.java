// SPDX-License-Identifier: Apache-2.0
/// Columns in memory: Arrow's layout over off-heap bytes, and the batches that operators work on.
///
/// The one rule of lifetime: bytes belong to a [dev.varve.storage.vector.Scratch]; whoever made the
/// scratch closes or resets it, and every vector cut from it is then gone. A batch taken from a
/// [dev.varve.storage.vector.BatchSource] lives until the next call of `next()`; who wants to keep
/// rows longer copies them into a scratch of its own.
package dev.varve.storage.vector;
