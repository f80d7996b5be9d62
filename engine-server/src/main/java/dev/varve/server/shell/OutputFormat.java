// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

/// How the shell prints rows.
public enum OutputFormat {
  /// A box with a column for each column, as wide as its values.
  table,
  /// One line for each value.
  vertical,
  csv,
  tsv,
  /// One JSON object a line.
  json
}
