// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

/// A skip index of a part on disk: what it is, and where its bytes lie.
///
/// @param type as declared, with its arguments
/// @param expression SQL of what is indexed
/// @param granularity how many granules one entry tells of
/// @param file number of the file that holds its bytes
record StoredIndex(
    String name,
    String type,
    String expression,
    int granularity,
    int file,
    long offset,
    long length) {}
