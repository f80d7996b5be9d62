// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import java.util.Map;

/// A row as it was inserted: its values by column, and where it stands in the history.
record HistoryRow(Map<String, Object> values, long seq, String partition, int position) {
  Object get(String column) {
    return values.get(column);
  }

  long number(String column) {
    return ((Number) values.get(column)).longValue();
  }
}
