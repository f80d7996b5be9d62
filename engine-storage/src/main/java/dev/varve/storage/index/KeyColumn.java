// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.index;

import dev.varve.storage.type.DataType;

/// One column of an order.
///
/// @param descending whether greater values come first; NULLs are not turned round by it
/// @param nullsFirst whether NULLs come before all values
public record KeyColumn(DataType type, boolean descending, boolean nullsFirst) {
  /// Smallest value first, NULLs last: the order of sorting keys.
  public static KeyColumn ascending(DataType type) {
    return new KeyColumn(type, false, false);
  }
}
