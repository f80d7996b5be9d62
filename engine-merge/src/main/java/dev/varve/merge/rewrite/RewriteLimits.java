// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

/// From which sizes on a merge is cut into slices, and blocks are copied.
///
/// @param sliceRows rows of a slice at least, so that the short granules at its ends do not count
/// @param copyRows rows copied at once at least: each copy ends the granule and block before it
///   early
/// @param granuleRows rows of a copied granule at least, on the average; below, they are packed
///   anew
record RewriteLimits(long sliceRows, int copyRows, int granuleRows) {
  /// Half a block and half a granule are worth copying.
  static final RewriteLimits DEFAULT = new RewriteLimits(250_000, 32_768, 4_096);
}
