// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.Statement;
import java.util.Optional;

/// How a query wants its rows written.
///
/// @param format of its FORMAT clause
/// @param hasTotals whether the last row is that of WITH TOTALS
record AnswerForm(Optional<String> format, boolean hasTotals) {
  static AnswerForm of(Statement.Query query) {
    return new AnswerForm(query.format(), query.hasTotals());
  }
}
