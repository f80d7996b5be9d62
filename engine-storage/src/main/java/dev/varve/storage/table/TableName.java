// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

/// A table's full name.
public record TableName(String database, String table) {
  @Override
  public String toString() {
    return database + "." + table;
  }
}
