// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

/// Where a block of a column lies and what must be found there.
///
/// @param offset its first byte in the file
/// @param length its bytes
/// @param checksum its first four bytes; a block of another place does not have them
/// @param granules how many granules it holds
public record BlockPlace(long offset, int length, int checksum, int granules) {}
