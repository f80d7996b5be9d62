// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;

/// LIMIT, OFFSET, FETCH and LIMIT BY of one query, while it is read.
final class Limits {
  SqlNode offset;
  SqlNode fetch;
  boolean ties;
  SqlNode byFetch;
  SqlNode byOffset;
  SqlNodeList by;

  void fetch(SqlNode count, SqlNode skip) {
    fetch = count;
    offset = skip == null ? offset : skip;
  }

  void offset(SqlNode skip) {
    offset = skip;
  }

  void withTies() {
    ties = true;
  }

  void by(SqlNode count, SqlNode skip, SqlNodeList columns) {
    byFetch = count;
    byOffset = skip;
    by = columns;
  }
}
